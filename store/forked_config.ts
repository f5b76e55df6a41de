/** The config of a run that goes on from a checkpoint of another one, with any setting changed. */
import { join } from "node:path";
import { type Assignment, sectionNames } from "../config/assignment.ts";
import { Catalogue, type EntrySection, entrySections } from "../config/catalogue.ts";
import { configAssignments } from "../config/config_file.ts";
import { resolveConfig, type Resolved } from "../config/resolve_config.ts";
import type { RunConfig } from "../config/run_config.ts";
import type { OwnCode } from "./stored_code.ts";
import { withStoredCode } from "./stored_code.ts";
import { readStoredSettings } from "./stored_run.ts";

/** The config of a fork, and that of the run it comes from. */
export interface ForkedConfig extends Resolved {
  readonly parent: RunConfig;
}

/**
 * The settings of a run with those that are asked for in their place.
 *
 * @param asked settings of files and flags, weakest first. A section whose name changes keeps nothing else.
 * @param code what stands for names that are of no table, of the run or of the fork.
 * @throws UsageError if the folder holds no run, its code is missing, or a setting is wrong.
 */
export function forkedConfig(
  folder: string,
  asked: readonly Assignment[],
  code: OwnCode,
): ForkedConfig {
  const source = join(folder, "config.json");
  const settings = readStoredSettings(folder);
  const hashes = (settings["code"] ?? {}) as Readonly<Record<string, unknown>>;
  // Code for a section that had none of its own belongs to the fork alone.
  const isStored = (section: EntrySection) => Object.hasOwn(hashes, section);
  const ofRun = Object.fromEntries(
    entrySections.filter(isStored).flatMap((section) =>
      code.own[section] ? [[section, code.own[section]]] : []
    ),
  );
  const { sections, catalogue } = withStoredCode(settings, { ...code, own: ofRun }, source);
  const stored = configAssignments(sections, source);
  const { config: parent } = resolveConfig(stored, { source, catalogue });
  const changes = asked.filter(({ section, key, value }) =>
    key !== "name" || ofRun[section]?.name !== value
  );
  const isRenamed = (section: string) =>
    changes.some((change) =>
      change.section === section && change.key === "name" &&
      change.value !== stored.find((old) => old.section === section && old.key === "name")?.value
    );
  const kept = stored.filter(({ section }) => !isRenamed(section));
  const own = new Catalogue({ ...catalogue.own, ...withoutStored(code, isStored) });
  const resolved = resolveConfig([...kept, ...changes], { source, catalogue: own });
  return { ...resolved, parent };
}

const withoutStored = ({ own }: OwnCode, isStored: (section: EntrySection) => boolean) =>
  Object.fromEntries(
    entrySections.filter((section) => !isStored(section) && own[section])
      .map((section) => [section, own[section]]),
  );

/**
 * The settings in which two configs differ, old and new value by path; null: it has none. Of a section with another
 * name that name alone, since all else of it is another thing.
 */
export function differences(
  parent: RunConfig,
  config: RunConfig,
): Record<string, readonly [unknown, unknown]> {
  const changed: Record<string, readonly [unknown, unknown]> = {};
  for (const section of new Set(sectionNames)) {
    const [before, now]: Readonly<Record<string, unknown>>[] = [parent[section], config[section]];
    const isRenamed = before!["name"] !== now!["name"];
    const keys = isRenamed ? ["name"] : [...Object.keys(before!), ...Object.keys(now!)];
    for (const key of new Set(keys)) {
      const [old, value] = [before![key] ?? null, now![key] ?? null];
      if (JSON.stringify(old) !== JSON.stringify(value)) {
        changed[`${section}.${key}`] = [old, value];
      }
    }
  }
  return changed;
}
