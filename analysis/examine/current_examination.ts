/** The examination of a run, as long as it is one of what the run is now. */
import { listCheckpoints } from "../../store/files/checkpoint.ts";
import { DamagedFileError } from "../../store/files/damaged_file_error.ts";
import { readStatus } from "../../store/files/status.ts";
import type { Examination } from "./examination.ts";
import { examinationPath, readExamination } from "./examination.ts";

export interface CurrentExamination {
  /** Undefined where there is none that can be used. */
  readonly examination: Examination | undefined;
  /** Why a file that is there cannot be used, in a line that names it. */
  readonly problem: string | undefined;
}

/**
 * Reads an examination and compares it with the newest checkpoint and the status of the run.
 *
 * A damaged file is a problem like one of earlier updates: the training beside it is sound.
 */
export function currentExamination(folder: string): CurrentExamination {
  const [none, path] = [undefined, examinationPath(folder)];
  try {
    const examination = readExamination(folder);
    if (!examination) return { examination: none, problem: none };
    const done = updatesOf(folder).find((updates) => updates !== examination.updates);
    if (done === undefined) return { examination, problem: none };
    const problem = `${path}: after ${examination.updates} updates, the run has done ${done}`;
    return { examination: none, problem };
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    return { examination: none, problem: error.message };
  }
}

/** What the newest checkpoint and the status say, where there are such. */
function updatesOf(folder: string): number[] {
  const [newest] = listCheckpoints(folder);
  let told: number | undefined;
  try {
    told = readStatus(folder)?.iterations;
  } catch (error) {
    // `train` says so where it matters.
    if (!(error instanceof DamagedFileError)) throw error;
  }
  return [...newest ? [newest.iteration] : [], ...told === undefined ? [] : [told]];
}
