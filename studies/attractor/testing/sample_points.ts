/** Results of the experiment for tests, without training. */
import { packFloats } from "../../../store/base64_floats.ts";
import type { NetworkExamination } from "../../../analysis/examine/examination.ts";
import { proportion } from "../../../analysis/examine/recall.ts";
import { attractorConfigurations } from "../configurations.ts";
import type { AttractorResults, NetworkResult, PointResult } from "../results.ts";

/** An examination of a network of 64 neurons, of two memories, the second held as its inverse. */
export function examination(
  seed: number,
  { exact, fixed }: { exact: number; fixed: number },
): NetworkExamination {
  const recall = {
    exact: proportion(exact, 10),
    inverse: proportion(0, 10),
    overlap: 1,
    absolute_overlap: 1,
  };
  const basins = [0, 0.05, 0.1, 0.2, 0.3].map((flips) => ({ flips, ...recall }));
  return {
    seed,
    label: `seed ${seed}`,
    point: 0,
    neurons: 64,
    memories: [1, -1].map((retention) => ({
      retention,
      absolute_retention: 1,
      reaction: 1,
      absolute_reaction: 1,
      fixed: true,
    })),
    fixed: proportion(fixed, 4),
    cues: [],
    basins,
    stable: {
      starts: 8,
      settled: 7,
      memory: { states: 2, starts: 3 },
      inverse: { states: 2, starts: 3 },
      spurious: { states: 1, starts: 1 },
    },
    hebb: { correlation: 0.9, scale: 4, gain: 4, fixed: proportion(1, 4), basins },
    pseudo_inverse: null,
  };
}

export const network = (seed: number, more: Partial<NetworkResult> = {}): NetworkResult => ({
  seed,
  neurons: 64,
  memories: 4,
  outcome: "converged",
  updates: 10 * seed,
  runUpdates: 10 * seed,
  history: { updates: [10, 20], retention: [0.5, 1], reaction: [1, 1] },
  metric: () => undefined,
  examination: examination(seed, { exact: 10 - seed, fixed: 4 }),
  ...more,
});

export const point = (networks: readonly NetworkResult[]): PointResult => ({
  configuration: attractorConfigurations[0]!,
  value: undefined,
  title: "",
  networks,
});

/** What only the first network of a point has: two memories over four steps, and weights. */
const firstNetwork = {
  trajectories: [0.1, 0.5].flatMap((flips) =>
    [0, 1].map((memory) => ({ memory, flips, energy: [-1, -2], overlap: [0.5, memory] }))
  ),
  retention_over_time: { at: [0, 1, 2, 3], shown: 2, overlap: [[0, 1, 1, 1], [0, 1, 1, -1]] },
  weights: packFloats(new Float32Array(64 * 64).fill(0.5)),
} as const satisfies Partial<NetworkExamination>;

/** Two networks of every configuration and swept value; what may diverge has diverged. */
export function sampleResults(): AttractorResults {
  const points = attractorConfigurations.flatMap((configuration): PointResult[] => {
    const { sweep, settings, values: common, title } = configuration;
    const values = settings.find((text) => text.startsWith("training.sweep="))?.split("=").at(-1);
    return (values?.split(",").map(Number) ?? [undefined]).map((value) => {
      const memories = Number(sweep === "task.memories" ? value : common["task.memories"]);
      const sizes = { neurons: Number(common["task.neurons"] ?? 64), memories };
      const divergence = { outcome: "diverged", examination: undefined } as const;
      return {
        configuration,
        value,
        title,
        networks: [1, 2].map((seed) => {
          const tests = examination(seed, { exact: 10 - seed, fixed: 4 });
          const cues = tests.basins.map(({ flips, ...recall }) => ({
            ...{ kind: "flips", level: flips, retention: 1, reaction: 1 } as const,
            ...recall,
          }));
          return network(seed, {
            ...sizes,
            examination: { ...tests, ...seed === 1 ? firstNetwork : {}, cues },
            ...configuration.mayDiverge ? divergence : {},
          });
        }),
      };
    });
  });
  return { points, seconds: 100 };
}
