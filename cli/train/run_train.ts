/** What `train` does, from its arguments to its exit code. */
import { exitCodes } from "../../core/training/exit_codes.ts";
import { readConfigFile } from "../../config/config_file.ts";
import { settingFlags } from "./flags.ts";
import { resolveConfig } from "../../config/resolve_config.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { parseOptions } from "../parse_options.ts";
import { UsageError } from "../../config/usage_error.ts";
import { describeMemory, describeParameters, describeSweep } from "../../config/build/memory.ts";
import {
  completeArguments,
  type TrainArguments,
  trainFooter,
  trainParser,
  typedAssignments,
} from "./options.ts";
import { type PreparedRun, prepareRun } from "../../config/build/prepare_run.ts";
import { newestRun, resumedConfig } from "../../runs/resume.ts";
import { checkFolder } from "../../runs/folder.ts";
import { trainInFolder } from "./train_in_folder.ts";

const say = (line: string) => console.error(line);

export async function runTrain(
  args: readonly string[],
  { name, summary }: { name: string; summary: string },
): Promise<number> {
  const flags = settingFlags();
  const complete = completeArguments(args, flags);
  const parsed = parseOptions(trainParser(flags), complete, { name, summary, footer: trainFooter });
  if ("exitCode" in parsed) return parsed.exitCode;
  const { values } = parsed;
  let resume: string | undefined;
  let resolved: { config: RunConfig; notes: readonly string[] };
  let prepared: PreparedRun;
  try {
    requireTraining(values);
    resume = resumeFolder(values);
    resolved = await resolve(values, { args, resume });
    checkFolder(resolved.config, { out: resume ?? values.out, resume: resume !== undefined });
    prepared = await prepareRun(resolved.config, { say });
  } catch (error) {
    return fail(error);
  }
  const { run, engine, backend } = prepared;
  try {
    for (const note of resolved.notes) say(note);
    say(describeParameters(run.model));
    const sweep = describeSweep(resolved.config);
    if (sweep !== undefined) say(sweep);
    say(describeMemory(engine));
    if (values.dryRun) {
      console.log(JSON.stringify(resolved.config, null, 2));
      return exitCodes.ok;
    }
    return await trainInFolder(prepared, {
      config: resolved.config,
      out: resume ?? values.out,
      resume: resume !== undefined,
      progress: values.progress,
      commandLine: ["hebb", name, ...args],
    });
  } catch (error) {
    return fail(error);
  } finally {
    engine.close();
    backend.close();
  }
}

/** One line; the exit code tells what the user can change from what failed. */
function fail(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  say(`error: ${message.replace(/\s*\n\s*/g, " ")}`);
  return error instanceof UsageError ? exitCodes.usage : exitCodes.failure;
}

/** The published command line chooses with `--mode` what has commands of its own here. */
function requireTraining({ mode }: TrainArguments): void {
  if (mode === undefined || mode === "train") return;
  const hint = mode === "visualize" ? "; what a run has learned is drawn by `visualize DIR`" : "";
  throw new UsageError(`--mode: expected train, got ${JSON.stringify(mode)}${hint}`);
}

function resumeFolder({ resume, out }: TrainArguments): string | undefined {
  if (out === "") throw new UsageError("--out: expected the name of a folder, got an empty text");
  if (resume === undefined) return undefined;
  if (resume !== "" && out !== undefined && resume !== out) {
    throw new UsageError(`--resume ${resume} and --out ${out} are two folders, expected one`);
  }
  return resume !== "" ? resume : out ?? newestRun();
}

async function resolve(
  values: TrainArguments,
  { args, resume }: { args: readonly string[]; resume: string | undefined },
): Promise<{ config: RunConfig; notes: readonly string[] }> {
  const asked = [
    ...(await Promise.all(values.config.map(readConfigFile))).flat(),
    ...typedAssignments(values, args),
  ];
  if (resume === undefined) return resolveConfig(asked, { preset: values.preset });
  if (values.preset !== undefined) {
    throw new UsageError("--preset: a resumed run has its settings already");
  }
  return resumedConfig(resume, asked);
}
