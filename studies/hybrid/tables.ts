/** The tables of the report. */
import { formatCount, formatNumber } from "../../report/format.ts";
import type { Table } from "../../report/html.ts";
import { fewestForInterval } from "../median.ts";
import type { Comparison, NetworkResult } from "./results.ts";

const none = "–";

/** Seconds; below ten with a decimal. */
const secondsText = (seconds: number): string =>
  seconds < 10 ? String(Number(seconds.toFixed(1))) : formatCount(seconds);

/** Every network beside the published run. */
export function networkTable(networks: readonly NetworkResult[]): Table {
  return {
    columns: [
      "Network",
      "Parameters",
      "Seeds",
      "R of each seed",
      "Median R",
      "Reference R",
      "Verdict",
      "Updates to the reference",
      "Seconds to the reference",
      "Updates",
      "Movies",
      "Hours",
    ],
    rows: networks.map(
      ({ configuration, parameters, runs, levels, referenceAt, median, verdict }) => {
        const { reference, referenceIsBound, title, size } = configuration;
        const wasRun = runs.seeds.length > 0;
        const most = Math.max(...runs.seeds.map(({ updates }) => updates));
        const movies = runs.seeds.reduce((sum, { sequences }) => sum + sequences, 0);
        return [
          `${title} (${size})`,
          formatCount(parameters),
          wasRun ? runs.seeds.map(({ seed }) => seed).join(", ") : none,
          wasRun ? levels.join(", ") : none,
          wasRun ? formatNumber(median) : none,
          `${referenceIsBound ? "≤ " : ""}${reference}`,
          verdict,
          wasRun ? referenceAt.map((at) => at ? formatCount(at.updates) : none).join("; ") : none,
          wasRun ? referenceAt.map((at) => at ? secondsText(at.seconds) : none).join("; ") : none,
          wasRun ? formatCount(most) : none,
          wasRun ? formatCount(movies) : none,
          wasRun ? (runs.seconds / 3600).toFixed(2) : none,
        ];
      },
    ),
  };
}

/** Updates and seconds until each R was passed, by network and seed; undefined if no R was passed. */
export function passedTable(networks: readonly NetworkResult[]): Table | undefined {
  const rows = networks.flatMap(({ configuration, runs }) =>
    runs.seeds.map((seed) => ({ title: configuration.title, ...seed }))
  );
  const highest = Math.max(0, ...rows.map(({ passed }) => passed.at(-1)?.level ?? 0));
  if (highest === 0) return undefined;
  const levels = Array.from({ length: highest }, (_, index) => index + 1);
  return {
    columns: ["Network", "Seed", ...levels.map((level) => `R ${level}`)],
    rows: rows.map(({ title, seed, passed }) => [
      // Without line breaks, although the table is wide.
      title.replaceAll(" ", "\u00a0"),
      String(seed),
      ...levels.map((level) => {
        const moment = passed.find((event) => event.level === level);
        return moment ? `${formatCount(moment.updates)} (${secondsText(moment.seconds)} s)` : "";
      }),
    ]),
  };
}

/** Multiplicative against additive plasticity; undefined if no pair has been run. */
export function comparisonTable(comparisons: readonly Comparison[]): Table | undefined {
  if (comparisons.length === 0) return undefined;
  return {
    columns: ["Readout", "Layer that differs", "Units", "Median R: M − A", "95% interval", "Seeds"],
    rows: comparisons.map(({ readout, layer, sizes, difference, interval, seeds }) => [
      readout,
      layer,
      sizes.join("+"),
      signed(difference),
      interval
        ? `${signed(interval.low)} to ${signed(interval.high)}`
        : `needs ${fewestForInterval} seeds`,
      String(seeds),
    ]),
  };
}

const signed = (value: number): string =>
  `${value > 0 ? "+" : value < 0 ? "−" : ""}${formatNumber(Math.abs(value))}`;
