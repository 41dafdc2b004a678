// Where one is among the codes: under the pointer, pinned, at the picture on screen, or on the way back to it.

const WAY = 450; // ms back to the picture
const FOLLOW = 220; // ms after the picture's code when that moves

/**
 * `at(slice, home, time)` → {z, how: "hover" | "pin" | "way" | "home"}: the code to show now, where `home` is the code of the
 * picture. `isStill()`: nothing moves by itself.
 */
export class Walk {
  constructor(isStill) {
    Object.assign(this, { isStill, place: null, pin: null, from: null, last: null, home: null, began: 0, time: WAY });
  }

  /** Over a place of the plane, or off it. */
  hover(place) {
    if (this.place && !place) this.leave(WAY);
    this.place = place;
  }

  /** Hold a code; null lets it go. */
  hold(z) {
    if (this.pin && !z) this.leave(WAY);
    this.pin = z ? Float32Array.from(z) : null;
  }

  /** Another network: nothing of the old codes holds. */
  forget() {
    Object.assign(this, { place: null, pin: null, from: null, last: null, home: null });
  }

  leave(time) {
    [this.from, this.began, this.time] = [this.isStill() ? null : this.last, performance.now(), time];
  }

  at(slice, home, time) {
    if (this.home && this.home !== home && !this.place && !this.pin) this.leave(FOLLOW);
    this.home = home;
    const found = this.find(slice, home, time);
    this.last = found.z;
    return found;
  }

  find(slice, home, time) {
    if (this.pin?.length === home.length) return { z: this.pin, how: "pin" };
    if (this.place) return { z: slice.toCode(this.place), how: "hover" };
    const t = this.from?.length === home.length ? Math.max(0, (time - this.began) / this.time) : 1;
    if (t >= 1) {
      this.from = null;
      return { z: home, how: "home" };
    }
    const share = 1 - (1 - t) ** 3;
    return { z: home.map((value, i) => this.from[i] + (value - this.from[i]) * share), how: "way" };
  }
}
