// Not built yet.

export const buildCurves = () => ({});
