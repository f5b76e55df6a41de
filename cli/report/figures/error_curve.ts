/** Summed error per episode over training, with a smoothed line, and the shares of wrong bits. */
import type { RunFiles } from "../run_files.ts";
import { type Chart, colours } from "./chart.ts";
import { type Curve, finiteMean, readCurve } from "./curve.ts";
import { drawCurves, type Line } from "./draw_curves.ts";

export interface ErrorCurve {
  /** Σ|y - target|, a mean over the episodes between two logged rows. */
  readonly error?: Curve;
  /** The mean of the replicas, smoothed. */
  readonly smoothed?: Curve;
  /** That error where every erased bit is guessed. */
  readonly guessing?: number;
}

/** Share of the curve that a smoothed point is a mean of. */
const WINDOW = 0.04;

/** Mean over a window around each value, narrower at the ends so that it stays centred there. */
export function smooth(values: readonly number[], window: number): number[] {
  const reach = Math.floor(window / 2);
  return values.map((_, index) => {
    const near = Math.min(reach, index, values.length - 1 - index);
    return finiteMean(values.slice(index - near, index + near + 1));
  });
}

export function errorCurve({ metrics, config }: RunFiles): ErrorCurve {
  const error = readCurve(metrics, "train/error");
  if (!error) return {};
  const values = smooth(error.mean, Math.ceil(WINDOW * error.mean.length));
  return {
    error,
    smoothed: { ...error, key: "smoothed", replicas: [values], mean: values },
    guessing: erasedBits(config["task"]),
  };
}

/** A bit is 1 away from an output of 0, and 0 or 2 from a guess: 1 on average either way. */
function erasedBits(task: unknown): number | undefined {
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

export function wrongShares({ metrics }: RunFiles): Line[] {
  return shares.flatMap(({ key, label, colour }) => {
    const curve = readCurve(metrics, key);
    return curve ? [{ label, colour, curve }] : [];
  });
}

export const drawWrongShares = (lines: readonly Line[]): Chart =>
  drawCurves("wrong-bits", lines, { yTitle: "share", share: true });
