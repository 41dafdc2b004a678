// Leaving a class out of training, by its name in this set of pictures.

import { h } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { problemLine, settingsOf } from "../lib/settings.js";

/** An element with the control; it is made again where the classes are others. */
export function leavingControl(stage) {
  const settings = settingsOf(stage);
  const field = settings.fields.leave_out;
  const element = h("div.leaving");
  if (!field) return element;
  const problem = problemLine(settings, "leave_out");
  let [control, named, shown] = [null, "", null];

  function build(classes) {
    named = classes.join();
    const options = ["none", ...classes.map((_, k) => String(k))];
    control = knob({ ...field, options, labels: ["none", ...classes] }, {
      value: settings.value("leave_out"),
      onchange: (value) => {
        shown = value;
        settings.change({ leave_out: value });
      },
    });
    element.replaceChildren(control.element, problem);
    shown = settings.value("leave_out");
  }

  settings.on(() => {
    const classes = stage.live.scene?.numbers.classes ?? [];
    if (!classes.length) return;
    if (classes.join() !== named) build(classes);
    if (classes.length === 1) control.disable("There is one class; none can be left out.");
    else control.enable();
    const value = settings.value("leave_out");
    if (value !== shown) control.set(value);
    shown = value;
    element.classList.toggle("hidden", settings.isHidden("leave_out"));
  });
  return element;
}
