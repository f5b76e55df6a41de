/**
 * `deno task bench:peers`: times the workloads. With `--peers` it times other engines on the same workloads
 * too, in the same run on the same machine.
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { errorLine } from "../config/error_line.ts";
import { initialValues } from "../core/backends/initial_values.ts";
import { isPersistent } from "../core/backends/layout.ts";
import {
  type DeviceChoice,
  openBackend,
  type OpenedBackend,
} from "../core/backends/open_backend.ts";
import type { Program } from "../core/program/program.ts";
import { procedureCost } from "../core/schedule/cost.ts";
import { type Workload, workloads } from "./workloads.ts";

const help = `Usage: deno task bench:peers [options]

Times one training iteration of each workload: median, least and most of the repeats.

  --workload NAME    only this workload (may be given again)
  --device NAME      auto, gpu, cpu or reference (default auto)
  --threads N        threads of the cpu backend (default: one a core)
  --repeats N        timed iterations (default 15)
  --json             one JSON line a workload, nothing else on standard output
  --peers            also run the other engines' script for every engine that is installed
  --script FILE      that script (default ../shared/peers/peers.py)

Example: deno task bench:peers --peers --threads 2`;

/** The times of one engine on one workload; the other engines' script prints the same fields. */
interface Row {
  workload: string;
  engine: string;
  version: string;
  device: string;
  threads: number;
  ms: number;
  min_ms: number;
  max_ms: number;
  repeats: number;
}

const values = readOptions();

