/** Reads config files and typed settings as assignments. */
import { dirname, isAbsolute, join } from "node:path";
import { type Assignment, checkSection, sectionNames } from "./assignment.ts";
import { entrySections, isFileName } from "./catalogue.ts";
import { parseConfigFile } from "./parse_config_file.ts";
import { pathExists } from "./path_exists.ts";
import { cut, quote } from "./plain_text.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Reads a JSON, YAML or TOML file of settings. Paths of code in it are relative to its folder; those of the config of
 * a run stay what they are, since nothing runs for them.
 *
 * @throws UsageError if it cannot be read, is not of its format, or has an unknown section.
 */
export async function readConfigFile(path: string): Promise<Assignment[]> {
  const assignments = configAssignments(await parseConfigFile(path), path);
  return await isInRun(path)
    ? assignments
    : assignments.map((assignment) => besideFile(assignment, path));
}

/**
 * Whether a config lies in the folder of a run, where a link to it may lead. Such a folder may come from
 * somebody else, and makes no code run: the command line names its files again.
 */
export async function isInRun(path: string): Promise<boolean> {
  const folder = dirname(await Deno.realPath(path));
  return pathExists(join(folder, "config.json"));
}

/** A file of code that a config names lies where the config says, seen from its own folder. */
function besideFile(assignment: Assignment, path: string): Assignment {
  const { section, key, value } = assignment;
  const isFile = key === "name" && entrySections.some((other) => other === section) &&
    typeof value === "string" && isFileName(value);
  return isFile && !isAbsolute(value)
    ? { ...assignment, value: join(dirname(path), value) }
    : assignment;
}

/** The assignments of a parsed config. @param source names the config in errors. @throws UsageError */
export function configAssignments(config: unknown, source: string): Assignment[] {
  if (!isRecord(config)) {
    throw new UsageError(`${source}: expected groups of settings, ${sectionNames.join(", ")}`);
  }
  const assignments: Assignment[] = [];
  for (const [name, settings] of Object.entries(config)) {
    // Editors read the schema of a file from the first key; a run notes hashes of code under the second. What begins
    // with x- is there for anchors.
    if (name === "$schema" || name === "code" || name.startsWith("x-")) continue;
    const section = checkSection(name, source);
    if (!isRecord(settings)) {
      throw new UsageError(
        `${source}: ${section}: expected a group of settings, got ${quote(settings)}`,
      );
    }
    for (const [key, value] of Object.entries(settings)) {
      const origin = `${source}: ${section}.${cut(key)}`;
      assignments.push({ section, key, value, isText: false, origin });
    }
  }
  return assignments;
}

/**
 * The assignment that is typed after `--set`.
 *
 * @param text `section.key=value`.
 * @throws UsageError if it has another form, or there is no such section.
 */
export function setAssignment(text: string): Assignment {
  const match = /^(\w+)\.(\w+)=(.*)$/s.exec(text);
  if (!match) {
    throw new UsageError(
      `--set ${cut(text)}: expected section.setting=value, such as updater.learning_rate=3e-4`,
    );
  }
  const [, name = "", key = "", value = ""] = match;
  const origin = `--set ${cut(name)}.${cut(key)}`;
  return { section: checkSection(name, origin), key, value, isText: true, origin };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
