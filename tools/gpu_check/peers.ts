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
import type { WorkloadFacts } from "./measure/workload.ts";
import { withoutResult } from "./run_measurement.ts";

/** `torch.compile` is left out: on a GPU it compiles for minutes. */
const engines = ["torch", "jax"];

const REPEATS = 7;

/** Prints a table of their times, or a sentence that says why there is none. What they lack is no fault of ours: true. */
export async function checkPeers(
  session: Session,
  { until, measured, python, device }: Race & { until: number },
): Promise<boolean> {
  const title = "Other engines";
  try {
    const { signal } = turnOf(Math.max(until - session.now(), 1), session.stop);
    const known = await listPeers(python, { signal });
    // What is quick with us is often quick elsewhere.
    const quickFirst = [...measured].toSorted(([, one], [, other]) => one.ms - other.ms);
    const items = quickFirst.flatMap(([workload]) =>
      engines.filter((engine) => known.get(workload)?.includes(engine))
        .map((engine) => ({ workload, engine }))
    );
    const measure = peerRows({ measured, python, device });
    const columns = [
      "workload and engine",
      "measured, ms",
      "in multiples of ours",
      "timed",
      "version",
    ];
    const nameOf = ({ workload, engine }: Peer) => `${workload}, ${engine}`;
    const text =
      "The median of iterations that are waited for one by one; ours above follow each other.";
    return await printMeasured(session, { title, text, columns, items, until, nameOf, measure });
  } catch (error) {
    session.print(`## ${title}`, "", `Not measured: ${errorLine(error)}`);
    return true;
  }
}

/** What they race against, and on what. */
interface Race {
  /** Ours, by workload. */
  readonly measured: ReadonlyMap<string, WorkloadFacts>;
  readonly python: string;
  readonly device: "cpu" | "cuda";
}

interface Peer {
  readonly workload: string;
  readonly engine: string;
}

/** What measures a row. An engine that fails before it has done anything is not asked again. */
function peerRows(
  { measured, python, device }: Race,
): (peer: Peer, turn: Turn) => Promise<Measured> {
  const works = new Map<string, boolean>();
  return async ({ workload, engine }, turn) => {
    if (works.get(engine) === false) return leftOut("as above");
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
    if (failed && turn.signal.aborted) return withoutResult({ isLate: true }, turn);
    works.set(engine, works.get(engine) || !failed);
    if (failed) return leftOut(errorLine(row.problem));
    const figures = [row.ms, row.ms / measured.get(workload)!.ms].map(threeDigits);
    const cells = [...figures, String(row.repeats), `${row.version}, ${row.device}`];
    return { cells, passed: true };
  };
}
