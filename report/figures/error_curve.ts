/** The summed error of an episode over training, with a smoothed line. */
import { countOfShare } from "../../tasks/count_of_share.ts";
import { factsOf, scoreOf, withUnit } from "../metric_words.ts";
import type { RunFiles } from "../run_files.ts";
import type { SweepNames } from "../sweep_names.ts";
import { colours } from "./chart.ts";
import { type Curve, finiteMean, meanCurve, readAverages, readCurve } from "./curve.ts";
import type { Line } from "./draw_curves.ts";
import type { CurvePanel } from "./panel.ts";

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
  return countOfShare(degraded, pattern_size);
}

export function errorPanel(files: RunFiles): CurvePanel {
  const { error, smoothed, guessing } = errorCurve(files);
  const facts = factsOf(files, "error");
  const lines: Line[] = [];
  if (error) lines.push({ label: "episodes", colour: colours.train, curve: error });
  if (smoothed) lines.push({ label: "smoothed", colour: colours.heldOut, curve: smoothed });
  return {
    id: "error",
    title: "Error",
    caption: facts.summary ?? "",
    // The error of the score has a figure of its own.
    lines: scoreOf(files) === "error" ? [] : lines,
    options: {
      yTitle: withUnit("error", facts),
      levels: guessing === undefined ? [] : [{ label: "guessing", value: guessing }],
    },
  };
}
