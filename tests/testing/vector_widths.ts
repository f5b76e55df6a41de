/// <reference lib="deno.worker" />
/** A program that prints the width of vectors on its own thread and on another: `256 256`. */
import { measureVectorWidth } from "../../core/backends/cpu/vector_width.ts";

/** The widest of some measurements: on a busy machine one may be too low. */
async function vectorWidth(): Promise<number> {
  for (let times = 0; times < 5; times++) if (await measureVectorWidth() === 256) return 256;
  return 128;
}

if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
  self.postMessage(await vectorWidth());
} else {
  const worker = new Worker(import.meta.url, { type: "module" });
  const other = await new Promise((resolve) => worker.onmessage = ({ data }) => resolve(data));
  console.log(await vectorWidth(), other);
  worker.terminate();
}
