/** Text of a run's files without the marks that Plotly would read as formatting or as a link. */
export const plain = (text: string): string => text.replace(/[<>&{}%$]/g, "?").slice(0, 200);
