/** The figures of each study. */
import type { Figure } from "../../../report/figures/chart.ts";
import { activity, fixedShare, recallShare, signedRetention, worstRetention } from "../measures.ts";
import type { PointResult } from "../results.ts";
import type { StudyName } from "../studies.ts";
import { basinFigure } from "./basin_figure.ts";
import { capacityFigure } from "./capacity_figure.ts";
import { historyFigure } from "./history_figure.ts";
import { energyFigure, overlapFigure } from "./time_figures.ts";
import { valueFigure, valueLine } from "./value_figure.ts";
import { weightsFigure } from "./weights_figure.ts";

type Figures = (points: readonly PointResult[]) => (Figure | undefined)[];

const nameOf = ({ configuration: { name }, value }: PointResult): string =>
  value === undefined ? name : `${name}, ${value}`;
const withName = (point: PointResult) => ({ name: nameOf(point), point });
const startingWith = (points: readonly PointResult[], start: string) =>
  points.filter(({ configuration: { name } }) => name.startsWith(start));
const findPoint = (points: readonly PointResult[], name: string, value?: number) =>
  points.find((point) => point.configuration.name === name && point.value === value);

/** A figure of a point, if it exists. */
const drawIf = <F>(
  point: PointResult | undefined,
  draw: (point: PointResult) => F | undefined,
): F | undefined => point && draw(point);

const histories = (study: string): Figures => (points) => [
  historyFigure(`${study}-retention`, { title: "Retention", points: points.map(withName) }),
  historyFigure(`${study}-reaction`, {
    title: "Reaction",
    points: points.map(withName),
    metric: "reaction",
  }),
];

const basins = (study: string): Figures => (points) => [
  basinFigure(`${study}-basins`, { title: "Basins", lines: points.map(withName) }),
];

const formTitles = {
  published: "as published",
  strict: "zero diagonal and signed",
  margin: "with the margin",
} as const;

const figures: Readonly<Record<StudyName, Figures>> = {
  "single-memory": histories("single-memory"),
  "two-memories": (points) => [
    ...histories("two-memories")(points),
    ...["two-early", "two-published"].map((name) =>
      drawIf(
        findPoint(points, name),
        (point) => overlapFigure(`overlap-${name}`, { title: `Overlap over time: ${name}`, point }),
      )
    ),
  ],
  "activation-sweep": histories("activation-sweep"),
  "structure-ablation": (points) => [
    historyFigure("structure-published", {
      title: "Retention, 2 memories as published",
      points: points.filter(({ networks }) => networks[0]?.memories === 2).map(withName),
    }),
    historyFigure("structure-margin", {
      title: "Retention, 10 memories with margin and zero diagonal",
      points: startingWith(points, "margin-").map(withName),
    }),
  ],
  "memory-sweep": (points) => [
    ...Object.entries(formTitles).map(([form, title]) =>
      historyFigure(`memory-${form}`, {
        title: `Retention, ${title}`,
        points: startingWith(points, `memory-${form}`).map(withName),
      })
    ),
    ...["published", "margin"].map((form) =>
      basinFigure(`memory-basins-${form}`, {
        title: `Basins, ${form} form`,
        lines: startingWith(points, `memory-${form}`).map((point) => ({
          name: `${point.networks[0]?.memories} memories`,
          point,
        })),
      })
    ),
    ...([["memory-published", 15], ["memory-margin-15", undefined]] as const).flatMap(
      ([name, value]) => [
        drawIf(findPoint(points, name, value), (point) =>
          overlapFigure(`overlap-${name}`, {
            title: `Overlap over time: ${name}, 15 memories`,
            point,
          })),
      ],
    ),
    drawIf(
      findPoint(points, "memory-margin-15"),
      (point) =>
        energyFigure("energy-margin", {
          title: "Energy along trajectories: memory-margin-15",
          point,
        }),
    ),
    drawIf(findPoint(points, "memory-published", 15), (point) =>
      energyFigure("energy-published", {
        title: "Energy along trajectories: memory-published, 15",
        point,
      })),
  ],
  noise: basins("noise"),
  "hebb-comparison": (points) => [
    basinFigure("hebb-basins", {
      title: "Basins of three matrices",
      caption: "Solid: learned; dashed: pseudo-inverse; dotted: Hebb rule.",
      lines: startingWith(points, "memory-margin").flatMap((point, colour) =>
        (["learned", "pseudo_inverse", "hebb"] as const).map((matrix) => ({
          name: `${point.networks[0]?.memories} memories`,
          point,
          matrix,
          colour,
        }))
      ),
    }),
  ],
  capacity: (points) => [
    capacityFigure("capacity", {
      title: "Capacity, N = 64",
      curves: (["learned", "pseudo_inverse", "hebb"] as const).map((matrix, colour) => ({
        name: "",
        points,
        matrix,
        colour,
      })),
    }),
    basinFigure("capacity-basins", {
      title: "Basins",
      lines: points.filter(({ networks }) => (networks[0]?.memories ?? 1) % 16 === 0)
        .map((point) => ({ name: `${point.networks[0]?.memories} patterns`, point })),
    }),
  ],
  "noise-aware": basins("noise-aware"),
  "network-size": (points) => [
    capacityFigure("size-capacity", {
      title: "Capacity by size",
      curves: [64, 128, 256].flatMap((neurons, colour) =>
        (["learned", "hebb"] as const).map((matrix) => ({
          name: `N = ${neurons}`,
          points: points.filter(({ networks }) => networks[0]?.neurons === neurons),
          matrix,
          colour,
        }))
      ),
    }),
    valueFigure({
      id: "size-recall",
      title: "Recall by size",
      caption:
        "Exact recall from first states with 10% of the bits flipped; 95% intervals over the seeds.",
      xTitle: "patterns for each neuron, P / N",
      yTitle: "exact recall",
      isShare: true,
      lines: [64, 128, 256].map((neurons) =>
        valueLine(
          `N = ${neurons}`,
          points.filter(({ networks }) => networks[0]?.neurons === neurons).map((point) => ({
            x: point.networks[0]!.memories / neurons,
            y: recallShare(point, { flips: 0.1 }),
          })),
        )
      ),
    }),
  ],
  correlation: (points) => [
    valueFigureOf("correlation", { points, xTitle: "mean product of the bits of two patterns" }),
    ...basins("correlation")(points),
  ],
  sparsity: (points) => [
    valueFigureOf("sparsity", { points, xTitle: "share of the connections" }),
    ...basins("sparsity")(points),
  ],
  "firing-rate": (points) => [
    valueFigure({
      id: "firing-rate",
      title: "Activity and retention",
      caption: "Means over the seeds with their 95% intervals (Student's t), cut off at the axis.",
      xTitle: "weight of the mean h²",
      yTitle: "mean",
      isShare: true,
      lines: [
        valueLine("mean h²", points.map((point) => ({ x: weightOf(point), y: activity(point) }))),
        valueLine(
          "retention",
          points.map((point) => ({ x: weightOf(point), y: signedRetention(point) })),
        ),
        valueLine(
          "worst memory",
          points.map((point) => ({ x: weightOf(point), y: worstRetention(point) })),
        ),
      ],
    }),
    ...basins("firing-rate")(points),
  ],
};

