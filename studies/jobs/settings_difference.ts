/** Compares a run with the settings of an experiment. */
import { join } from "node:path";
import { readConfig } from "../../store/files/config_file.ts";
import { configAssignments, setAssignment } from "../../config/config_file.ts";
import { resolveConfig } from "../../config/resolve_config.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { UsageError } from "../../config/usage_error.ts";
import { seedsName } from "./jobs.ts";

/**
 * The first setting in which the run in a folder differs from an experiment, in words. Task, model and
 * updater are compared whole, since every setting of them changes the outcome. Of the training only what
 * the experiment sets is compared. A config that cannot be used counts as different.
 *
 * @param options.settings settings of the configuration, as for `--set`.
 * @param options.seeds seeds as in the name of the folder, such as "seeds-1-3".
 * @throws DamagedFileError if config.json cannot be read.
 */
export function settingsDifference(
  folder: string,
  { settings, seeds }: { settings: readonly string[]; seeds: string },
): string | undefined {
  const assignments = settings.map(setAssignment);
  const expectedConfig = resolveConfig(assignments).config;
  let runConfig: RunConfig;
  try {
    runConfig = readRunConfig(folder);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  const trainingKeys = assignments.filter(({ section }) => section === "training")
    .map(({ key }) => key);
  for (const section of ["task", "model", "updater", "training"] as const) {
    const [run, experiment] = [runConfig, expectedConfig].map((config): Settings =>
      config[section]
    );
    const keys = section === "training"
      ? [...trainingKeys, "sweep"]
      : [...Object.keys(experiment!), ...Object.keys(run!)];
    for (const key of keys) {
      const [value, expected] = [run, experiment].map((settings) =>
        JSON.stringify(settings![key]) ?? "unset"
      );
      if (value !== expected) return `${section}.${key} is ${value}, expected ${expected}`;
    }
  }
  const runSeeds = runConfig.training.seeds;
  if (seedsName(runSeeds) === seeds) return undefined;
  return `training.seeds is ${JSON.stringify(runSeeds)}, expected those of ${seeds}`;
}

type Settings = Readonly<Record<string, unknown>>;

/** @throws UsageError in a line that names the file, if its settings cannot be used. */
const readRunConfig = (folder: string): RunConfig => {
  const path = join(folder, "config.json");
  return resolveConfig(configAssignments(readConfig(folder), path), { source: path }).config;
};
