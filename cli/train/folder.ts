/** The folder of a run: checked before anything is opened, and its state read back. */
import { listCheckpoints, readLatestCheckpoint } from "../../core/run/checkpoint.ts";
import type { Checkpoint } from "../../core/run/checkpoint_format.ts";
import {
  checkRunFolder,
  openRunFolder,
  type RunFolder,
  type RunFolderOptions,
} from "../../core/run/run_folder.ts";
import type { RunConfig } from "../config/run_config.ts";
import { UsageError } from "../usage_error.ts";
import { requireSameRun } from "./state_file.ts";

export interface FolderChoice {
  /** This very folder; without it, a new one under `runs/default`. */
  readonly out: string | undefined;
  /** Go on with the run in `out`. */
  readonly resume: boolean;
}

/** @throws UsageError if the folder, or its checkpoint, cannot be used. Touches nothing. */
export function checkFolder(config: RunConfig, choice: FolderChoice): void {
  asUsage(() => checkRunFolder(folderOptions(config, choice)));
  if (!choice.resume || choice.out === undefined) return;
  const checkpoint = readCheckpointOf(choice.out, { warn: (text) => console.error(text) });
  if (checkpoint) requireSameRun(checkpoint, config);
}

/** Creates or opens the folder, under its lock. @throws UsageError if it cannot be used. */
export function openFolder(config: RunConfig, choice: FolderChoice): RunFolder {
  return asUsage(() => openRunFolder(folderOptions(config, choice)));
}

/**
 * The newest checkpoint that verifies; undefined for a run killed before it had any.
 *
 * @throws UsageError in one line if there are some, and none verifies.
 */
export function readCheckpointOf(
  folder: string,
  { warn = () => {} }: { warn?: (text: string) => void } = {},
): Checkpoint | undefined {
  if (listCheckpoints(folder).length === 0) return undefined;
  const damaged: string[] = [];
  try {
    const found = readLatestCheckpoint(folder, { warn: (text) => damaged.push(text) });
    damaged.forEach(warn);
    return found;
  } catch (error) {
    if (damaged.length === 0) throw error;
    throw new UsageError(`cannot resume ${folder}: ${damaged.join("; ")}`, { cause: error });
  }
}

function folderOptions({ task, model, updater }: RunConfig, choice: FolderChoice) {
  const { out, resume } = choice;
  const name = `${task.name}-${model.name}-${updater.name}`;
  return { ...out === undefined ? {} : { out }, resume, name } satisfies RunFolderOptions;
}

/** What a folder is, not what the system refuses, is for the user to change. */
function asUsage<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    const isOwn = error instanceof Error && error.constructor === Error;
    throw isOwn ? new UsageError(error.message, { cause: error }) : error;
  }
}
