/**
 * Plotly's own minified text, gzip and base64, to stand inside a page.
 *
 * It is imported on first use: five megabytes are not read by commands that draw nothing.
 */
import { gzipSync } from "node:zlib";

let packed: Promise<string> | undefined;

/** The packed text; the same string at every call. */
export function packedPlotly(): Promise<string> {
  packed ??= pack();
  return packed;
}

async function pack(): Promise<string> {
  const { default: source } = await import("plotly/plotly.min.js", { with: { type: "text" } });
  return gzipSync(source, { level: 9 }).toString("base64");
}
