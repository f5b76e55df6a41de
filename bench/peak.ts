/**
 * Prints what this machine can do at most, by thread: multiply-adds in WebAssembly, in registers and with a matrix
 * that is read from memory, and copies within caches and memory. On one thread, and on all at once.
 *
 *   DENO_V8_FLAGS=$(deno task -q v8) deno run --allow-read bench/peak.ts
 */
import { measureMachine } from "./machine/machine.ts";

const alone = await measureMachine(1);
const together = await measureMachine(navigator.hardwareConcurrency);
const line = (name: string, first: number, second: number, unit: string) =>
  console.log(
    `${name.padEnd(22)} ${first.toFixed(1).padStart(6)} ${unit} alone, ` +
      `${second.toFixed(1).padStart(6)} ${unit} beside ${together.threads - 1} more`,
  );
alone.kernels.forEach(({ name, gigaflops }, index) =>
  line(name, gigaflops, together.kernels[index]!.gigaflops, "GFLOP/s")
);
alone.copies.forEach(({ bytes, gigabytes }, index) =>
  line(`copies in ${bytes / 1024} KiB`, gigabytes, together.copies[index]!.gigabytes, "GB/s")
);
