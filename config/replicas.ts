/** The replicas of a run: every point of its sweep with every seed, in the order of the axis P. */
import type { RunConfig } from "./run_config.ts";
import { pathsOfKey, valuesOfKey } from "./sweep.ts";

/** One network of a run. */
export interface Replica {
  /** Its seed. */
  readonly seed: number;
  /** Number of its point in the sweep; the last swept setting varies fastest. */
  readonly point: number;
  /** Its values of swept settings, by path. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Such as "memories 10, seed 2". */
  readonly label: string;
}

type Training = Pick<RunConfig["training"], "seeds" | "sweep">;

/** The replicas of a config, [P]: index = point * seeds + index of the seed. */
export function replicasOf(
  { training: { seeds, sweep } }: { readonly training: Training },
): readonly Replica[] {
  return pointsOf(sweep).flatMap((settings, point) => {
    const values = pointLabel(settings);
    return seeds.map((seed): Replica => ({
      seed,
      point,
      settings,
      label: values === ""
        ? `seed ${seed}`
        : seeds.length === 1
        ? values
        : `${values}, seed ${seed}`,
    }));
  });
}

/** The values of a point in words, such as "memories 10, learning rate 0.1"; empty without a sweep. */
export function pointLabel(settings: Replica["settings"]): string {
  const nameOf = pathNames(Object.keys(settings));
  return Object.entries(settings).map(([path, value]) => `${nameOf(path)} ${textOf(value)}`)
    .join(", ");
}

/** The config that trains one replica of a run alone. */
export function configOf(config: RunConfig, { seed, settings }: Replica): RunConfig {
  const point = withSettings(config, settings);
  return { ...point, training: { ...point.training, seeds: [seed], sweep: {} } };
}

/** The first replica of each point of the sweep. */
export const firstOfPoints = (replicas: readonly Replica[]): Replica[] =>
  replicas.filter(({ point }, index) => replicas[index - 1]?.point !== point);

/** The Cartesian product of all lists of values; without a sweep, one point that sets nothing. */
function pointsOf(sweep: Training["sweep"]): Readonly<Record<string, unknown>>[] {
  return Object.entries(sweep).reduce<Record<string, unknown>[]>(
    (points, [key, values]) =>
      points.flatMap((point) => values.map((value) => ({ ...point, ...settingsAt(key, value) }))),
    [{}],
  );
}

/** The settings of a key of a sweep at one of its values. */
function settingsAt(key: string, value: unknown): Record<string, unknown> {
  const values = valuesOfKey(key, value);
  return Object.fromEntries(pathsOfKey(key).map((path, place) => [path, values[place]]));
}

function withSettings(config: RunConfig, settings: Replica["settings"]): RunConfig {
  const sections: Record<string, object> = { ...config };
  for (const [path, value] of Object.entries(settings)) {
    const [section = "", key = ""] = path.split(".");
    sections[section] = { ...sections[section], [key]: value };
  }
  return sections as unknown as RunConfig;
}

/**
 * Names of paths, such as "learning rate": the last part alone, if no other path ends in it. The name of an entry is
 * called by its section: "model".
 */
export function pathNames(paths: readonly string[]): (path: string) => string {
  const keyOf = (path: string) => path.replace(/\.name$/, "").replace(/^.*\./, "");
  return (path) => {
    const isUnique = paths.filter((other) => keyOf(other) === keyOf(path)).length === 1;
    return (isUnique ? keyOf(path) : path).replaceAll("_", " ");
  };
}

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);
