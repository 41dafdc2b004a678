// Shortcuts of the page. A key that the focused control uses itself is left to it.

const TAKES_SPACE = "button, a, summary, input, select, textarea, [role=button], [role=switch], [role=tab], [role=radio], [role=option]";
const TAKES_ARROWS = "input, select, textarea, [role=slider], [role=radio], [role=tab], [role=option], [role=application], [role=menuitem], canvas";
const TAKES_LETTERS = "input:not([type=range]), textarea, select";

function isTaken(event) {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return false;
  if (target.closest("[contenteditable]:not([contenteditable=false])")) return true;
  if (event.key === " ") return Boolean(target.closest(TAKES_SPACE));
  return Boolean(target.closest(event.key.startsWith("Arrow") ? TAKES_ARROWS : TAKES_LETTERS));
}

/**
 * Call `actions[key](event)` for keys pressed on the page ("space" for the space bar, letters in lower case).
 * Heard before Streamlit, whose own R and C shortcuts would otherwise run the page again.
 */
export function shortcuts(actions, signal) {
  const hear = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
    const key = event.key === " " ? "space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!actions[key] || (event.repeat && key === "space")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    actions[key](event);
  };
  window.addEventListener("keydown", hear, { capture: true, signal });
}
