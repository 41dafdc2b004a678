// One number format for every component: short, typographic, the same everywhere.

const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

function typeset(text) {
  const [mantissa, exponent] = text.split("e");
  const [whole, fraction] = mantissa.replace("-", "−").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const plain = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  if (exponent === undefined) return plain;
  return `${plain}×10${[...String(Number(exponent))].map((c) => SUPERSCRIPT[c]).join("")}`;
}

function special(x) {
  if (x === null || x === undefined) return "–";
  if (Number.isNaN(x)) return "not a number";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  return null;
}

function precise(x, digits) {
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return x.toExponential(digits - 1);
  const rounded = Number(size.toPrecision(digits)); // first, so that 9.996 is written 10.0 and not 10.00
  return x.toFixed(rounded === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(rounded))));
}

/** Three significant digits, nothing superfluous: 0.03, 1.25, −12.5, 3.1×10⁻⁴, 12,500. */
export function number(x, digits = 3) {
  const odd = special(x);
  if (odd !== null) return odd;
  const text = Number.isInteger(x) && Math.abs(x) < 1e6 ? String(x) : precise(x, digits);
  const [mantissa, exponent] = text.split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return typeset(short === "-0" ? "0" : exponent === undefined ? short : `${short}e${exponent}`);
}

/** A read-out that changes while one looks: always `decimals` decimals, so that digits do not jump. */
export function steady(x, decimals = 3) {
  const odd = special(x);
  if (odd !== null) return odd;
  const size = Math.abs(x);
  if (size >= 1e6 || (size !== 0 && size < 0.5 * 10 ** -decimals)) return typeset(x.toExponential(1));
  const text = x.toFixed(size >= 1000 ? 0 : decimals);
  return typeset(Number(text) === 0 ? text.replace("-", "") : text);
}

/** A whole number with commas: 12,500. */
export const count = (n) => special(n) ?? typeset(String(Math.round(n)));

/** A share in [0, 1] as a percentage: 97.5 %. */
export const percent = (share, decimals = 1) => special(share) ?? `${(share * 100).toFixed(decimals)} %`;

/** Seconds as a person says them: 0.4 s, 12 s, 3 min 20 s, 1 h 5 min. */
export function duration(seconds) {
  const odd = special(seconds);
  if (odd !== null) return odd;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

/** A rate that reads from afar: 3.2 k instead of 3,200 from ten thousand on. */
export function rate(perSecond) {
  const odd = special(perSecond);
  if (odd !== null) return odd;
  if (perSecond >= 1e4) return `${(perSecond / 1000).toFixed(perSecond >= 1e5 ? 0 : 1)} k`;
  return count(perSecond >= 100 ? Math.round(perSecond / 10) * 10 : perSecond);
}

/** What a person typed as a number: accepts −, comma as a decimal sign, 1e-3; NaN when it is none. */
export function parseNumber(text) {
  const plain = String(text).trim().replace(/−/g, "-");
  const grouped = /^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(plain);
  const point = grouped ? plain.replace(/,/g, "") : plain.replace(",", ".");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(point) ? Number(point) : NaN;
}
