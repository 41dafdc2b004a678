// Where no socket opens: Python reads the run twice a second and hands the messages to the page's Session.

import { fromBase64 } from "../lib/message.js";
import { mount } from "../lib/mount.js";

const TOGETHER = 40; // ms in which commands become one message

export default mount((root, live, ctx) => {
  let orders = [];
  let fed = new Set();
  let asked = false;
  root.hidden = true;

  // Streamlit may deliver a trigger twice; by its token Python knows an order that it has carried out.
  live.relayBy((run, command) => {
    if (orders.length === 0) {
      setTimeout(() => {
        ctx.trigger("command", orders);
        orders = [];
      }, TOGETHER);
    }
    orders.push({ token: crypto.randomUUID(), ...command, run });
  });

  live.on("status", (status) => {
    if (status !== "relay" || asked) return;
    asked = true;
    ctx.trigger("needed", true);
  }, ctx.signal);

  return {
    update({ messages = [] }) {
      if (live.status === "relay") live.feed(messages.filter((text) => !fed.has(text)).map(fromBase64));
      fed = new Set(messages);
    },
  };
});
