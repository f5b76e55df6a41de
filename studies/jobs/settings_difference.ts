/** Whether a run was trained as an experiment says. */
import { join } from "node:path";
import { readConfig } from "../../store/files/config_file.ts";
import { configAssignments, setAssignment } from "../../config/config_file.ts";
import { resolveConfig } from "../../config/resolve_config.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { UsageError } from "../../config/usage_error.ts";
import { seedsName } from "./jobs.ts";

/**
 * The first setting in which the run in a folder differs from what an experiment says, in words. Task,
 * model and updater are compared whole, as a setting that the experiment leaves alone changes the
 * outcome too; of the training, what the experiment sets. A config that cannot be used differs too.
 *
 * @param options.settings of the configuration, as for `--set`.
 * @param options.seeds as the name of the folder has them, such as "seeds-1-3".
 * @throws DamagedFileError if config.json cannot be read.
 */
export function settingsDifference(
  folder: string,
  { settings, seeds }: { settings: readonly string[]; seeds: string },
): string | undefined {
  const assignments = settings.map(setAssignment);
  const wanted = resolveConfig(assignments).config;
  let trained: RunConfig;
  try {
    trained = readRunConfig(folder);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  const trainingKeys = assignments.filter(({ section }) => section === "training").map(({ key }) =>
    key
  );
  for (const section of ["task", "model", "updater", "training"] as const) {
    const [there, here] = [trained[section], wanted[section]] as [Settings, Settings];
    const keys = section === "training"
      ? [...trainingKeys, "sweep"]
      : [...Object.keys(here), ...Object.keys(there)];
    for (const key of keys) {
      const [is, expected] = [there[key], here[key]].map((value) =>
        JSON.stringify(value) ?? "unset"
      );
      if (is !== expected) return `${section}.${key} is ${is}, expected ${expected}`;
    }
  }
  const trainedSeeds = trained.training.seeds;
  if (seedsName(trainedSeeds) === seeds) return undefined;
  return `training.seeds is ${JSON.stringify(trainedSeeds)}, expected those of ${seeds}`;
}

type Settings = Readonly<Record<string, unknown>>;

/** @throws UsageError in a line that names the file, if its settings cannot be used. */
const readRunConfig = (folder: string): RunConfig => {
  const path = join(folder, "config.json");
  return resolveConfig(configAssignments(readConfig(folder), path), { preset: null }).config;
};
