// Not built yet.

export const buildShown = () => ({});