function readOptions() {
  try {
    return parseArgs({
      options: {
        workload: { type: "string", multiple: true },
        device: { type: "string", default: "auto" },
        threads: { type: "string", default: String(navigator.hardwareConcurrency) },
        repeats: { type: "string", default: "15" },
        json: { type: "boolean", default: false },
        peers: { type: "boolean", default: false },
        script: { type: "string", default: "../shared/peers/peers.py" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return end(2, `${(error as Error).message} (--help lists the options)`);
  }
}

/** Ends the process with one line. */
function end(code: number, problem: string): never {
  console.error(`error: ${errorLine(problem)}`);
  Deno.exit(code);
}

/** Opens a device. An unknown name is a mistake of usage (exit code 2), a missing device is not (1). */
async function open(device: DeviceChoice, threads: number): Promise<OpenedBackend> {
  try {
    return await openBackend({ device, threads, allowSoftwareAdapter: true });
  } catch (error) {
    return end(error instanceof RangeError ? 2 : 1, (error as Error).message);
  }
}

/** Before it is timed: V8 compiles a function again, and better, only after it has run for a while. */
const WARM_UP_MS = 1500;

/** Times one training iteration of a workload. */
async function time(
  { build, inputs, name }: Workload,
  device: DeviceChoice,
  threads: number,
): Promise<Row> {
  const program = build();
  const { backend } = await open(device, threads);
  const engine = await backend.prepare(program);
  const seeds = Array.from({ length: program.extents.replicas }, (_, replica) => replica + 1);
  for (const slot of program.slots.values()) {
    if (isPersistent(slot)) engine.write(slot.name, initialValues(program, slot.name, seeds));
  }
  inputs(program).forEach((input, slot) => engine.write(slot, input));
  const once = async () => {
    const started = performance.now();
    await engine.run("train", { iterations: 1 });
    if (backend.name === "gpu") await engine.read(["metrics/train"]);
    return performance.now() - started;
  };
  const repeats = Number(values.repeats);
  const warm = performance.now() + WARM_UP_MS;
  for (let run = 0; run < 3 || performance.now() < warm; run++) await once();
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) times.push(await once());
  times.sort((a, b) => a - b);
  engine.close();
  backend.close();
  const round = (ms: number) => Math.round(ms * 1e4) / 1e4;
  return {
    workload: name,
    engine: "hebb",
    version: "0.1.0",
    device: backend.name,
    threads,
    ms: round(times[Math.floor(repeats / 2)]!),
    min_ms: round(times[0]!),
    max_ms: round(times.at(-1)!),
    repeats,
  };
}

/** Interpreters that may have the other engines: that of the user, and that of the system. */
const pythons = ["python3", "/usr/bin/python3"];

/** The other engines for a workload. Large engines are not used for forward mode; plain arrays are. */
const enginesOf = (workload: string): readonly string[] =>
  workload.includes("-rtrl-") ? ["numpy"] : ["torch", "jax"];

/** Times of the other engines on one workload; engines that are not installed are left out. */
async function peersOf(workload: string, threads: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const engine of enginesOf(workload)) {
    const options = ["--engine", engine, "--workload", workload, "--threads", String(threads)];
    let problem = "";
    for (const python of pythons) {
      const { code, stdout, stderr } = await runScript(python, options);
      if (code === 0) {
        const lines = new TextDecoder().decode(stdout).trim().split("\n").filter(Boolean);
        rows.push(...lines.map((line) => JSON.parse(line) as Row));
        problem = "";
        break;
      }
      problem ||= new TextDecoder().decode(stderr).trim().split("\n").at(-1)!;
    }
    if (problem) console.error(`${engine}: not run, ${problem}`);
  }
  return rows;
}

async function runScript(
  python: string,
  options: readonly string[],
): Promise<{ code: number; stdout: BufferSource; stderr: BufferSource }> {
  try {
    const args = [values.script, ...options];
    return await new Deno.Command(python, { args, stderr: "piped" }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const stderr = new TextEncoder().encode(`there is no ${python}`);
    return { code: 127, stdout: new Uint8Array(), stderr };
  }
}

/** The workloads that the options name. Ends the process if an option is wrong. */
function chosenWorkloads(): readonly Workload[] {
  const known = workloads.map(({ name }) => name);
  const wanted = values.workload ?? known;
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    end(2, `unknown workload ${unknown.join(", ")}, expected ${known.join(", ")}`);
  }
  if (!(Number(values.repeats) >= 1 && Number(values.threads) >= 1)) {
    end(2, "expected --repeats and --threads of at least 1");
  }
  return workloads.filter(({ name }) => wanted.includes(name));
}

/** The time of this engine as a line, with the rates that it reaches. */
function lineOfOurs({ workload, device, ms, min_ms, max_ms }: Row, program: Program): string {
  const { operations, bytes } = procedureCost(program, "train");
  const [gflops, gbytes] = [operations / ms / 1e6, bytes / ms / 1e6];
  return `${workload.padEnd(24)} hebb ${device}  ${ms} ms (${min_ms} to ${max_ms})  ` +
    `${gflops.toFixed(1)} GFLOP/s, ${gbytes.toFixed(1)} GB/s`;
}

/** The time of another engine as a line, with the ratio to ours. */
function lineOfPeer({ engine, version, ms, min_ms, max_ms }: Row, ours: Row): string {
  return `${"".padEnd(24)} ${engine} ${version}  ${ms} ms (${min_ms} to ${max_ms})  ` +
    `hebb is ${(ms / ours.ms).toFixed(1)} times as fast`;
}

async function main(): Promise<void> {
  if (values.help) return console.log(help);
  const chosen = chosenWorkloads();
  const threads = Number(values.threads);
  const withPeers = values.peers && existsSync(values.script);
  if (values.peers && !withPeers) {
    console.error(`peers: not run, there is no script ${values.script}`);
  }
  for (const workload of chosen) {
    const ours = await time(workload, values.device as DeviceChoice, threads);
    console.log(values.json ? JSON.stringify(ours) : lineOfOurs(ours, workload.build()));
    for (const row of withPeers ? await peersOf(workload.name, threads) : []) {
      console.log(values.json ? JSON.stringify(row) : lineOfPeer(row, ours));
    }
  }
}

await main();
Deno.exit(0);
