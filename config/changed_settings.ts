/** Which settings of a run are not those that it would have by themselves. */
import { sectionNames } from "./assignment.ts";
import type { RunConfig } from "./run_config.ts";
import { resolveConfig } from "./resolve_config.ts";

/** A setting, with its value in a run and without being set. */
export interface ChangedSetting {
  /** Such as `model.hidden_size`. */
  readonly path: string;
  readonly value: unknown;
  /** Undefined where it has no default. */
  readonly fallback: unknown;
}

/** What tells that a run is long or where it computes; said of every run. */
const always: ReadonlySet<string> = new Set([
  "training.iterations",
  "training.seeds",
  "training.sweep",
]);

/**
 * The settings in which a config differs from that of a run of which only task, model, updater and the number of
 * iterations are given.
 *
 * @throws UsageError as `resolveConfig` if these alone make no run.
 */
export function changedSettings(config: RunConfig): ChangedSetting[] {
  const { catalogue } = config;
  const given = [
    ...(["task", "model", "updater"] as const).map((section) =>
      ({ section, key: "name", value: config[section].name }) as const
    ),
    { section: "training", key: "iterations", value: config.training.iterations } as const,
  ];
  const requested = given.map((item) => ({ ...item, isText: false, origin: "config.json" }));
  const plain = resolveConfig(requested, { catalogue }).config;
  return sectionNames.flatMap((section) => {
    const [ours, theirs] = [config, plain].map((of) =>
      of[section] as Readonly<Record<string, unknown>>
    );
    return Object.keys({ ...theirs, ...ours }).flatMap((key) => {
      const path = `${section}.${key}`;
      const [value, fallback] = [ours![key], theirs![key]];
      const isEqual = JSON.stringify(value) === JSON.stringify(fallback);
      return isEqual || always.has(path) ? [] : [{ path, value, fallback }];
    });
  });
}
