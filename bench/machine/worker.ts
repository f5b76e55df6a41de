/// <reference lib="deno.worker" />
/** A thread that measures what it can do. */
import { measureRates } from "./rates.ts";

self.onmessage = ({ data }: MessageEvent<WebAssembly.Module>) =>
  self.postMessage(measureRates(data));
