/** Charts of R passed against updates: a step line for each seed, and their median. */
import type { Chart, ChartTrace, Figure } from "../../report/figures/chart.ts";
import { median } from "../median.ts";
import { levelAt, type SeedCurriculum } from "../read_curricula.ts";
import { type HybridConfiguration, referenceUpdates } from "./configurations.ts";
import type { NetworkResult } from "./results.ts";

export interface StepCurve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** The colour shows the readout; the dashes show the kinds of plasticity. */
const readoutColours = {
  Memo: "#3b7dd8",
  Dyn_RO: "#e0762f",
  Nonl_RO: "#2f9e77",
  Stack: "#c2477f",
  single: "#8a63c9",
} as const;
const dashes: Readonly<Record<string, string>> = { "M,A": "solid", M: "solid", "M,M": "dash" };
/** Distance in R between lines that would lie on each other. */
const SHIFT = 0.045;

/** R of one seed over the updates it has done. */
export function seedCurve({ passed, updates }: SeedCurriculum): StepCurve {
  const points = [{ updates: 0, level: 0 }, ...passed];
  const end = { updates, level: points.at(-1)!.level };
  const corners = [...points, end];
  return { x: corners.map(({ updates }) => updates), y: corners.map(({ level }) => level) };
}

/** Median R of the seeds, over the updates that all of them have done. */
export function medianCurve(seeds: readonly SeedCurriculum[]): StepCurve {
  const shortest = Math.min(...seeds.map(({ updates }) => updates));
  const events = seeds.flatMap(({ passed }) => passed.map(({ updates }) => updates));
  const x = [...new Set([0, ...events.filter((updates) => updates <= shortest), shortest])]
    .sort((a, b) => a - b);
  return { x, y: x.map((updates) => median(seeds.map((seed) => levelAt(seed, updates)))) };
}

/** The figure of all networks of one size; undefined if none has been trained. */
export function levelFigure(
  size: HybridConfiguration["size"],
  networks: readonly NetworkResult[],
): Figure | undefined {
  const trainedNetworks = networks.filter(({ configuration, runs }) =>
    configuration.size === size && runs.seeds.length > 0
  );
  if (trainedNetworks.length === 0) return undefined;
  const furthest = Math.max(
    ...trainedNetworks.flatMap(({ runs }) => runs.seeds.map(({ updates }) => updates)),
  );
  // A mark far beyond the curves would only squeeze them.
  const withReference = furthest >= referenceUpdates / 10;
  const middle = (trainedNetworks.length - 1) / 2;
  const traces = trainedNetworks.flatMap((network, index) =>
    networkTraces(network, { shift: SHIFT * (index - middle), withReference })
  );
  const chart: Chart = {
    id: `levels-${size}`,
    rows: [],
    traces,
    layout: {
      xaxis: { title: { text: "updates" }, rangemode: "tozero" },
      yaxis: { title: { text: "R passed" }, rangemode: "tozero" },
      showlegend: true,
      legend: {
        orientation: "v",
        x: 1.02,
        xanchor: "left",
        y: 1,
        yanchor: "top",
        tracegroupgap: 0,
        font: { size: 12 },
      },
    },
  };
  const hasMedians = trainedNetworks.some(({ runs }) => runs.seeds.length > 1);
  return {
    chart,
    title: size === "large" ? "Large networks" : "Small networks",
    caption: [
      hasMedians ? "Thin: one seed; thick: the median." : "One seed a network.",
      ...withReference
        ? ["Open circles: the published run after 100,000 updates; a triangle is an upper bound."]
        : [],
      "Lines on the same R are drawn a little apart.",
    ].join(" "),
  };
}

/** Seeds as thin lines, their median as a thick line, and the published R as a mark. */
function networkTraces(
  { configuration, runs: { seeds } }: NetworkResult,
  { shift, withReference }: { shift: number; withReference: boolean },
): ChartTrace[] {
  const { networkType, plasticTypes, hiddenDims, title, reference, referenceIsBound } =
    configuration;
  const isSingle = hiddenDims.length === 1;
  const color = readoutColours[isSingle ? "single" : networkType];
  const dash = dashes[plasticTypes.join()] ?? "dot";
  const line = ({ x, y }: StepCurve, options: object, { name, width }: {
    name: string;
    width: number;
  }): ChartTrace => ({
    plotly: {
      type: "scatter",
      mode: "lines",
      x,
      y: y.map((level) => level + shift),
      customdata: y,
      hovertemplate: `${name}: R %{customdata} at %{x:,}<extra></extra>`,
      line: { color, dash, width, shape: "hv" },
      legendgroup: configuration.name,
      ...options,
    },
  });
  const thin = seeds.length === 1
    ? []
    : seeds.map((seed) =>
      line(seedCurve(seed), { opacity: 0.35, showlegend: false }, {
        name: `${title}, seed ${seed.seed}`,
        width: 1,
      })
    );
  const thick = line(medianCurve(seeds), { name: title, showlegend: true }, {
    name: seeds.length === 1 ? `${title}, seed ${seeds[0]!.seed}` : `${title}, median`,
    width: 2.2,
  });
  const circle: ChartTrace = {
    plotly: {
      type: "scatter",
      mode: "markers",
      x: [referenceUpdates],
      y: [reference + shift],
      marker: {
        color,
        size: 9,
        symbol: referenceIsBound ? "triangle-down-open" : "circle-open",
        line: { width: 2 },
      },
      cliponaxis: false,
      showlegend: false,
      legendgroup: configuration.name,
      hovertemplate: `${title}, published: ${referenceIsBound ? "at most " : ""}R ${reference}` +
        "<extra></extra>",
    },
  };
  return [...thin, thick, ...withReference ? [circle] : []];
}
