/**
 * `deno task gpu:check`: what a machine with a GPU is asked, in one command of under 8 minutes that needs no
 * network. Prints Markdown for docs/gpu.md.
 */
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { published, workloads } from "../../bench/workloads.ts";
import { doctor } from "../../cli/commands/doctor.ts";
import { chooseGraphics } from "../../cli/graphics.ts";
import { withErrorLine } from "../../cli/error_boundary.ts";
import { UsageError } from "../../config/usage_error.ts";
import { openGpu } from "../../core/backends/webgpu/gpu.ts";
import { webgpuBackend } from "../../core/backends/webgpu/webgpu.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { checkGoldens } from "./check_goldens.ts";
import { checkPeers } from "./check_peers.ts";
import { checkReplicas, checkWorkloads } from "./check_workloads.ts";
import { memoryBandwidth } from "./bandwidth.ts";

const help = `Usage: deno task gpu:check [options] [golden cases...]

Prints, as Markdown: what doctor finds, golden cases fused and split, the workloads beside the model of memory
traffic and the floor, replicas side by side, and PyTorch and JAX where the Python has them.

  --allow-software-adapter  also checks an adapter that computes on the CPU
  --quick                   one golden case, two workloads, four replicas; no other engines
  --seconds N               measures nothing new after this time (default 420)
  --python PATH             the Python that has PyTorch and JAX (default python3)

Example: deno task gpu:check > gpu.md`;

const GOLDENS = fileURLToPath(new URL("../../tests/goldens", import.meta.url));

/** The largest come last: a slow machine measures the others. */
const all = [...workloads, published].toSorted((a, b) =>
  Number(a.name.includes("h1024")) - Number(b.name.includes("h1024"))
);

/** What is measured, and how large. */
const efforts = {
  full: {
    workloads: all,
    goldens: Infinity,
    replicas: 4096,
    seriesMs: 250,
    bytes: 2 ** 28,
    copies: 16,
  },
  quick: {
    workloads: workloads.filter(({ name }) =>
      ["ethereal-dfa-h128-b16", "bohp-bptt-n29-t66"].includes(name)
    ),
    goldens: 1,
    replicas: 4,
    seriesMs: 20,
    bytes: 2 ** 24,
    copies: 4,
  },
};

const options = {
  "allow-software-adapter": { type: "boolean", default: false },
  quick: { type: "boolean", default: false },
  seconds: { type: "string", default: "420" },
  python: { type: "string", default: "python3" },
  help: { type: "boolean", default: false },
} as const;

/** @throws UsageError if an option is unknown or out of its range. */
function readOptions(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    if (!(Number(values.seconds) > 0)) throw new RangeError("expected --seconds above 0");
    return { ...values, files: positionals };
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

const goldenFiles = (): string[] =>
  [...Deno.readDirSync(GOLDENS)].map(({ name }) => name)
    .filter((name) => name.endsWith(".safetensors")).sort().map((name) => `${GOLDENS}/${name}`);

const say = (...lines: string[]) => console.log(lines.join("\n\n") + "\n");

/** Bytes a millisecond of the adapter, and what it is. @throws NoAdapterError as `openGpu`. */
async function examineGpu(allowSoftware: boolean, size: { bytes: number; copies: number }) {
  const gpu = await openGpu({ allowSoftware });
  try {
    const bytes = Math.min(size.bytes, gpu.limits.maxBufferSize);
    const bandwidth = await memoryBandwidth(gpu, { ...size, bytes });
    return { bandwidth, isHardware: !gpu.isSoftware, description: gpu.description };
  } finally {
    gpu.close();
  }
}

/** @returns the exit code: 1 if something came out wrong. */
async function check(options: ReturnType<typeof readOptions>): Promise<number> {
  const started = performance.now();
  /** The time that is left for a part, which ends when this share of all time has passed. */
  const until = (share: number) => () =>
    1e3 * share * Number(options.seconds) - (performance.now() - started);
  const size = efforts[options.quick ? "quick" : "full"];
  const { seriesMs } = size;
  const { bandwidth, isHardware, description } = await examineGpu(
    options["allow-software-adapter"],
    size,
  );
  say(`# ${description}`, "```");
  await doctor([], { name: "doctor", summary: "" });
  say("```", `Copies move ${(bandwidth / 1e6).toFixed(1)} GB/s.`);

  const files = [...options.files, ...goldenFiles()].slice(0, size.goldens);
  const goldens = await checkGoldens(files, { leftMs: until(0.3) });
  say("## Golden cases: largest relative RMS error", goldens.table);

  using backend = await webgpuBackend({ allowSoftware: true });
  const timed = await checkWorkloads(size.workloads, {
    backend,
    bandwidth,
    effort: { seriesMs, leftMs: until(0.65) },
  });
  say(
    "## Workloads: one training iteration",
    "The model counts sectors of 32 bytes, the floor bytes that have to move; both at the rate of copies.",
    timed.table,
  );
  const replicas = await checkReplicas(size.replicas, {
    backend,
    effort: { seriesMs, leftMs: until(0.8) },
  });
  say("## Replicas of attractor-n64-t1000", replicas.table);
  if (!options.quick) {
    const device = isHardware ? "cuda" : "cpu";
    const { python } = options;
    const peers = await checkPeers(timed.times, { python, device, leftMs: until(1) });
    say("## Other engines", peers);
  }
  const passed = goldens.passed && timed.passed && replicas.passed;
  return passed ? exitCodes.ok : exitCodes.failure;
}

if (import.meta.main) {
  chooseGraphics();
  Deno.exit(
    await withErrorLine(async () => {
      const options = readOptions(Deno.args);
      if (!options.help) return await check(options);
      console.log(help);
      return exitCodes.ok;
    }),
  );
}
