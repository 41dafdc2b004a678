// What the stub in Python imports: a component with its style sheets, all here before it first shows.

const home = new URL("../", import.meta.url);
const sheets = new Map();

async function sheet(path) {
  const answer = await fetch(new URL(path, home));
  if (!answer.ok) throw new Error(`The style sheet ${path} cannot be loaded: ${answer.status} ${answer.statusText}.`);
  const parsed = new CSSStyleSheet();
  parsed.replaceSync(await answer.text());
  return parsed;
}

function shared(path) {
  if (!sheets.has(path)) sheets.set(path, sheet(path));
  return sheets.get(path);
}

/**
 * The component's export, which puts the shared sheets and its own component.css into its shadow root;
 * more of its own sheets it names in `export const styles = ["playground/controls.css"]`.
 */
export async function load(name) {
  const [module, ...styles] = await Promise.all([
    import(new URL(`${name}/component.js`, home).href),
    shared("lib/base.css"),
    shared("lib/knob.css"),
    shared("lib/curve.css"),
    shared(`${name}/component.css`),
  ]);
  styles.push(...await Promise.all((module.styles ?? []).map(shared)));
  return (component) => {
    component.parentElement.adoptedStyleSheets = styles;
    return module.default(component);
  };
}
