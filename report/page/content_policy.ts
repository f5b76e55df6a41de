/** What a page may do in a browser: run its own scripts, and draw. */

/** A policy that allows what is named, and images that a page makes itself: Plotly exports through such addresses. */
const policy = (...allowed: readonly string[]): string =>
  [
    "default-src 'none'",
    ...allowed,
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

/** Plotly sets styles from script. */
const styles = "style-src 'unsafe-inline'";

/** Content policy of a file whose only inline script is `script`, which unpacks Plotly; nothing may be fetched. */
export async function contentPolicy(script: string): Promise<string> {
  const bytes = new TextEncoder().encode(script);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return policy(`script-src 'sha256-${digest.toBase64()}' blob:`, styles);
}

/** Content policy of a page of a server: scripts, styles and numbers come from this server alone. */
export const servedPolicy: string = policy(
  "script-src 'self'",
  `${styles} 'self'`,
  "connect-src 'self'",
  "frame-ancestors 'none'",
);

/**
 * Content policy of a report that a server shows: it may be somebody else's, so it counts as a page of
 * nowhere, which can read nothing of the server.
 */
export const foreignPolicy: string = policy(
  "script-src 'unsafe-inline' blob:",
  styles,
  "frame-ancestors 'none'",
  "sandbox allow-scripts allow-downloads",
);
