/** What a page may do in a browser: run its own scripts, and draw. */

/** What every page of Hebb has in common. */
const drawing = [
  "default-src 'none'",
  // Plotly sets styles from script and draws its image export through data and blob addresses.
  "style-src 'self' 'unsafe-inline'",
  "img-src data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
];

/** Content policy of a file whose only inline script is `script`, which unpacks Plotly; nothing may be fetched. */
export async function contentPolicy(script: string): Promise<string> {
  const bytes = new TextEncoder().encode(script);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...drawing, `script-src 'sha256-${digest.toBase64()}' blob:`].join("; ");
}

/** Content policy of a page of a server: scripts, styles and numbers come from this server alone. */
export const servedPolicy: string = [
  ...drawing,
  "script-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * Content policy of a report that a server shows: it may be somebody else's, so it counts as a page of
 * nowhere, which can read nothing of the server.
 */
export const foreignPolicy: string = [
  ...drawing,
  "script-src 'unsafe-inline' blob:",
  "frame-ancestors 'none'",
  "sandbox allow-scripts allow-downloads",
].join("; ");
