// Moving a picture by hand: with the pointer, cell by cell, and with the arrow keys.

const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** `at()` gives the move [down, right] so far, `move([down, right])` makes another. */
export function letDrag(grid, { at, move }) {
  const { canvas } = grid;
  let from = null;
  canvas.classList.add("movable");
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    from = { x: event.clientX, y: event.clientY, move: at() };
    canvas.classList.add("held");
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!from) return;
    const cells = (distance) => Math.round(distance / grid.cell);
    move([from.move[0] + cells(event.clientY - from.y), from.move[1] + cells(event.clientX - from.x)]);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    canvas.addEventListener(end, () => {
      from = null;
      canvas.classList.remove("held");
    });
  }
  grid.onkey = (event) => {
    if (event.key === "0" || event.key === "Home") {
      move([0, 0]);
      return true;
    }
    const way = WAYS[event.key];
    if (!way) return false;
    const [down, right] = at();
    move([down + way[0], right + way[1]]);
    return true;
  };
}
