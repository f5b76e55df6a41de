/**
 * `own_figures.json`: figures that a script gives to the report of a run. They are data of Plotly. A folder
 * may come from somebody else, so they can draw, and do nothing more: the page's policy lets nothing be
 * fetched and no script but its own run, and text in them is text, but for a few tags of Plotly.
 */
import { join } from "node:path";
import { z } from "../deps/zod.ts";
import { writeJsonFile } from "../store/files/json_file.ts";
import { sizeLimits } from "../store/files/open_file.ts";
import { plainFile } from "../store/files/plain_path.ts";
import type { Figure, PlotlyAttributes } from "./figures/chart.ts";
import { plainData } from "./plain_data.ts";

/**
 * A figure of one's own in the report of a run.
 *
 * @example
 * const figure: OwnFigure = { title: "Loss against time", note: "Held-out sequences.",
 *   traces: [{ type: "scatter", x: seconds, y: losses, name: "loss" }], layout: { yaxis: { type: "log" } } };
 */
export interface OwnFigure {
  /** Heading, as text. */
  readonly title: string;
  /** What is drawn, in a sentence or two, as text. */
  readonly note?: string;
  /** Traces of Plotly as plain data; arrays of numbers may be typed, and numbers that are not finite are gaps. */
  readonly traces: readonly Readonly<Record<string, unknown>>[];
  /** Layout of Plotly as plain data. Fonts and colours come from the page. */
  readonly layout?: Readonly<Record<string, unknown>>;
}

export const ownFiguresName = "own_figures.json";

const attributes = z.record(z.string(), z.unknown());

/** The content of the file. */
export const ownFiguresSchema = z.object({
  figures: z.array(z.object({
    title: z.string(),
    note: z.string().optional(),
    traces: z.array(attributes).min(1, { error: "expected at least one trace" }),
    layout: attributes.optional(),
  })).default([]),
});

/** A figure of the file. */
export type StoredFigure = z.output<typeof ownFiguresSchema>["figures"][number];

/**
 * Stores figures in a folder, in place of earlier ones; none: there is no file.
 *
 * @throws TypeError where one is no plain data.
 */
export function writeOwnFigures(folder: string, figures: readonly OwnFigure[]): void {
  const path = join(folder, ownFiguresName);
  if (figures.length === 0) {
    if (plainFile(path)) Deno.removeSync(path);
    return;
  }
  const { data, error } = ownFiguresSchema.safeParse({ figures: plainData(figures, "figures") });
  const [issue] = error?.issues ?? [];
  if (!data) throw new TypeError(`${pathText(issue!.path)}: ${issue!.message}`);
  const { length } = JSON.stringify(data);
  if (length > sizeLimits.numbers) {
    throw new RangeError(
      `figures take ${length} bytes, at most ${sizeLimits.numbers} are read back`,
    );
  }
  writeJsonFile(path, data);
}

/** Such as `figures[0].traces`. */
const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) =>
      typeof key === "number" ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key),
    "",
  );

/** The figures as the page draws them. */
export const drawOwnFigures = (figures: readonly StoredFigure[]): Figure[] =>
  figures.map(({ title, note = "", traces, layout = {} }, index) => ({
    title,
    caption: note,
    chart: {
      id: `own-${index}`,
      rows: [],
      traces: traces.map((trace) => ({ plotly: plainText(trace) as PlotlyAttributes })),
      layout: {
        showlegend: traces.length > 1,
        ...plainText(layout) as PlotlyAttributes,
      },
    },
  }));

/** Tags of Plotly that only change how text looks. */
const harmless = /<(?!\/?(?:b|i|em|strong|sub|sup|br|extra)\s*\/?>)/gi;

/** A value whose texts hold no tags but harmless ones: Plotly would make links of some. */
function plainText(value: unknown): unknown {
  if (typeof value === "string") return value.replace(harmless, "&lt;");
  if (Array.isArray(value)) return value.map(plainText);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plainText(part)]));
}
