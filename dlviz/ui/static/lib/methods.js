// The eight methods: how they are called, what each does in a sentence, in which unit it answers.

export const METHODS = [
  { slug: "saliency", name: "Saliency", unit: "logit per brightness", fast: true,
    text: "The gradient of f at every cell: how much f would change if the cell were a little brighter." },
  { slug: "input_x_gradient", name: "Input × Gradient", unit: "logit", fast: true,
    text: "The gradient times the cell's brightness: exact for a linear network, and 0 where the picture is black." },
  { slug: "integrated_gradients", name: "Integrated Gradients", unit: "logit", path: true, adds: true,
    text: "The gradient averaged on the straight way from the baseline to the picture, times the way: adds up to f(x) − f(baseline)." },
  { slug: "smooth_grad", name: "SmoothGrad", unit: "logit per brightness",
    text: "The gradient averaged over 16 copies of the picture with noise of standard deviation 0.15." },
  { slug: "guided_backprop", name: "Guided Backprop", unit: "logit per brightness", fast: true,
    text: "The gradient, but every ReLU lets only what is positive pass on the way back." },
  { slug: "grad_cam", name: "Grad-CAM", unit: "logit per cell of the map", fast: true,
    text: "The maps of the last convolution, each weighted by its mean gradient, added and enlarged. Both signs are kept." },
  { slug: "deep_lift", name: "DeepLift", unit: "logit", path: true, adds: true,
    text: "Differences from the baseline instead of gradients, handed back layer by layer: adds up to f(x) − f(baseline)." },
  { slug: "occlusion", name: "Occlusion", unit: "logit", path: true,
    text: "How far f falls when a small square is covered with the baseline; each cell takes the mean of the squares over it." },
];

export const BASELINES = ["black", "mean", "blurred", "noise"];
export const BASELINE_LABELS = ["Black", "Mean colour", "Blurred", "Noise"];

export const nameOf = (slug) => METHODS.find((method) => method.slug === slug).name;
