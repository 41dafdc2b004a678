// The step of the sequence that one looks at, shared by all pictures of the page: pointed at, or pinned by a click.

/** The page's step: {at, pinned, hover(at), pick(at), on(fn)}. */
export function stepsOf({ live, ctx }) {
  const { shared } = live;
  const put = (at, pinned) => {
    shared.set("recurrent.pinned", pinned);
    shared.set("recurrent.step", at);
  };
  return {
    get at() {
      return shared.get("recurrent.step") ?? null;
    },
    get pinned() {
      return Boolean(shared.get("recurrent.pinned"));
    },
    /** Look at a step while it is pointed at; a pinned one stays. */
    hover(at) {
      if (!this.pinned && at !== this.at) shared.set("recurrent.step", at);
    },
    /** Pin a step; the pinned one again, or null, lets go. */
    pick(at) {
      if (at === null || (this.pinned && this.at === at)) put(at, false);
      else put(at, true);
    },
    /** Call `fn(at, pinned)` whenever either has changed. */
    on(fn) {
      live.on("shared", ({ key }) => {
        if (key === "recurrent.step" || key === "recurrent.pinned") fn(this.at, this.pinned);
      }, ctx.signal);
    },
  };
}
