/// <reference lib="deno.worker" />
/**
 * Measures the peak rate of multiply-adds in WebAssembly on this machine, on one thread and on two at once:
 * in registers, and with a matrix that is read from memory, as a matrix-vector product does. Floors in
 * docs/performance.md are operations divided by these rates.
 *
 *   deno run --allow-read bench/peak.ts
 */
import { assemble } from "../core/backends/cpu/assemble.ts";

const REPEATS = 50;
const FLOATS = 1 << 22;

interface Kernel {
  readonly name: string;
  /** Number of sums, which do not wait for each other. */
  readonly sums: number;
  /** Bytes of the matrix that is read again and again; 0: none. */
  readonly matrix: number;
}

const kernels: readonly Kernel[] = [
  { name: "registers", sums: 12, matrix: 0 },
  { name: "matrix of 16 KiB", sums: 8, matrix: 1 << 14 },
  { name: "matrix of 256 KiB", sums: 8, matrix: 1 << 18 },
  { name: "matrix of 4 MiB", sums: 8, matrix: 1 << 22 },
];

/** The function of a kernel: it does 4 FLOATS multiply-adds. */
function textOf({ sums, matrix }: Kernel, index: number): string {
  const parts = Array.from({ length: sums }, (_, part) => part);
  const bytes = 16 * sums;
  const load = (part: number) =>
    matrix === 0 ? "(local.get $x)" : `(v128.load offset=${16 * part} (local.get $at))`;
  const steps = parts.map((part) =>
    `(local.set $s${part} (f32x4.relaxed_madd ${load(part)} (local.get $x) (local.get $s${part})))`
  );
  return `(func (export "k${index}") (result f32) (local $at i32) (local $left i32) (local $x v128)
    ${parts.map((part) => `(local $s${part} v128)`).join(" ")}
    (local.set $left (i32.const ${Math.floor(FLOATS / sums)}))
    (loop $visits ${steps.join("\n")}
      (local.set $at (i32.and (i32.add (local.get $at) (i32.const ${bytes})) (i32.const ${
    Math.max(matrix, 1) - 1
  })))
      (br_if $visits (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (f32x4.extract_lane 0 ${
    parts.map((part) => `(local.get $s${part})`).reduce((a, b) => `(f32x4.add ${a} ${b})`)
  }))`;
}

/** GFLOP/s of every kernel; the best of the repeats. */
function measure(module: WebAssembly.Module): number[] {
  const { exports } = new WebAssembly.Instance(module);
  return kernels.map((_, index) => {
    let best = Infinity;
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const started = performance.now();
      (exports[`k${index}`] as () => number)();
      best = Math.min(best, performance.now() - started);
    }
    return 8 * FLOATS / best / 1e6;
  });
}

/** The same, on another thread. */
function measureOnWorker(module: WebAssembly.Module): Promise<number[]> {
  const worker = new Worker(import.meta.url, { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<number[]>) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(module);
  });
}

async function main(): Promise<void> {
  const functions = kernels.map(textOf).join("\n");
  const pages = Math.max(...kernels.map(({ matrix }) => matrix)) / 65536 + 1;
  const module = await assemble(`(module (memory ${pages}) ${functions})`);
  const alone = measure(module);
  const other = measureOnWorker(module);
  const beside = [measure(module), await other];
  kernels.forEach(({ name }, index) =>
    console.log(
      `${name.padEnd(20)} ${alone[index]!.toFixed(1)} GFLOP/s alone, ` +
        `${beside.map((rates) => rates[index]!.toFixed(1)).join(" and ")} on two threads`,
    )
  );
  Deno.exit(0);
}

// In a worker `import.meta.main` is true too.
if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
  self.onmessage = ({ data }: MessageEvent<WebAssembly.Module>) => self.postMessage(measure(data));
} else if (import.meta.main) await main();
