// Keep the bar in sight. Streamlit wraps a component in boxes of its own height, in which "sticky" has no
// room to stick; so the outermost box that is only the bar's gets it.

/** Make the outermost box around `host` that holds nothing else stick to the top of the scrolling page. */
export function pin(host, signal) {
  let box = host;
  while (box.parentElement && box.parentElement.children.length === 1 && box.parentElement !== document.body) box = box.parentElement;
  const header = document.querySelector('[data-testid="stHeader"]');
  const place = () => {
    const top = header ? header.getBoundingClientRect().height : 0;
    Object.assign(box.style, { position: "sticky", top: `${top}px`, zIndex: "90" });
  };
  place();
  window.addEventListener("resize", place, { signal });
}
