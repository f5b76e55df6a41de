/** Names of the points and replicas of a sweep in its report. */
import { z } from "../deps/zod.ts";
import { firstOfPoints, pathNames, pointLabel, replicasOf } from "../config/replicas.ts";
import { mostReplicas } from "../config/run_config.ts";
import { pathsOfKey } from "../config/sweep.ts";
import { plain } from "./plain_text.ts";

/** A combination of swept values. */
export interface SweepPoint {
  /** Such as "memories 10". */
  readonly label: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Positions on the axis P. */
  readonly replicas: readonly number[];
}

export interface SweepNames {
  /** [P], such as "memories 10, seed 2". */
  readonly labels: readonly string[];
  readonly points: readonly SweepPoint[];
  /** Names of the swept settings by path, such as "memories". */
  readonly settings: Readonly<Record<string, string>>;
}

const config = z.object({
  training: z.object({
    seeds: z.array(z.number()).min(1),
    sweep: z.record(z.string(), z.array(z.unknown()).min(1)),
  }),
});

/** Undefined if the config of a run sweeps nothing. */
export function sweepNames(stored: Readonly<Record<string, unknown>>): SweepNames | undefined {
  const { data } = config.safeParse(stored);
  const lists = Object.values(data?.training.sweep ?? {});
  if (!data || lists.length === 0) return undefined;
  const { seeds } = data.training;
  const count = lists.reduce((product, { length }) => product * length, seeds.length);
  if (count > mostReplicas) return undefined;
  const replicas = replicasOf({ training: data.training });
  const points = firstOfPoints(replicas).map(({ settings, point }): SweepPoint => ({
    label: plain(pointLabel(settings)),
    values: settings,
    replicas: seeds.map((_, index) => point * seeds.length + index),
  }));
  const paths = Object.keys(data.training.sweep).flatMap(pathsOfKey);
  const nameOf = pathNames(paths);
  return {
    labels: replicas.map(({ label }) => plain(label)),
    points,
    settings: Object.fromEntries(paths.map((path) => [path, plain(nameOf(path))])),
  };
}
