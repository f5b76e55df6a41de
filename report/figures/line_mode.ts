type Points = readonly (number | null)[];

/** The mode of a line of Plotly. A line joins two points, so one with a point without neighbours has markers. */
export const lineMode = (y: Points): "lines" | "lines+markers" =>
  y.some(isLone) ? "lines+markers" : "lines";

const isLone = (value: number | null, index: number, y: Points): boolean =>
  value !== null && (y[index - 1] ?? null) === null && (y[index + 1] ?? null) === null;
