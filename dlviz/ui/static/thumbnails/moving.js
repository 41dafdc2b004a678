// A small picture that moves while one looks at it, and only then: it rests out of sight, in a hidden tab and when it is
// done, and shows its end at once where motion is unwanted.

const LONGEST = 100; // ms that a late frame may count for

export class Moving {
  /**
   * `paint(this)` draws a moment on `canvas`. A kind of picture says what it is `done` with, what `advance(ms)` does in so
   * much time, and how it comes to its end at once: `finish()`.
   */
  constructor(canvas, ctx, paint) {
    Object.assign(this, { canvas, ctx, paint });
    this.frame = 0;
    this.seen = false;
    const sight = new IntersectionObserver((entries) => {
      this.seen = entries.at(-1).isIntersecting;
      this.go();
    });
    sight.observe(canvas);
    const size = new ResizeObserver(() => this.repaint());
    size.observe(canvas);
    document.addEventListener("visibilitychange", () => this.go(), { signal: ctx.signal });
    ctx.signal.addEventListener("abort", () => {
      cancelAnimationFrame(this.frame);
      sight.disconnect();
      size.disconnect();
    });
  }

  repaint() {
    this.paint(this);
  }

  go() {
    if (this.frame || !this.seen || this.done || this.ctx.signal.aborted) return;
    if (this.ctx.reducedMotion) {
      this.finish();
      this.repaint();
      return;
    }
    let before = null;
    const next = (time) => {
      this.frame = 0;
      if (!this.seen || document.hidden || this.ctx.signal.aborted) return;
      this.advance(Math.min(time - (before ?? time), LONGEST));
      before = time;
      this.repaint();
      if (!this.done) this.frame = requestAnimationFrame(next);
    };
    this.frame = requestAnimationFrame(next);
  }
}
