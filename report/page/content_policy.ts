/** What a report may do in a browser: run its script, and Plotly, which the script unpacks. */

/** Content policy of a page whose only inline script is `script`; nothing may be fetched. */
export async function contentPolicy(script: string): Promise<string> {
  const bytes = new TextEncoder().encode(script);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [
    "default-src 'none'",
    `script-src 'sha256-${digest.toBase64()}' blob:`,
    // Plotly sets styles from script and draws its image export through data and blob addresses.
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
