/** The figures of docs/results/reversal_inside.md. */
import { PARTS } from "./evidence.ts";
import type { Growth } from "./growth.ts";
import { meanOf } from "./interference.ts";
import { FORMS } from "./key_read.ts";
import type { Recall } from "./recall.ts";
import { estimate, type Inside, lagNames, LAGS, type Masked } from "./measurements.ts";
import { barPanel, curvePanel, figure, heatPanel } from "./svg.ts";

/** By group, of each seed. */
export type Recalls = readonly Record<string, Recall>[];

const RECALLED = ["lag 1", "lag 3, half of 2", "lag 3, half of 3", "lag 5"];
const twoLines = (name: string) => name.replace(", ", "|");

/** Symbols that the steps of a half of 3 show. */
const SHOWN = ["a", "b", "c", ".", "c", "b"];

/** Recall by lag of several networks, of all answers and among letters. */
export function recallFigure(recalls: Readonly<Record<string, Recalls>>): string {
  const panel = (title: string, key: keyof Recall) =>
    barPanel({
      width: 500,
      height: 330,
      title,
      yLabel: "share",
      range: [0, 1],
      labels: RECALLED.map(twoLines),
      series: Object.fromEntries(
        Object.entries(recalls).map(([name, all]) => [
          name,
          RECALLED.map((group) => estimate(all.map((one) => one[group]![key]))),
        ]),
      ),
    });
  const panels = [
    panel("Right answers", "right"),
    panel("Right, if only letters count", "rightLetter"),
  ];
  return figure([panels]);
}

/** What carries the evidence: part and step of the writes. */
export function evidenceFigure(all: readonly Inside[]): string {
  return figure([lagNames.map((name) => {
    const { half, lag, asks } = LAGS[name];
    const steps = half + (lag - 1) / 2;
    const shown = [...SHOWN.slice(0, half), ".", ...SHOWN.slice(0, half).toReversed()];
    return barPanel({
      width: 120 + 75 * steps,
      height: 330,
      title: `${name}: asks for ${asks}`,
      yLabel: "loss of evidence, nats",
      range: [-0.5, 2],
      labels: Array.from(
        { length: steps },
        (_, at) => `step ${at}|${shown[at]} (${shown[at - 1] ?? "-"})`,
      ),
      series: Object.fromEntries(PARTS.map((part) => [
        part,
        Array.from(
          { length: steps },
          (_, at) => estimate(all.map(({ evidence }) => evidence[name].byStep[part][at]!)),
        ),
      ])),
    });
  })]);
}

/** The effect of each write on each answer, by layer. */
export function influenceFigure(all: readonly Inside[]): string {
  const layers = ["first layer", "second layer", "readout", "all layers"];
  const matrices = meanOf(all.map(({ influence }) => influence));
  const panels = layers.map((title, layer) =>
    heatPanel({
      width: 460,
      height: 215,
      title: `Writes into the ${title}`.replace("the all", "all"),
      rows: ["3: says c", "4: says b", "5: says a"],
      columns: SHOWN.slice(0, 5).map((symbol, at) =>
        `step ${at}|${symbol} (${SHOWN[at - 1] ?? "-"})`
      ),
      cells: matrices[layer]!,
      bound: 0.6,
      xLabel: "write of the step that shows: current (previous) symbol",
      yLabel: "recall step",
    })
  );
  return figure([panels.slice(0, 2), panels.slice(2)]);
}

/** Networks of several masks, one a seed. */
export type MaskedSeeds = Readonly<Record<string, readonly Masked[]>>;

/** How a key is read through a mask, and what training makes of other masks. */
export function maskFigure(
  all: readonly Inside[],
  { masks, shares }: { masks: MaskedSeeds; shares: MaskedSeeds },
): string {
  const shape = { width: 480, height: 330, range: [0, 1] } as const;
  const yLabel = "share right among letters";
  const keys = barPanel({
    ...shape,
    width: 540,
    title: "What of a key can be read: differences outside the value",
    yLabel: "share of squared differences",
    labels: Object.keys(FORMS).map(twoLines),
    series: Object.fromEntries(lagNames.map((name) => [
      name,
      Object.keys(FORMS).map((form) => estimate(all.map(({ keys }) => keys[name][form]!.outside))),
    ])),
  });
  const right = (seeds: readonly Masked[], group: string) =>
    seeds.map(({ recall }) => recall[group]!.rightLetter);
  const byMask = barPanel({
    ...shape,
    title: "Right letter after 60k sequences, by mask",
    yLabel,
    labels: RECALLED.map(twoLines),
    series: Object.fromEntries(
      Object.entries(masks).map(([name, seeds]) => [
        name,
        RECALLED.map((group) => estimate(right(seeds, group))),
      ]),
    ),
  });
  const byShare = curvePanel({
    ...shape,
    title: "Right letter after 60k sequences, by share",
    yLabel,
    xLabel: "share of highly plastic weights (random)",
    x: Object.keys(shares).map(Number),
    series: Object.fromEntries(
      lagNames.map((group) => [group, Object.values(shares).map((seeds) => right(seeds, group))]),
    ),
  });
  const outside = curvePanel({
    ...shape,
    width: 540,
    title: "Outside the value at lag 3, half of 2, by share",
    yLabel: "share of squared differences",
    xLabel: "share of highly plastic weights (random)",
    x: Object.keys(shares).map(Number),
    series: {
      "as found at recall": Object.values(shares).map((seeds) =>
        seeds.map(({ key }) => key.outside)
      ),
    },
  });
  return figure([[keys, byMask], [outside, byShare]]);
}

/** A training over time. */
export interface Course {
  readonly sequences: readonly number[];
  /** [moment][seed] */
  readonly growth: readonly (readonly Growth[])[];
  /** Held-out loss, [moment][seed] */
  readonly loss: readonly (readonly number[])[];
}

/** Slow directions, logits and loss during training. */
export function growthFigure(courses: Readonly<Record<string, Course>>): string {
  return figure(
    Object.entries(courses).map(([name, { sequences: x, growth, loss }]) => {
      const shape = { width: 400, height: 300, xLabel: "sequences", x };
      const layers = ["first layer", "second layer", "readout"];
      return [
        curvePanel({
          ...shape,
          title: `${name}: largest slow direction`,
          yLabel: "singular value",
          range: [0, 20],
          series: Object.fromEntries(layers.map((layer, at) => [
            layer,
            growth.map((seeds) => seeds.map(({ layers }) => layers[at]!.largest)),
          ])),
        }),
        curvePanel({
          ...shape,
          title: `${name}: scale of the logits`,
          yLabel: "root mean square, nats",
          range: [0, 4],
          series: { logits: growth.map((seeds) => seeds.map(({ logits }) => logits)) },
        }),
        curvePanel({
          ...shape,
          title: `${name}: held-out loss`,
          yLabel: "nats per prediction (best .507)",
          range: [0.5, 2.5],
          series: { loss },
        }),
      ];
    }),
  );
}