const weightOf = ({ configuration: { values } }: PointResult): number =>
  Number(values["task.activity_weight"]);

/** Fixed points, recall and retention against the swept setting. */
function valueFigureOf(
  id: string,
  { points, xTitle }: { points: readonly PointResult[]; xTitle: string },
): Figure | undefined {
  const x = ({ value }: PointResult) => value ?? 1;
  return valueFigure({
    id: `${id}-values`,
    title: "Fixed points, recall and retention",
    caption:
      "Shares, and the retention of the worst memory, with 95% intervals over the seeds, cut off at the axis.",
    xTitle,
    yTitle: "share, overlap",
    isShare: true,
    lines: [
      valueLine(
        "exact fixed points",
        points.map((point) => ({ x: x(point), y: fixedShare(point) })),
      ),
      ...[0.1, 0.2, 0.3].map((flips) =>
        valueLine(
          `recall, ${100 * flips}% flipped`,
          points.map((point) => ({ x: x(point), y: recallShare(point, { flips }) })),
        )
      ),
      valueLine("worst memory", points.map((point) => ({ x: x(point), y: worstRetention(point) }))),
    ],
  });
}

/** The figures of a study for which there is something to draw. */
export const figuresOf = (study: StudyName, points: readonly PointResult[]): Figure[] =>
  figures[study](points).filter((figure) => figure !== undefined);

/** Maps of learned weights: a free diagonal that holds any state, and weights that hold memories. */
export const weightFigures = (points: readonly PointResult[]): Figure[] =>
  ([
    ["memory-published", 15, "as published, 15 memories"],
    ["memory-strict", 15, "zero diagonal, published loss, 15 memories"],
    ["memory-margin-15", undefined, "zero diagonal and margin, 15 memories"],
  ] as const).flatMap(([name, value, title]) =>
    drawIf(findPoint(points, name, value), (point) =>
      weightsFigure(`weights-${name}`, { title: `Learned weights: ${title}`, point })) ?? []
  );
