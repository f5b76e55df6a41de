/** From what is asked for to the config of a run, new or continued. */
import type { Assignment } from "../config/assignment.ts";
import { Catalogue } from "../config/catalogue.ts";
import { resolveConfig } from "../config/resolve_config.ts";
import type { Run } from "../config/build/build_run.ts";
import type { RunConfig } from "../config/run_config.ts";
import type { DataPath } from "../data/data_file.ts";
import { initStart } from "./init_start.ts";
import { UsageError } from "../config/usage_error.ts";
import { forkedConfig } from "../store/forked_config.ts";
import type { CheckpointChoice } from "../store/judged_checkpoint.ts";
import { newestRun, resumedConfig } from "../store/resume.ts";
import { forkStart, type RunStart } from "../store/run_start.ts";
import type { OwnCode } from "../store/stored_code.ts";

/** A config that is complete, and what is to be said about it. */
export interface ResolvedRun {
  readonly config: RunConfig;
  readonly notes: readonly string[];
  /** What a new run begins with; missing: the draw of its seeds. @throws UsageError */
  begin?(built: { config: RunConfig; run: Run }): RunStart;
}

/**
 * Resolves the settings of a run.
 *
 * @param asked settings, weakest first.
 * @param options.resume the folder of the run that goes on; undefined: a new run.
 * @param options.fork the run that a new one begins from.
 * @param options.initFrom a file with first weights.
 * @param options.code what stands for names that are of no table.
 * @throws UsageError, in one line, for the first thing that is wrong.
 */
export function resolveRun(
  asked: readonly Assignment[],
  { preset, resume, fork, initFrom, code }: {
    preset: string | undefined;
    resume: string | undefined;
    fork?: ForkChoice | undefined;
    initFrom?: DataPath | undefined;
    code: OwnCode;
  },
): ResolvedRun {
  if (initFrom !== undefined && (fork || resume !== undefined)) {
    throw new UsageError("--init-from: a run that goes on has its weights already");
  }
  if (fork) return resolveFork(asked, { ...fork, preset, isResumed: resume !== undefined, code });
  if (resume === undefined) {
    const resolved = resolveConfig(asked, { preset, catalogue: new Catalogue(code.own) });
    return initFrom === undefined
      ? resolved
      : { ...resolved, begin: (built) => initStart(initFrom, built) };
  }
  if (preset === undefined) return resumedConfig(resume, asked, code);
  throw new UsageError("--preset: a resumed run has its settings already");
}

/** A run from a checkpoint of another one. */
export interface ForkChoice {
  /** The folder of the other run. */
  readonly folder: string;
  readonly checkpoint: CheckpointChoice;
}

function resolveFork(
  asked: readonly Assignment[],
  { folder, checkpoint: choice, preset, isResumed, code }: ForkChoice & {
    preset: string | undefined;
    isResumed: boolean;
    code: OwnCode;
  },
): ResolvedRun {
  if (isResumed) throw new UsageError("--fork begins a new run, --resume goes on with one");
  if (preset !== undefined) throw new UsageError("--preset: a fork has the settings of its run");
  const { parent, ...resolved } = forkedConfig(folder, asked, code);
  return { ...resolved, begin: (built) => forkStart({ folder, parent, choice }, built) };
}

/**
 * The folder of the run that goes on; undefined: a new run.
 *
 * @param choice.resume "" stands for `out`, or else for the newest run.
 * @throws UsageError if two folders are named, or there is no run.
 */
export function resumeFolder(
  { resume, out }: { resume: string | undefined; out: string | undefined },
): string | undefined {
  if (out === "") throw new UsageError("--out: expected the name of a folder, got an empty text");
  if (resume === undefined) return undefined;
  if (resume !== "" && out !== undefined && resume !== out) {
    throw new UsageError(`--resume ${resume} and --out ${out} are two folders, expected one`);
  }
  return resume !== "" ? resume : out ?? newestRun();
}
