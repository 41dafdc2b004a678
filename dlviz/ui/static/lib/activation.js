// Activation functions with their derivatives, as torch defines them (at a kink: torch's choice too).

const SQRT_HALF = Math.SQRT1_2;
const INV_SQRT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

// Coefficients of W. J. Cody, "Rational Chebyshev approximations for the error function", 1969.
const NEAR_P = [1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2,
  3.20937758913846947e3];
const NEAR_Q = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];
const FAR_P = [2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1,
  2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3,
  1.23033935479799725e3];
const FAR_Q = [1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
  3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3];

function polynomial(coefficients, x) {
  let sum = 0;
  for (let k = 0; k < coefficients.length; k++) sum = sum * x + coefficients[k];
  return sum;
}

// The error function, to about 1e-15. Cody's far form is meant for |x| ≤ 4; beyond, what it
// computes is below 2e-8 and its relative error no longer shows.
export function erf(x) {
  const size = Math.abs(x);
  if (size <= 0.46875) return x * polynomial(NEAR_P, x * x) / polynomial(NEAR_Q, x * x);
  if (size > 6) return Math.sign(x);
  const rest = Math.exp(-size * size) * polynomial(FAR_P, size) / polynomial(FAR_Q, size);
  return Math.sign(x) * (1 - rest);
}

const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const normalShare = (z) => 0.5 * (1 + erf(z * SQRT_HALF)); // Φ(z)

// `symbol` and `primed` are how equations write f and f′. `bound`: |f| never exceeds it, and maps
// are scaled by it; null: a map is scaled by its own largest |a|.
export const ACTIVATIONS = {
  relu: {
    label: "ReLU", symbol: "ReLU", primed: "ReLU′", bound: null,
    value: (z) => (z > 0 ? z : 0),
    slope: (z) => (z > 0 ? 1 : 0),
  },
  leaky_relu: {
    label: "Leaky ReLU", symbol: "LReLU", primed: "LReLU′", bound: null,
    value: (z) => (z > 0 ? z : 0.01 * z),
    slope: (z) => (z > 0 ? 1 : 0.01),
  },
  gelu: {
    label: "GELU", symbol: "GELU", primed: "GELU′", bound: null,
    value: (z) => z * normalShare(z),
    slope: (z) => normalShare(z) + z * INV_SQRT_TWO_PI * Math.exp(-0.5 * z * z),
  },
  tanh: {
    label: "Tanh", symbol: "tanh", primed: "tanh′", bound: 1,
    value: Math.tanh,
    slope: (z) => 1 - Math.tanh(z) ** 2,
  },
  sigmoid: {
    label: "Sigmoid", symbol: "σ", primed: "σ′", bound: 1,
    value: sigmoid,
    slope: (z) => sigmoid(z) * (1 - sigmoid(z)),
  },
  sine: {
    label: "Sine", symbol: "sin", primed: "cos", bound: 1,
    value: Math.sin,
    slope: Math.cos,
  },
  linear: {
    label: "Linear", symbol: "", primed: "1", bound: null,
    value: (z) => z,
    slope: () => 1,
  },
};
