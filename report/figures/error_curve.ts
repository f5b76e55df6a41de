/** The summed error of an episode over training, with a smoothed line, and shares of wrong bits. */
import type { RunFiles } from "../run_files.ts";
import type { SweepNames } from "../sweep_names.ts";
import { type Chart, colours } from "./chart.ts";
import { type Curve, finiteMean, meanCurve, readAverages, readCurve } from "./curve.ts";
import { drawCurves, type Line } from "./draw_curves.ts";

export interface ErrorCurve {
  /** Σ|y - target|, as a mean over the episodes between two logged rows. */
  readonly error?: Curve;
  /** The mean of the replicas, smoothed. */
  readonly smoothed?: Curve;
  /** The error of a network that guesses every erased bit. */
  readonly guessing?: number;
}

/** Width of the smoothing window, as a share of the curve. */
const WINDOW = 0.04;

/** Mean over a centred window around each value; the window is narrower at the ends. */
export function smooth(values: readonly number[], window: number): number[] {
  const reach = Math.floor(window / 2);
  return values.map((_, index) => {
    const near = Math.min(reach, index, values.length - 1 - index);
    return finiteMean(values.slice(index - near, index + near + 1));
  });
}

export function errorCurve({ metrics, config, sweep }: RunFiles): ErrorCurve {
  const error = readCurve(metrics, "train/error", sweep);
  const averages = readAverages(metrics, "train/error", sweep);
  if (!error || !averages) return {};
  return { error, smoothed: smoothed(averages), guessing: erasedBits(config["task"], sweep) };
}

/** The smoothed mean; of a sweep, a smoothed mean for each point. */
function smoothed(error: Curve): Curve {
  const window = Math.ceil(WINDOW * error.mean.length);
  const mean = smooth(error.mean, window);
  const { sweep } = error;
  if (!sweep) return { ...error, key: "smoothed", replicas: [mean], mean };
  const points = sweep.points.map((point, index) => ({ ...point, replicas: [index] }));
  return {
    ...error,
    key: "smoothed",
    replicas: sweep.points.map(({ replicas }) => smooth(meanCurve(error, replicas), window)),
    mean,
    sweep: { labels: points.map(({ label }) => label), points },
  };
}

/** Number of erased bits. A guessed bit has an error of 1 on average, an output of 0 exactly 1. */
function erasedBits(task: unknown, sweep: SweepNames | undefined): number | undefined {
  const swept = Object.keys(sweep?.points[0]?.values ?? {});
  if (swept.includes("task.pattern_size") || swept.includes("task.degraded")) return undefined;
  const { pattern_size, degraded } = (task ?? {}) as Record<string, unknown>;
  if (typeof pattern_size !== "number" || typeof degraded !== "number") return undefined;
  return Math.trunc(pattern_size * degraded);
}

export function drawErrorCurve({ error, smoothed, guessing }: ErrorCurve): Chart {
  const lines: Line[] = [];
  if (error) lines.push({ label: "episodes", colour: colours.train, curve: error });
  if (smoothed) lines.push({ label: "smoothed", colour: colours.heldOut, curve: smoothed });
  return drawCurves("error", lines, {
    yTitle: "summed error",
    levels: guessing === undefined ? [] : [{ label: "guessing", value: guessing }],
  });
}

const shares = [
  { key: "train/wrong_erased", label: "wrong among erased bits", colour: colours.heldOut },
  { key: "train/wrong_bits", label: "wrong among all bits", colour: colours.train },
  { key: "train/large_errors", label: "episodes with an error above 10", colour: colours.third },
] as const;

export function wrongShares({ metrics, sweep }: RunFiles): Line[] {
  return shares.flatMap(({ key, label, colour }) => {
    const curve = readCurve(metrics, key, sweep);
    return curve ? [{ label, colour, curve }] : [];
  });
}

export const drawWrongShares = (lines: readonly Line[]): Chart =>
  drawCurves("wrong-bits", lines, { yTitle: "share", isShare: true });
