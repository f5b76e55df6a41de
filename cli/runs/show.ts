/** `runs show`: one run in a screenful. */
import { join, resolve } from "node:path";
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { argument, option } from "@optique/core/primitives";
import { changedSettings } from "../../config/changed_settings.ts";
import { UsageError } from "../../config/usage_error.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { descriptionLines, type RunDescription } from "../../report/runs/describe_run.ts";
import { readRunFigures } from "../../report/run_files.ts";
import { listCheckpoints } from "../../store/files/checkpoint.ts";
import { readJsonFile } from "../../store/files/json_file.ts";
import { toJsonNumbers } from "../../store/files/json_number.ts";
import { plainFile } from "../../store/files/plain_path.ts";
import { readStatus } from "../../store/files/status.ts";
import { currentFacts } from "../../store/index/list_runs.ts";
import { shortPath } from "../../store/short_path.ts";
import { readRunConfig, readStoredSettings } from "../../store/stored_run.ts";
import type { OwnCode } from "../../store/stored_code.ts";
import { codeOptions, loadCode } from "../code_options.ts";
import type { Command } from "../command.ts";
import { footerOf } from "../help.ts";
import { parseOptions } from "../parse_options.ts";
import { rootOption, runFolder } from "./selection.ts";
import { runFolder as runArgument } from "../completion/values.ts";

const options = object({
  json: option("--json", { description: message`Print it as JSON` }),
  ...rootOption,
  ...codeOptions,
  name: argument(runArgument("RUN"), {
    description: message`Folder of a run, or its name below --dir; it may still be training`,
  }),
});

const footer = footerOf({
  about: "Defaults are those of a run of which only task, model, updater and iterations are given.",
  examples: ["runs show runs/mine", "runs show mine --json"],
  exitCodes: "0 shown, 1 failure, 2 usage or a file that cannot be used",
});

export const showRun: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  if (!values) return exitCodes.ok;
  const folder = runFolder(values.name, values.root);
  const run = describe(folder, await loadCode(values));
  console.log(
    values.json ? JSON.stringify(asJson(run), null, 2) : descriptionLines(run).join("\n"),
  );
  return exitCodes.ok;
};

function describe(folder: string, code: OwnCode): RunDescription {
  const stored = readStoredSettings(folder);
  const facts = currentFacts(folder, shortPath(resolve(folder)));
  if (!facts) throw new UsageError(`cannot read ${folder}: config.json is not that of a run`);
  const path = join(folder, "environment.json");
  const { command_line: typed } = plainFile(path) ? readJsonFile(path) : {};
  const { seeds = [], sweep = {} } = (stored.training ?? {}) as Partial<
    Pick<RunDescription, "seeds" | "sweep">
  >;
  return {
    facts,
    commandLine: Array.isArray(typed) ? typed.map(String) : [],
    seeds,
    sweep,
    changed: changedOf(folder, stored, code),
    metricFacts: readRunFigures(folder).metrics,
    metrics: readStatus(folder)?.metrics ?? {},
    checkpoints: listCheckpoints(folder).map(({ iteration }) => iteration),
  };
}

/** Undefined where the run has code of its own that is not given. */
function changedOf(
  folder: string,
  stored: Readonly<Record<string, unknown>>,
  code: OwnCode,
): RunDescription["changed"] {
  const isMissing = stored.code !== undefined && Object.keys(code.own).length === 0;
  return isMissing ? undefined : changedSettings(readRunConfig(folder, code));
}

function asJson(
  { facts, commandLine, seeds, sweep, changed, metrics, checkpoints }: RunDescription,
): object {
  const { metrics: _, forkedFrom, forkedAt, ...known } = facts;
  return {
    ...known,
    forked_from: forkedFrom || null,
    forked_at: forkedFrom ? forkedAt : null,
    command_line: commandLine,
    seeds,
    sweep,
    changed: changed?.map(({ path, value, fallback }) => ({
      path,
      value: value ?? null,
      default: fallback ?? null,
    })) ?? null,
    metrics: toJsonNumbers(metrics),
    checkpoints,
  };
}
