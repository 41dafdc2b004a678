// To be built.
import { mount } from "../lib/mount.js";
export default mount(() => ({}));
