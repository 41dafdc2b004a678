// From Streamlit's calls (the export runs again whenever data or theme change) to one lasting component.

import { colors } from "./color.js";
import { joinSession } from "./live.js";
import { draw } from "./paint.js";

const mounts = new WeakMap(); // shadow root → Mount

class Mount {
  constructor(component) {
    this.host = component.parentElement;
    this.root = this.host.querySelector(".dlviz") ?? this.host.appendChild(Object.assign(document.createElement("div"), { className: "dlviz" }));
    this.leaving = new AbortController();
    this.generation = 0;
    this.ctx = {
      root: this.root,
      host: this.host.host ?? this.host,
      signal: this.leaving.signal,
      visible: true,
      reducedMotion: matchMedia("(prefers-reduced-motion: reduce)").matches,
      redraw: () => this.redraw(),
      trigger: (name, value) => this.component.setTriggerValue(name, value),
      state: (name, value) => this.component.setStateValue(name, value),
    };
    this.take(component);
    this.live = joinSession(this.ctx.data);
    this.live?.enter();
    this.watch();
  }

  take(component) {
    this.component = component;
    this.ctx.data = component.data ?? {};
    this.ctx.colors = colors(this.host);
    this.root.classList.toggle("dark", this.ctx.colors.dark);
  }

  watch() {
    const sight = new IntersectionObserver((entries) => {
      this.ctx.visible = entries.at(-1).isIntersecting;
      if (this.ctx.visible && this.dirty) this.redraw();
    }, { rootMargin: "100px" });
    sight.observe(this.root);
    const size = new ResizeObserver(() => this.redraw());
    size.observe(this.root);
    const motion = matchMedia("(prefers-reduced-motion: reduce)");
    motion.addEventListener("change", () => { this.ctx.reducedMotion = motion.matches; }, { signal: this.ctx.signal });
    this.ctx.signal.addEventListener("abort", () => [sight, size].forEach((observer) => observer.disconnect()));
  }

  redraw() {
    this.dirty = true;
    if (this.awaited || !this.ctx.visible) return;
    this.awaited = true;
    draw(() => {
      this.awaited = false;
      if (this.ctx.signal.aborted) return;
      this.dirty = false;
      this.picture?.draw?.();
    });
  }

  again(component) {
    this.take(component);
    if (this.ctx.data.run) this.live?.follow(this.ctx.data.run);
    this.picture?.update?.(this.ctx.data, this.ctx);
    this.redraw();
  }

  /** True when Python now names another session than the one this mount was built for. */
  belongsElsewhere(data) {
    const key = data?.session ?? (this.live ? null : data?.run);
    return key ? joinSession(data) !== this.live : false;
  }

  close() {
    this.leaving.abort();
    this.live?.leave();
    this.root.replaceChildren();
    mounts.delete(this.host);
  }
}

/**
 * The default export of a component. `setup(root, live, ctx)` runs once a mount; `live` is the page's
 * Session, or null when Python sent no run. It may return {update(data, ctx), draw()}.
 */
export function mount(setup) {
  return (component) => {
    const host = component.parentElement;
    let mounted = mounts.get(host);
    if (mounted?.belongsElsewhere(component.data)) {
      mounted.close();
      mounted = undefined;
    }
    if (mounted) {
      mounted.again(component);
    } else {
      mounted = new Mount(component);
      mounts.set(host, mounted);
      mounted.picture = setup(mounted.root, mounted.live, mounted.ctx) ?? {};
      mounted.redraw();
    }
    mounted.generation += 1;
    const { generation } = mounted;
    return () => {
      // Streamlit may call the cleanup of a superseded call while the newer one is alive.
      if (generation === mounted.generation) mounted.close();
    };
  };
}
