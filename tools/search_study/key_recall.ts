/**
 * Key recall on a lattice of settings: real trainings that searches look up, so that many searches cost no
 * more than all of its points once.
 */
import { trainRun } from "../../mod.ts";

/** `count` numbers, each `10 ** step` times the one before, with three digits. */
const powers = (first: number, step: number, count: number): number[] =>
  Array.from({ length: count }, (_, n) => Number((first * 10 ** (n * step)).toPrecision(3)));

/** Values of the settings, by path. Those of a grid are every second one, of the last all. */
export const lattice = {
  "updater.learning_rate": powers(3e-4, 3 / 8, 9),
  "model.plast_clip": powers(10, 1 / 2, 7),
  "model.forget_rate": powers(0.01, 1 / 2, 4),
  "model.hidden_size": [8, 16, 32],
} as const;

/** Values of each setting of the lattice, by path. */
export type Lattice = Readonly<Record<keyof typeof lattice, readonly number[]>>;

/** Rows of metrics of each training; iterations between them; seeds of each point. */
export const rows = 27;
const every = 40;
export const seeds = [1, 2];

/** Rows whose losses are kept: searches look at no others. */
export const keptRows = [3, 9, rows];

/** Losses on held-out sequences of one point, [seed][kept row]; null: not finite. */
export type Losses = readonly (readonly (number | null)[])[];

/** The points of one hidden size: the last of the other settings varies fastest. */
export interface SizeTable {
  readonly hiddenSize: number;
  readonly points: readonly Losses[];
}

/**
 * Trains all points of a lattice, those of one hidden size side by side.
 *
 * @param values of the settings.
 * @param options.out an empty folder for the runs.
 * @param options.progress none: the runs print nothing.
 */
export async function trainLattice(
  values: Lattice,
  { out, progress }: { out: string; progress?: "none" },
): Promise<SizeTable[]> {
  const { "model.hidden_size": sizes, ...swept } = values;
  const tables: SizeTable[] = [];
  for (const hiddenSize of sizes) {
    const { run } = await trainRun({
      ...{ task: "long_range_memory", model: "ethereal", updater: "dfa" },
      settings: {
        model: { hidden_size: hiddenSize, num_layers: 2, input_mode: "last_two" },
        updater: { clip_weights: 1 },
      },
      training: {
        ...{ seeds, sweep: swept, iterations: rows * every, log_every: every },
        ...{ checkpoint_every: 0, test_sequences: 0 },
      },
      device: { name: "cpu" },
      out: `${out}/${hiddenSize}`,
      ...progress && { progress },
    });
    const { "eval/loss": all = [] } = run.metricColumns().values;
    const replicas = all.map((losses) =>
      keptRows.map((row) => losses[row - 1]!)
        .map((loss) => Number.isFinite(loss) ? Number(loss.toFixed(4)) : null)
    );
    const points = replicas.flatMap((_, first) =>
      first % seeds.length === 0 ? [replicas.slice(first, first + seeds.length)] : []
    );
    tables.push({ hiddenSize, points });
  }
  return tables;
}
