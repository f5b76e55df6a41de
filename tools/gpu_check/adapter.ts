/** What the machine has: its adapter, and what doctor says. */
import { fileURLToPath } from "node:url";
import type { AdapterFacts } from "./measure/adapter.ts";
import type { OptionsOf } from "./measure/measure.ts";
import { type Session, turnOf } from "./measured_rows.ts";
import { runDeno, runMeasurement } from "./run_measurement.ts";

const tasks = fileURLToPath(new URL("../../deno.json", import.meta.url));

/** However little time there is: without an adapter nothing can be measured. */
const ADAPTER_MS = 30_000;

/** @throws Error if there is no adapter that may be used, or it does not answer. */
export async function examineAdapter(
  { stop, tell }: Session,
  options: OptionsOf<"adapter">,
): Promise<AdapterFacts> {
  tell("adapter: copies");
  const { facts, problem } = await runMeasurement<AdapterFacts>(
    "adapter",
    options,
    turnOf(ADAPTER_MS, stop),
  );
  if (facts.bandwidth === undefined) {
    throw new Error(problem ?? `the adapter gave no answer in ${ADAPTER_MS / 1e3} s`);
  }
  return facts as AdapterFacts;
}

/** Prints the adapter, all that doctor says of the machine, and how to read what follows. */
export async function printDoctor(
  { print, tell, now, stop }: Session,
  { adapter, until }: { adapter: AdapterFacts; until: number },
): Promise<boolean> {
  tell("doctor");
  print(`# ${adapter.description}`, "");
  const turn = turnOf(Math.max(until - now(), 0), stop);
  const { lines, problem } = await runDeno(["task", "-q", "--config", tasks, "doctor"], turn);
  print("```", ...lines, "```", "", legend(adapter), "");
  return problem === undefined;
}

const legend = ({ bandwidth }: AdapterFacts): string =>
  `Copies between two buffers read and write ${
    (bandwidth / 1e6).toFixed(1)
  } GB/s. At that rate, tables of workloads say

- *floor*: what the bytes take that have to move;
- *model*: what the sectors of 32 bytes take that lanes touch, as if no cache held any;
- *measured*: one training iteration, of as many in a row as *timed* says; *host*: its part in which launches are recorded,
  which is the limit where it is nearly all;
- *first result*: from the start of a process, printing and compiling of kernels included.`;
