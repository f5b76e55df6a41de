/**
 * `deno task bench:peers`: times the workloads. With `--peers` it times other engines on the same workloads too, in
 * the same run on the same machine; with `--floor` it says what the machine could do at best.
 */
import { errorLine } from "../config/error_line.ts";
import type { DeviceChoice } from "../core/backends/device_choices.ts";
import { openBackend, type OpenedBackend } from "../core/backends/open_backend.ts";
import { procedureCost } from "../core/schedule/cost.ts";
import type { Program } from "../core/program/program.ts";
import { hoistInvariants } from "../core/schedule/hoist_invariants.ts";
import { shareSequences } from "../core/schedule/share_sequences.ts";
import { type Machine, measureMachine, peakOf } from "./machine/machine.ts";
import type { Result } from "./race/compare.ts";
import { floorOf } from "./race/floor.ts";
import { end, help, readOptions } from "./race/options.ts";
import { listPeers, timePeer } from "./race/peers.ts";
import type { Row } from "./race/row.ts";
import { floorTable, raceTable } from "./race/tables.ts";
import { timeWorkload } from "./race/time_workload.ts";
import type { Workload } from "./workloads.ts";

const { device, threads, repeats, python, ...options } = readOptions();

/** Opens the device. An unknown name is a mistake of usage (exit code 2), a missing device is not (1). */
async function open(): Promise<OpenedBackend> {
  try {
    return await openBackend({
      device: device as DeviceChoice,
      threads,
      allowSoftwareAdapter: true,
    });
  } catch (error) {
    return end(error instanceof RangeError ? 2 : 1, (error as Error).message);
  }
}

/** The engines of every workload. Without a Python, the process ends before anything is timed. */
async function peersByWorkload(): Promise<ReadonlyMap<string, readonly string[]>> {
  if (!options.peers) return new Map();
  try {
    return await listPeers(python);
  } catch (error) {
    return end(1, (error as Error).message);
  }
}

const told = new Set<string>();

/** Tells a problem of an engine, once: it comes with every workload. */
function tell(engine: string, problem: string): void {
  if (!told.has(problem)) console.error(`${engine}: not run, ${errorLine(problem)}`);
  told.add(problem);
}

async function timePeers(workload: string, engines: readonly string[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const engine of engines) {
    const row = await timePeer({ workload, engine }, { python, threads, repeats });
    if ("problem" in row) tell(engine, row.problem);
    else rows.push(row);
  }
  return rows;
}

const timesOf = ({ ms, min_ms, max_ms }: Row) => `${ms} ms (${min_ms} to ${max_ms})`;

function printRow(row: Row, rates = ""): void {
  console.log(
    options.json
      ? JSON.stringify(row)
      : `${row.workload.padEnd(24)} ${row.engine} ${row.version}, ${row.device}  ${
        timesOf(row)
      }${rates}`,
  );
}

/** The rates that a time means. */
function ratesOf(program: Program, { ms }: Row): string {
  const { operations, bytes } = procedureCost(hoistInvariants(shareSequences(program)), "train");
  const [gflops, gbytes] = [operations / ms / 1e6, bytes / ms / 1e6];
  return `  ${gflops.toFixed(1)} GFLOP/s, ${gbytes.toFixed(1)} GB/s`;
}

async function race(workload: Workload, { engines, machine }: {
  engines: readonly string[];
  machine: Machine | undefined;
}): Promise<Result> {
  const { backend } = await open();
  const ours = await timeWorkload(workload, { backend, threads, repeats });
  backend.close();
  const program = workload.build(backend.name);
  printRow(ours, ratesOf(program, ours));
  const peers = await timePeers(workload.name, engines);
  peers.forEach((row) => printRow(row));
  return { ours, peers, ...machine && { floor: floorOf(program, machine) } };
}

function describe(machine: Machine): string {
  const copies = machine.copies.map(({ bytes, gigabytes }) =>
    `${bytes / 1024} KiB at ${gigabytes.toFixed(0)} GB/s`
  );
  return `\nA thread, ${machine.threads} at once: ${peakOf(machine).toFixed(0)} GFLOP/s; ` +
    `copies within ${copies.join(", ")}`;
}

async function main(): Promise<void> {
  if (options.help) return console.log(help);
  const engines = await peersByWorkload();
  const machine = options.floor ? await measureMachine(threads) : undefined;
  const results: Result[] = [];
  for (const workload of options.workloads) {
    results.push(await race(workload, { engines: engines.get(workload.name) ?? [], machine }));
  }
  if (options.json) return;
  console.log(["", ...raceTable(results)].join("\n"));
  if (machine) console.log([describe(machine), ...floorTable(results)].join("\n"));
}

await main();
Deno.exit(0);
