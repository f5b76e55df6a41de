/** Metrics that vary much from sequence to sequence, as their loss declares, with a smoothed line. */
import { capitalised, factsOf, scoreOf, withUnit, wordsOf } from "../metric_words.ts";
import type { RunFiles } from "../run_files.ts";
import { colours } from "./chart.ts";
import { type Curve, finiteMean, meanCurve, readAverages, readCurve } from "./curve.ts";
import type { Line } from "./draw_curves.ts";
import { guessingLevels } from "./metric_groups.ts";
import type { CurvePanel } from "./panel.ts";

export interface NoisyCurve {
  /** As a mean over the sequences between two logged rows. */
  readonly training?: Curve;
  /** The mean of the replicas, smoothed. */
  readonly smoothed?: Curve;
  readonly heldOut?: Curve;
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

/** Metrics beside score and loss, which have figures of their own, that a loss calls noisy. */
export const noisyMetrics = (files: RunFiles): string[] =>
  Object.entries(files.figures.metrics).flatMap(([name, { isNoisy }]) =>
    isNoisy && name !== "loss" && name !== scoreOf(files) ? [name] : []
  );

export function noisyCurve({ metrics, sweep }: RunFiles, name: string): NoisyCurve {
  const training = readCurve(metrics, `train/${name}`, sweep);
  const averages = readAverages(metrics, `train/${name}`, sweep);
  const heldOut = readCurve(metrics, `eval/${name}`, sweep);
  return {
    ...training && averages ? { training, smoothed: smoothed(averages) } : {},
    ...heldOut ? { heldOut } : {},
  };
}

/** The smoothed mean; of a sweep, a smoothed mean for each point. */
function smoothed(curve: Curve): Curve {
  const window = Math.ceil(WINDOW * curve.mean.length);
  const mean = smooth(curve.mean, window);
  const { sweep } = curve;
  const key = `${curve.key}, smoothed`;
  if (!sweep) return { ...curve, key, replicas: [mean], mean };
  const points = sweep.points.map((point, index) => ({ ...point, replicas: [index] }));
  return {
    ...curve,
    key,
    replicas: sweep.points.map(({ replicas }) => smooth(meanCurve(curve, replicas), window)),
    mean,
    sweep: { labels: points.map(({ label }) => label), points },
  };
}

/** A panel for each, with the level of a network that guesses if the task knows it. */
export const noisyPanels = (files: RunFiles): CurvePanel[] =>
  noisyMetrics(files).map((name, index) => {
    const { training, smoothed, heldOut } = noisyCurve(files, name);
    const facts = factsOf(files, name);
    const lines: Line[] = [
      ...training ? [{ label: "training", colour: colours.train, curve: training }] : [],
      ...smoothed ? [{ label: "smoothed", colour: colours.heldOut, curve: smoothed }] : [],
      ...heldOut ? [{ label: "held out", colour: colours.third, curve: heldOut }] : [],
    ];
    return {
      id: `noisy-${index}`,
      title: capitalised(wordsOf(name)),
      caption: facts.summary ?? "",
      lines,
      options: {
        yTitle: withUnit(wordsOf(name), facts),
        facts,
        levels: guessingLevels(files, name),
      },
    };
  });
