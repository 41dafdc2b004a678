// Not built yet.

export const buildPlane = () => ({});
