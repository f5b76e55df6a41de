/** The settings of points of a sweep, and of the run that trains several of them. */
import { type Assignment, checkSection } from "../../config/assignment.ts";
import { entrySections } from "../../config/catalogue.ts";
import { cut } from "../../config/plain_text.ts";
import { resolveConfig } from "../../config/resolve_config.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { UsageError } from "../../config/usage_error.ts";
import type { JsonValue, Trial } from "../search/trial.ts";
import type { Sweep } from "./sweep.ts";

/** What a point of a sweep sets. @throws UsageError for a value of what is no setting. */
export function pointAssignments({ stored }: Sweep, values: Trial["values"]): Assignment[] {
  return Object.entries(values).flatMap(([path, value]): Assignment[] => {
    const origin = `${stored.file.name}: ${cut(path)}`;
    const [name = "", key = "", ...rest] = path.split(".");
    if (key === "" || rest.length > 0) {
      throw new UsageError(`${origin}: expected section.setting, such as updater.learning_rate`);
    }
    // Nothing is the absence of an optional setting.
    if (value === null) return [];
    const isText = typeof value === "string";
    return [{ section: checkSection(name, origin), key, value, isText, origin }];
  });
}

/** The config that trains a point alone, with all its seeds. @throws UsageError in one line, as `train` says it. */
export function pointConfig(sweep: Sweep, values: Trial["values"]): RunConfig {
  const { stored: { settings, preset, seeds }, catalogue } = sweep;
  const asked: Assignment[] = [
    ...settings,
    { section: "training", key: "seeds", value: seeds, isText: false, origin: "--seeds" },
    ...pointAssignments(sweep, values),
  ];
  return resolveConfig(asked, { preset, catalogue }).config;
}

/**
 * The config of one run of several points, in their order. The settings in which they differ are swept together.
 *
 * @param configs those of the points alone; sections training and device have to be equal.
 */
export function jobConfig(configs: readonly RunConfig[]): RunConfig {
  const [first] = configs as readonly [RunConfig];
  const paths = entrySections.flatMap((section) => {
    const keys = new Set(configs.flatMap((config) => Object.keys(config[section])));
    return [...keys].filter((key) =>
      new Set(configs.map((config) => JSON.stringify(config[section][key]))).size > 1
    ).map((key) => ({ section, key }));
  });
  if (paths.length === 0) return first;
  const values = configs.map((config) =>
    paths.map(({ section, key }) => config[section][key] as JsonValue)
  );
  const sweep = {
    [paths.map(({ section, key }) => `${section}.${key}`).join(",")]: paths.length === 1
      ? values.map(([value]) => value)
      : values,
  };
  return { ...first, training: { ...first.training, sweep } };
}
