// The classical operations and their settings, as the probe "classical" takes them.

const SIGMA = { kind: "range", name: "sigma", label: "Sigma", low: 0, high: 10, unit: "pixels", default: 1.5, help: "Standard deviation of the Gaussian. 0: OpenCV chooses it by the size, 0.3 ((size − 1) / 2 − 1) + 0.8." };
const COLOUR = { kind: "flag", name: "colour", label: "In colour", help: "On red, green and blue each; otherwise on the grey picture." };

// A side must be odd, so that there is a middle; the control asks for the radius, of which any will do.
const radius = (most, what, label = "Radius") => ({
  kind: "range", name: "size", label, low: 0, high: (most - 1) / 2, whole: true, unit: "pixels", default: 2, odd: true, help: `${what} A radius of 4 makes 9 × 9.`,
});
// A gradient of bytes may be longer, up to 1,442, but seldom is.
const THRESHOLD_HIGH = 600;

const choice = (name, label, options, labels, help) => ({ kind: "choice", name, label, options, labels, help });
const threshold = (name, label, help) => ({ kind: "range", name, label, low: 0, high: THRESHOLD_HIGH, whole: true, unit: "", default: 100, help });

export const OPERATIONS = [
  { slug: "grey", label: "Grey", fields: [] },
  { slug: "resize", label: "Resize", fields: [
    choice("factor", "To", ["0.125", "0.25", "0.5", "2"], ["1/8", "1/4", "1/2", "2 ×"]),
    choice("method", "Method", ["nearest", "bilinear", "area"], ["Nearest", "Bilinear", "Area"],
      "Nearest takes one pixel, bilinear mixes the four around the place, area averages all that a new pixel covers."), COLOUR] },
  { slug: "gaussian", label: "Gaussian blur", fields: [radius(31, "How far the kernel reaches from its middle."), SIGMA, COLOUR] },
  { slug: "box", label: "Box blur", fields: [radius(31, "How far the window reaches that is averaged."), COLOUR] },
  { slug: "median", label: "Median", fields: [radius(31, "How far the window reaches whose middle value is taken."), COLOUR] },
  { slug: "threshold", label: "Threshold", fields: [
    { kind: "flag", name: "otsu", label: "Otsu", help: "Choose the level that leaves the least variance within the two groups." },
    { kind: "range", name: "level", label: "Level", low: 0, high: 255, whole: true, unit: "", default: 127, help: "What is brighter becomes white, all else black." }] },
  { slug: "sobel", label: "Sobel", fields: [
    choice("direction", "Direction", ["across", "down", "magnitude"], ["Across", "Down", "Magnitude"]),
    choice("size", "Size", ["3", "5", "7"], ["3 × 3", "5 × 5", "7 × 7"])] },
  { slug: "laplacian", label: "Laplacian", fields: [
    choice("size", "Size", ["1", "3", "5", "7"], ["four neighbours", "3 × 3", "5 × 5", "7 × 7"], "The kernel that OpenCV calls size 1 has 3 × 3 cells and looks at four neighbours.")] },
  { slug: "canny", label: "Canny", fields: [
    radius(15, "How far the Gaussian reaches that calms the picture first; 0 is none.", "Blur radius"), SIGMA,
    threshold("low", "Lower threshold", "A weaker gradient is no edge. Between the two it is one only where it hangs on a strong one."),
    threshold("high", "Upper threshold", "A stronger gradient is an edge.")] },
];

/** Settings of every operation, as they are at first. */
export const FIRST = {
  operation: "canny",
  grey: {},
  resize: { factor: 0.25, method: "area", colour: true },
  gaussian: { size: 9, sigma: 2, colour: true },
  box: { size: 9, colour: true },
  median: { size: 9, colour: true },
  threshold: { otsu: false, level: 110 },
  sobel: { direction: "across", size: 3 },
  laplacian: { size: 1 },
  canny: { size: 5, sigma: 0, low: 50, high: 100 },
};

const NUMBERS = ["factor", "size"];

/** What a control shows for a setting, and what a setting is for what a control says. */
export const toControl = (field, value) => (field.odd ? (value - 1) / 2 : field.kind === "choice" ? String(value) : value);
export const fromControl = (field, value) => (field.odd ? 2 * value + 1 : NUMBERS.includes(field.name) ? Number(value) : value);
