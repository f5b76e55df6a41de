/** The settings of a script as assignments. */
import type { Assignment, SectionName } from "../config/assignment.ts";
import { didYouMean } from "../core/similar_name.ts";
import { quote } from "../config/plain_text.ts";
import { UsageError } from "../config/usage_error.ts";
import type { TrainRunOptions } from "./train_run_options.ts";

const optionNames = [
  "model",
  "task",
  "updater",
  "settings",
  "training",
  "device",
  "preset",
  "out",
  "resume",
  "fork",
  "checkpoint",
  "initFrom",
  "allowChangedCode",
  "figures",
  "progress",
  "onProgress",
  "onRow",
  "signal",
  "signals",
] as const satisfies readonly (keyof TrainRunOptions)[];

const settingGroups = ["task", "model", "updater"] as const;

/**
 * The settings that a script gives; errors about them name them as the script does.
 *
 * @throws UsageError for an option that there is not, or a group that is none.
 */
export function scriptSettings(options: TrainRunOptions): Assignment[] {
  requireKnown(options, optionNames, "trainRun");
  const { settings = {}, training = {}, device = {} } = options;
  requireKnown(settings, settingGroups, "settings");
  return [
    ...settingGroups.flatMap((section) =>
      assignments(section, settings[section] ?? {}, `settings.${section}`)
    ),
    ...assignments("training", training, "training"),
    ...assignments("device", typeof device === "string" ? { name: device } : device, "device"),
  ];
}

/** @throws UsageError that suggests the name that was meant. */
function requireKnown(group: object, known: readonly string[], owner: string): void {
  requireGroup(group, owner);
  const unknown = Object.keys(group).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new UsageError(
    `${owner}: there is no ${quote(unknown)}${didYouMean(unknown, known)}; there are ${
      known.join(", ")
    }`,
  );
}

function requireGroup(group: unknown, owner: string): asserts group is object {
  if (typeof group === "object" && group !== null && !Array.isArray(group)) return;
  throw new UsageError(`${owner}: expected a group of settings, got ${quote(group)}`);
}

function assignments(section: SectionName, group: object, owner: string): Assignment[] {
  requireGroup(group, owner);
  return Object.entries(group).filter(([, value]) => value !== undefined).map(([key, value]) => {
    const origin = `${owner}.${key}`;
    requirePlainData(value, origin);
    if (key !== "name" || section === "device") {
      return { section, key, value, isText: false, origin };
    }
    throw new UsageError(`${origin}: it is no setting; give the name as \`${section}\``);
  });
}

/** @throws UsageError for a value that `config.json` cannot hold: a run could not go on with it. */
function requirePlainData(value: unknown, origin: string): void {
  if (isPlainData(value)) return;
  throw new UsageError(
    `${origin}: expected plain data, which a run folder can hold, got code; it belongs into a model, ` +
      "task or updater of one's own, as the optimizer of examples/own/bptt_adamw.ts",
  );
}

/** Whether a value is of texts, numbers, truth values, null, and lists and groups of these. */
function isPlainData(value: unknown): boolean {
  if (typeof value !== "object") return typeof value !== "function" && typeof value !== "symbol";
  if (value === null) return true;
  if (Array.isArray(value)) return value.every(isPlainData);
  const prototype = Object.getPrototypeOf(value);
  return (prototype === null || prototype === Object.prototype) &&
    Object.values(value).every(isPlainData);
}
