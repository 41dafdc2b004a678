// Not built yet.

export const buildHourglass = () => ({});
