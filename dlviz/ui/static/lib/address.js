// The setup in the address bar, so that the page can be sent on at any time.

/** The address of the current page with `link` (query parameters) in place of the settings it carried. */
export function addressWith(slug, scene, extra = {}) {
  const address = new URL(window.location.href);
  const settings = new Set(Object.keys(scene.numbers.spec ?? {}).map((field) => `${slug}.${field}`));
  for (const name of [...address.searchParams.keys()]) {
    if (settings.has(name) || name in extra) address.searchParams.delete(name);
  }
  for (const [name, text] of Object.entries({ ...scene.numbers.link, ...extra })) address.searchParams.set(name, text);
  return address.href.replaceAll("%2C", ","); // lists stay readable: 8,8
}

/** Write the setup of the scene into the address bar; other parameters stay as they are. */
export function showAddress(slug, scene) {
  const address = addressWith(slug, scene);
  if (address !== window.location.href) window.history.replaceState(window.history.state, "", address);
}

/** Put text on the clipboard; false when the browser does not let us. */
export async function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (problem) {
      if (problem.name !== "NotAllowedError") throw problem; // refused: the older way may still be open
    }
  }
  const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
  field.style.cssText = "position: fixed; opacity: 0";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}
