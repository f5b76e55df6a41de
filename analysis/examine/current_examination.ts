/** The examination of a run, if it belongs to the newest state of the run. */
import { listCheckpoints } from "../../store/files/checkpoint.ts";
import { isUnusableFile } from "../../store/files/unusable_file.ts";
import { readStatus } from "../../store/files/status.ts";
import type { Examination } from "./examination.ts";
import { examinationPath, readExamination } from "./examination.ts";

export interface CurrentExamination {
  /** Undefined if there is none, or it cannot be used. */
  readonly examination: Examination | undefined;
  /** Why the file cannot be used, in a line that names it. */
  readonly problem: string | undefined;
}

/**
 * Reads an examination and compares it with the newest checkpoint and the status of the run. A damaged
 * file, and one from before later updates, is reported as a problem; the training beside it is sound.
 */
export function currentExamination(folder: string): CurrentExamination {
  const path = examinationPath(folder);
  try {
    const examination = readExamination(folder);
    if (!examination) return { examination: undefined, problem: undefined };
    const newer = updatesOf(folder).find((updates) => updates !== examination.updates);
    if (newer === undefined) return { examination, problem: undefined };
    const problem = `${path}: after ${examination.updates} updates, the run has done ${newer}`;
    return { examination: undefined, problem };
  } catch (error) {
    if (!isUnusableFile(error)) throw error;
    return { examination: undefined, problem: error.message };
  }
}

/** Updates done by the newest checkpoint and by the status, as far as they exist. */
function updatesOf(folder: string): number[] {
  const [newest] = listCheckpoints(folder);
  let statusUpdates: number | undefined;
  try {
    statusUpdates = readStatus(folder)?.iterations;
  } catch (error) {
    // A damaged status is reported by `train`; the checkpoint tells enough here.
    if (!isUnusableFile(error)) throw error;
  }
  return [
    ...newest ? [newest.iteration] : [],
    ...statusUpdates === undefined ? [] : [statusUpdates],
  ];
}
