/** Finds the run to continue, and refuses settings that contradict its config. */
import { join } from "node:path";
import { readConfig } from "./files/config_file.ts";
import { isUnusableFile } from "./files/unusable_file.ts";
import { plainFile } from "./files/plain_path.ts";
import { defaultGroup } from "./files/run_folder.ts";
import { configAssignments } from "../config/config_file.ts";
import { resolveConfig } from "../config/resolve_config.ts";
import type { Assignment } from "../config/assignment.ts";
import type { RunConfig } from "../config/run_config.ts";
import { type SectionName, sectionNames } from "../config/assignment.ts";
import { noCode, type OwnCode, withStoredCode } from "./stored_code.ts";
import type { EntrySection } from "../config/catalogue.ts";
import { isLength } from "./state_file.ts";
import { UsageError } from "../config/usage_error.ts";

/** Settings of where a run computes. They may change when it is continued, as may its length. */
const deviceSettings = new Set(["device.name", "device.allow_software_adapter", "device.threads"]);
const mayChange = (config: RunConfig, path: string): boolean =>
  deviceSettings.has(path) || isLength(config, path);

/**
 * The folder of the newest run in `root`; the names of runs begin with the time. A folder without a
 * config is no run: its process was killed before it began.
 *
 * @throws UsageError if there is none.
 */
export function newestRun(root = defaultGroup): string {
  let names: string[] = [];
  try {
    names = [...Deno.readDirSync(root)].filter(({ isDirectory }) => isDirectory)
      .map(({ name }) => name).sort()
      .filter((name) => plainFile(join(root, name, "config.json")) !== null);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const newest = names.at(-1);
  if (newest === undefined) throw new UsageError(`cannot resume: ${root} holds no run`);
  return join(root, newest);
}

/**
 * The config of the run in a folder, with the changes that a continued run may have.
 *
 * @param requested settings of files and flags, weakest first.
 * @param code what stands for its names that are of no table.
 * @throws UsageError if the folder holds no run, its code is missing or has changed, or a requested setting contradicts its config.
 */
export function resumedConfig(
  folder: string,
  requested: readonly Assignment[],
  code: OwnCode = noCode,
): { config: RunConfig; notes: readonly string[] } {
  const source = join(folder, "config.json");
  const { sections, catalogue } = withStoredCode(readStored(folder), code, source);
  const options = { source, catalogue } as const;
  const stored = configAssignments(sections, source);
  const { config } = resolveConfig(stored, options);
  // The file of an entry has been compared by its content: it may lie elsewhere now.
  const changes = requested.filter(({ section, key, value }) =>
    key !== "name" || code.own[section as EntrySection]?.name !== value
  );
  // A name that differs would make the other settings of its section look unknown.
  refuseOtherNames(config, changes);
  const resolved = resolveConfig([...stored, ...changes], options);
  // The sweep is compared first: the other sections hold only its first point.
  for (const section of new Set<SectionName>(["training", ...sectionNames])) {
    for (const [key, value] of Object.entries(resolved.config[section])) {
      const storedValue = JSON.stringify(settingOf(config, section, key));
      const requestedValue = JSON.stringify(value);
      if (mayChange(config, `${section}.${key}`) || storedValue === requestedValue) continue;
      throw new UsageError(
        `cannot resume with another ${section}.${key}: the run has ${storedValue}, ` +
          `got ${requestedValue}`,
      );
    }
  }
  return resolved;
}

/** @throws UsageError if another task, model or updater is requested. */
function refuseOtherNames(config: RunConfig, requested: readonly Assignment[]): void {
  for (const section of ["task", "model", "updater"] as const) {
    const names = requested.filter((assignment) =>
      assignment.section === section && assignment.key === "name"
    );
    if (names.length === 0) continue;
    const source = "config.json";
    const storedNames = sectionNames.filter((other) => other !== section)
      .map((other) => ({
        section: other,
        key: "name",
        value: settingOf(config, other, "name"),
        isText: false,
        origin: source,
      }))
      .filter(({ value }) => value !== undefined);
    const { catalogue } = config;
    const resolved = resolveConfig([...storedNames, ...names], { source, catalogue });
    const { name } = resolved.config[section];
    if (name !== config[section].name) {
      throw new UsageError(
        `cannot resume with another ${section}.name: the run has "${config[section].name}", ` +
          `got "${name}"`,
      );
    }
  }
}

const settingOf = (config: RunConfig, section: SectionName, key: string): unknown =>
  (config[section] as Readonly<Record<string, unknown>>)[key];

function readStored(folder: string): Record<string, unknown> {
  try {
    return readConfig(folder);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new UsageError(`cannot resume ${folder}: it holds no run (no config.json)`, {
        cause: error,
      });
    }
    if (isUnusableFile(error) || error instanceof Deno.errors.NotADirectory) {
      throw new UsageError(`cannot resume ${folder}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
