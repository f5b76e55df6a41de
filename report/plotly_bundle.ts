/**
 * The minified text of Plotly as gzip and base64, to be embedded in a page.
 *
 * It is imported on first use, so that commands that draw nothing do not read its five megabytes.
 */
import { gzipSync } from "node:zlib";

let packed: Promise<string> | undefined;

/** The packed text; the same string at every call. */
export function packedPlotly(): Promise<string> {
  packed ??= pack();
  return packed;
}

async function pack(): Promise<string> {
  const { plotlyText: source } = await import("../deps/plotly.ts");
  return gzipSync(source).toString("base64");
}
