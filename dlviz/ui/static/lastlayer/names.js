// The names of the classes at the middles of their points, moved apart where they would cover each other.

const HEIGHT = 20;
const TURNS = 24;

/** Draw the names; returns their boxes, [{label, holds(x, y)}], for clicks. */
export function names(pen, { classes, truth, count, places, alone }, colors, { width, height }) {
  pen.font = `600 13px ${colors.font}`;
  const boxes = middles(truth, count, places, classes.length).map(({ label, x, y }) => ({ label, x, y, wide: pen.measureText(classes[label]).width + 14 }));
  apart(boxes, width, height);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const { label, x, y, wide } of boxes) {
    pen.globalAlpha = alone === null || alone === label ? 1 : 0.35;
    pen.beginPath();
    pen.roundRect(x - wide / 2, y - HEIGHT / 2, wide, HEIGHT, HEIGHT / 2);
    pen.fillStyle = colors.paper;
    pen.fill();
    pen.strokeStyle = colors.classes[label];
    pen.lineWidth = alone === label ? 3 : 2;
    pen.stroke();
    pen.fillStyle = colors.ink;
    pen.fillText(classes[label], x, y + 0.5);
  }
  pen.globalAlpha = 1;
  return boxes.map(({ label, x, y, wide }) => ({ label, holds: (px, py) => Math.abs(px - x) <= wide / 2 + 2 && Math.abs(py - y) <= HEIGHT / 2 + 2 }));
}

function middles(truth, count, places, classes) {
  const sums = Array.from({ length: classes }, () => [0, 0, 0]);
  for (let i = 0; i < count; i += 1) {
    const sum = sums[truth[i]];
    sum[0] += places[i][0];
    sum[1] += places[i][1];
    sum[2] += 1;
  }
  return sums.flatMap(([x, y, n], label) => (n ? [{ label, x: x / n, y: y / n }] : []));
}

/** Push boxes that overlap along the shorter way out, a little at a time, so that they move as calmly as the points. */
function apart(boxes, width, height) {
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (let a = 0; a < boxes.length; a += 1) {
      for (let b = a + 1; b < boxes.length; b += 1) {
        const [p, q] = [boxes[a], boxes[b]];
        const dx = q.x - p.x, dy = q.y - p.y;
        const overX = (p.wide + q.wide) / 2 + 3 - Math.abs(dx), overY = HEIGHT + 3 - Math.abs(dy);
        if (overX <= 0 || overY <= 0) continue;
        const [axis, by] = overX < overY ? ["x", (overX / 4) * (Math.sign(dx) || 1)] : ["y", (overY / 4) * (Math.sign(dy) || 1)];
        p[axis] -= by;
        q[axis] += by;
      }
    }
  }
  for (const box of boxes) {
    box.x = Math.min(Math.max(box.x, box.wide / 2 + 2), width - box.wide / 2 - 2);
    box.y = Math.min(Math.max(box.y, HEIGHT / 2 + 2), height - HEIGHT / 2 - 2);
  }
}
