import { h } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
export default mount((root) => { root.append(h("p", "soon")); return { draw() {}, update() {} }; });
