/// <reference lib="deno.worker" />
/** A thread that measures what it can do. */
import { copyRates } from "./copies.ts";
import type { Rates } from "./machine.ts";
import { multiplyAddRates } from "./multiply_adds.ts";

self.onmessage = ({ data }: MessageEvent<WebAssembly.Module>) => {
  const rates: Rates = { gigaflops: multiplyAddRates(data), gigabytes: copyRates() };
  self.postMessage(rates);
};
