/** Times of PyTorch and JAX on the workloads, beside ours. */
import { errorLine } from "../../config/error_line.ts";
import { listPeers, timePeer } from "../../bench/race/peers.ts";
import { threeDigits } from "./markdown_table.ts";
import {
  leftOut,
  type Measured,
  printMeasured,
  type Session,
  type Turn,
  turnOf,
} from "./measured_rows.ts";
import { withoutResult } from "./run_measurement.ts";

/** `torch.compile` is left out: on a GPU it compiles for minutes. */
const engines = ["torch", "jax"];

const REPEATS = 7;

/** Prints a table of their times, or a sentence that says why there is none. What they lack is no fault of ours. */
export async function checkPeers(
  session: Session,
  { times, python, device, until }: {
    /** Milliseconds of ours, by workload. */
    times: ReadonlyMap<string, number>;
    python: string;
    device: "cpu" | "cuda";
    until: number;
  },
): Promise<void> {
  const title = "Other engines";
  try {
    const { signal } = turnOf(Math.max(until - session.now(), 1), session.stop);
    const known = await listPeers(python, { signal });
    const items = [...known].filter(([workload]) => times.has(workload)).flatMap(
      ([workload, its]) =>
        engines.filter((engine) => its.includes(engine)).map((engine) => ({ workload, engine })),
    );
    const measure = peerRows({ times, python, device });
    const columns = ["workload", "engine", "measured, ms", "in multiples of ours", "iterations"];
    const nameOf = ({ workload }: Peer) => workload;
    await printMeasured(session, { title, columns, items, until, nameOf, measure });
  } catch (error) {
    session.print(`## ${title}`, "", `Not measured: ${(error as Error).message}`);
  }
}

interface Peer {
  readonly workload: string;
  readonly engine: string;
}

/** What measures a row. An engine that fails before it has done anything is not asked again. */
function peerRows(
  { times, python, device }: {
    times: ReadonlyMap<string, number>;
    python: string;
    device: "cpu" | "cuda";
  },
): (peer: Peer, turn: Turn) => Promise<Measured> {
  const works = new Map<string, boolean>();
  return async ({ workload, engine }, turn) => {
    if (works.get(engine) === false) return { cells: [engine, "left out as above"], passed: true };
    const row = await timePeer({ workload, engine }, {
      python,
      threads: navigator.hardwareConcurrency,
      repeats: REPEATS,
      device,
      // Python starts, imports and compiles in the rest.
      seconds: turn.limitMs / 2e3,
      signal: turn.signal,
    });
    const failed = "problem" in row;
    if (failed && turn.signal.aborted) {
      return { cells: [engine, ...withoutResult({ isLate: true }, turn).cells], passed: true };
    }
    works.set(engine, works.get(engine) || !failed);
    if (failed) return { cells: [engine, ...leftOut(errorLine(row.problem)).cells], passed: true };
    const figures = [row.ms, row.ms / times.get(workload)!].map(threeDigits);
    const name = `${engine} ${row.version}, ${row.device}`;
    return { cells: [name, ...figures, String(row.repeats)], passed: true };
  };
}
