// The stage of the GAN lab.

import { h, setText } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { makeStage } from "./stage.js";

export default mount((root, live, ctx) => {
  const words = h("p.value");
  root.append(words);
  const stage = makeStage(live, ctx);
  ctx.host.dlviz = { ...ctx.host.dlviz, gan: () => stage.frame && { step: stage.frame.step, numbers: stage.frame.numbers } };
  stage.begin();
  return {
    draw() {
      stage.watching?.nudge();
      if (stage.frame) setText(words, `Step ${stage.frame.step}: ${stage.moment ? "networks here" : "waiting"}`);
    },
  };
});
