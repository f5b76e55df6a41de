/** Which checkpoint of a run is judged: the best networks if the run keeps them, or another one by choice. */
import { cut, plainText } from "../config/plain_text.ts";
import { UsageError } from "../config/usage_error.ts";
import type { RunConfig } from "../config/run_config.ts";
import { bestPath, type BestRecord, bestRecord, readBest } from "./best_file.ts";
import { listCheckpoints, readCheckpoint } from "./files/checkpoint.ts";
import type { Checkpoint } from "./files/checkpoint_format.ts";
import { DamagedFileError } from "./files/damaged_file_error.ts";
import { checkCheckpoint, readNewestCheckpoint } from "./stored_run.ts";

/** The best networks, the newest ones, or those after so many iterations. */
export type CheckpointChoice = "best" | "newest" | number;

/** A checkpoint, and what it says if it holds the best networks. */
export interface JudgedCheckpoint extends Checkpoint {
  readonly best?: BestRecord;
}

/** The choice that a text means. @throws UsageError */
export function parseCheckpointChoice(text: string, flag = "--checkpoint"): CheckpointChoice {
  if (text === "best" || text === "newest") return text;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new UsageError(`${flag}: expected best, newest or a number of iterations, got ${text}`);
}

/**
 * Reads the checkpoint to judge.
 *
 * @param say receives notes; default: standard error.
 * @param choice undefined: the best networks if the run keeps them, or else the newest; a line says which.
 * @throws UsageError if there is none, or it is of another config; DamagedFileError if the chosen one is not whole.
 */
export function readJudgedCheckpoint(
  folder: string,
  config: RunConfig,
  choice?: CheckpointChoice,
  say: (line: string) => void = console.error,
): JudgedCheckpoint {
  if (choice === "newest") return readNewestCheckpoint(folder, config);
  if (typeof choice === "number") return checkCheckpoint(readStep(folder, choice), config);
  const best = choice === undefined ? bestOrNote(folder, say) : readBest(folder);
  if (!best) {
    if (choice === undefined) return readNewestCheckpoint(folder, config);
    throw new UsageError(`cannot read ${folder}: it keeps no best networks (--keep-best)`);
  }
  const record = bestRecord(best, config);
  if (choice === undefined) {
    say(`note: ${bestText(record)} (--checkpoint newest: the last)`);
  }
  return { ...checkCheckpoint(best, config), best: record };
}

/** The best networks; of a damaged file a line is told. */
function bestOrNote(folder: string, say: (line: string) => void): Checkpoint | undefined {
  try {
    return readBest(folder);
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    say(`damaged checkpoint: ${error.message}; trying the newest`);
    return undefined;
  }
}

function readStep(folder: string, step: number): Checkpoint {
  const entries = listCheckpoints(folder);
  const entry = entries.find(({ iteration }) => iteration === step);
  if (entry) return readCheckpoint(entry.path);
  const there = entries.map(({ iteration }) => iteration).join(", ") || "none";
  throw new UsageError(
    `cannot read ${
      bestPath(folder).replace(/best\.\w+$/, "")
    }: it has no checkpoint of iteration ${step}; ` +
      `there are ${there}`,
  );
}

/** Such as "the best network by eval/loss, of iteration 300". */
export function bestText(
  { metric, iterations }: Pick<BestRecord, "metric" | "iterations">,
): string {
  const [low, high] = [Math.min(...iterations), Math.max(...iterations)];
  const those = iterations.length === 1 ? "network" : "networks";
  const when = low === high ? `iteration ${low}` : `iterations ${low} to ${high}`;
  return `the best ${those} by ${plainText(cut(metric))}, of ${when}`;
}
