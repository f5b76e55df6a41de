/** What this machine can do at most, with threads that all work at once. */
import { footprints } from "./copies.ts";
import { kernels, multiplyAddModule } from "./multiply_adds.ts";
import type { Rates } from "./rates.ts";

/** Rates of one thread, the mean of those that were measured together. */
export interface Machine {
  readonly threads: number;
  /** GFLOP/s of every kernel of `multiply_adds.ts`. */
  readonly kernels: readonly { readonly name: string; readonly gigaflops: number }[];
  /** GB/s of copies, the smallest footprint first. */
  readonly copies: readonly {
    readonly bytes: number;
    readonly gigabytes: number;
  }[];
}

function ratesOnWorker(module: WebAssembly.Module): Promise<Rates> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Rates>) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(module);
  });
}

/** Measures the machine, in about 3 seconds. */
export async function measureMachine(threads: number): Promise<Machine> {
  const module = await multiplyAddModule();
  const all = await Promise.all(Array.from({ length: threads }, () => ratesOnWorker(module)));
  const mean = (rateOf: (rates: Rates) => number) =>
    all.reduce((sum, rates) => sum + rateOf(rates), 0) / threads;
  return {
    threads,
    kernels: kernels.map(({ name }, index) => ({
      name,
      gigaflops: mean(({ gigaflops }) => gigaflops[index]!),
    })),
    copies: footprints.map((bytes, index) => ({
      bytes,
      gigabytes: mean(({ gigabytes }) => gigabytes[index]!),
    })),
  };
}

/** GFLOP/s of the fastest kernel. */
export const peakOf = ({ kernels }: Machine): number =>
  Math.max(...kernels.map(({ gigaflops }) => gigaflops));
