/**
 * `deno task bench:peers`: times the workloads, and with `--peers` what a user would pick instead, in
 * the same run on the same machine.
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

/** A device that is unknown is for the user to change, one that is not there is not. */
async function open(device: DeviceChoice, threads: number): Promise<OpenedBackend> {
  try {
    return await openBackend({ device, threads, allowSoftwareAdapter: true });
  } catch (error) {
    return end(error instanceof RangeError ? 2 : 1, (error as Error).message);
  }
}

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
  inputs(program).forEach((each, slot) => engine.write(slot, each));
  const once = async () => {
    const started = performance.now();
    await engine.run("train", { iterations: 1 });
    if (backend.name === "gpu") await engine.read(["metrics/train"]);
    return performance.now() - started;
  };
  const repeats = Number(values.repeats);
  for (let warm = 0; warm < 3; warm++) await once();
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

/** Interpreters that may have the other engines: the user's own, and the system's. */
const pythons = ["python3", "/usr/bin/python3"];

/** Forward mode is nothing that the large engines are picked for: there, plain arrays. */
const enginesOf = (workload: string): readonly string[] =>
  workload.includes("-rtrl-") ? ["numpy"] : ["torch", "jax"];

/** The other engines' times of one workload; engines that are not installed are left out. */
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

async function main(): Promise<void> {
  if (values.help) return console.log(help);
  const chosen = workloads.filter(({ name }) => !values.workload || values.workload.includes(name));
  const unknown =
    values.workload?.filter((name) => !workloads.some((each) => each.name === name)) ?? [];
  if (unknown.length > 0 || !(Number(values.repeats) >= 1 && Number(values.threads) >= 1)) {
    const names = workloads.map(({ name }) => name).join(", ");
    end(
      2,
      unknown.length > 0
        ? `unknown workload ${unknown.join(", ")}, expected ${names}`
        : "expected --repeats and --threads of at least 1",
    );
  }
  const withPeers = values.peers && existsSync(values.script);
  if (values.peers && !withPeers) {
    console.error(`peers: not run, there is no script ${values.script}`);
  }
  for (const workload of chosen) {
    const ours = await time(workload, values.device as DeviceChoice, Number(values.threads));
    const { operations, bytes } = procedureCost(workload.build(), "train");
    if (values.json) console.log(JSON.stringify(ours));
    else {
      const [gflops, gbytes] = [operations / ours.ms / 1e6, bytes / ours.ms / 1e6];
      console.log(
        `${
          ours.workload.padEnd(24)
        } hebb ${ours.device}  ${ours.ms} ms (${ours.min_ms} to ${ours.max_ms})  ` +
          `${gflops.toFixed(1)} GFLOP/s, ${gbytes.toFixed(1)} GB/s`,
      );
    }
    for (const row of withPeers ? await peersOf(workload.name, Number(values.threads)) : []) {
      if (values.json) console.log(JSON.stringify(row));
      else {
        console.log(
          `${
            "".padEnd(24)
          } ${row.engine} ${row.version}  ${row.ms} ms (${row.min_ms} to ${row.max_ms})  ` +
            `hebb is ${(row.ms / ours.ms).toFixed(1)} times as fast`,
        );
      }
    }
  }
}

await main();
Deno.exit(0);
