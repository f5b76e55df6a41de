/** Finding the run to continue, and holding it to its own config. */
import { join } from "node:path";
import { readConfig } from "./files/config_file.ts";
import { DamagedFileError } from "./files/damaged_file_error.ts";
import { defaultGroup } from "./files/run_folder.ts";
import { configAssignments } from "../config/config_file.ts";
import { resolveConfig } from "../config/resolve_config.ts";
import type { Assignment } from "../config/assignment.ts";
import type { RunConfig } from "../config/run_config.ts";
import { type SectionName, sectionNames } from "../config/assignment.ts";
import { isLength } from "./state_file.ts";
import { UsageError } from "../config/usage_error.ts";

/** Where a run computes, and for how long, may change; what it computes may not. */
const places = new Set(["device.name", "device.allow_software_adapter", "device.threads"]);
const isFree = (config: RunConfig, path: string): boolean =>
  places.has(path) || isLength(config, path);

/** The newest run of `runs/default`; ids begin with the time. @throws UsageError if there is none. */
export function newestRun(root = defaultGroup): string {
  let names: string[] = [];
  try {
    names = [...Deno.readDirSync(root)].filter(({ isDirectory }) => isDirectory)
      .map(({ name }) => name).sort();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const newest = names.at(-1);
  if (newest === undefined) throw new UsageError(`cannot resume: ${root} holds no run`);
  return join(root, newest);
}

/**
 * The config of the run in a folder, where nothing that was asked for may contradict it.
 *
 * @param asked settings of files and flags, weakest first.
 */
export function resumedConfig(
  folder: string,
  asked: readonly Assignment[],
): { config: RunConfig; notes: readonly string[] } {
  const stored = configAssignments(readStored(folder), join(folder, "config.json"));
  const { config } = resolveConfig(stored, { preset: null });
  // A name that differs would make the other settings of its section look unknown.
  refuseOtherNames(config, asked);
  const wanted = resolveConfig([...stored, ...asked], { preset: null });
  // A sweep is told of first: its first point is what the other sections hold.
  for (const section of new Set<SectionName>(["training", ...sectionNames])) {
    for (const [key, value] of Object.entries(wanted.config[section])) {
      const kept = settingOf(config, section, key);
      if (isFree(config, `${section}.${key}`) || JSON.stringify(kept) === JSON.stringify(value)) {
        continue;
      }
      throw new UsageError(
        `cannot resume with another ${section}.${key}: the run has ${JSON.stringify(kept)}, ` +
          `got ${JSON.stringify(value)}`,
      );
    }
  }
  return wanted;
}

function refuseOtherNames(config: RunConfig, asked: readonly Assignment[]): void {
  for (const section of ["task", "model", "updater"] as const) {
    const names = asked.filter((assignment) =>
      assignment.section === section && assignment.key === "name"
    );
    if (names.length === 0) continue;
    const others = sectionNames.filter((other) => other !== section)
      .flatMap((
        other,
      ) => [{ section: other, key: "name", value: settingOf(config, other, "name") }])
      .filter(({ value }) => value !== undefined)
      .map((assignment) => ({ ...assignment, isText: false, origin: "config.json" }));
    const asksFor = resolveConfig([...others, ...names], { preset: null }).config[section].name;
    if (asksFor !== config[section].name) {
      throw new UsageError(
        `cannot resume with another ${section}.name: the run has "${config[section].name}", ` +
          `got "${asksFor}"`,
      );
    }
  }
}

const settingOf = (config: RunConfig, section: SectionName, key: string): unknown =>
  (config[section] as Readonly<Record<string, unknown>>)[key];

function readStored(folder: string): unknown {
  try {
    return readConfig(folder);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new UsageError(`cannot resume ${folder}: it holds no run (no config.json)`, {
        cause: error,
      });
    }
    const { NotADirectory, IsADirectory } = Deno.errors;
    const unusable = [DamagedFileError, NotADirectory, IsADirectory];
    if (error instanceof Error && unusable.some((type) => error instanceof type)) {
      throw new UsageError(`cannot resume ${folder}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
