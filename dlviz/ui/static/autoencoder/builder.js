// Not built yet.

export const buildBuilder = () => ({});
