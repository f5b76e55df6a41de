/** Lays matrices out on one sheet: titles, axes, colour bars, and scenes on a time axis. */
import { formatNumber } from "../../format.ts";
import type { Matrix } from "../network_view.ts";
import type { Scene } from "../../../analysis/probe/scene_window.ts";
import { coloursOf } from "./colours.ts";
import type { Colour, Drawing, Mark } from "./drawing.ts";

export interface Sheet {
  readonly title: string;
  /** Lines of text below the title. */
  readonly lines: readonly string[];
  readonly matrices: readonly Matrix[];
  readonly xTitle: string;
  readonly yTitle: string;
  /** If columns are steps: the number of the first one, and the scenes of the steps. */
  readonly time?: { readonly start: number; readonly scenes: readonly Scene[] };
}

const ink: Colour = [27, 31, 38];
const quiet: Colour = [91, 100, 112];
const newScene: Colour = [205, 208, 212];
const repeat: Colour = [224, 118, 47];

const LINE = 18;
const EDGE = 20;
/** Pixels around a matrix: title and scenes above, y axis left, x axis below, colour bar right. */
const room = { top: 26, scenes: 18, left: 56, bottom: 40, right: 96 };

/** The sheet as marks on a white drawing, as large as its matrices need. */
export function drawSheet({ title, lines, matrices, xTitle, yTitle, time }: Sheet): Drawing {
  const perRow = time ? 1 : Math.min(3, matrices.length);
  const panels = matrices.map((matrix) => ({ matrix, cell: cellOf(matrix, time !== undefined) }));
  const width = (panel: typeof panels[number]) =>
    room.left + panel.matrix.columns * panel.cell[0] + room.right;
  const height = (panel: typeof panels[number]) =>
    room.top + (time ? room.scenes : 0) + panel.matrix.rows * panel.cell[1] + room.bottom;
  const marks: Mark[] = [];
  const say = (text: string, x: number, y: number, rest: Partial<Mark> = {}) =>
    marks.push({ kind: "text", x, y, text, anchor: "start", colour: ink, ...rest } as Mark);
  say(title, EDGE, EDGE);
  lines.forEach((line, index) => say(line, EDGE, EDGE + LINE * (index + 1), { colour: quiet }));
  let y = EDGE + LINE * (lines.length + 1);
  let right = EDGE + 8 * Math.max(title.length, ...lines.map((line) => line.length));
  for (let first = 0; first < panels.length; first += perRow) {
    const row = panels.slice(first, first + perRow);
    let x = EDGE;
    for (const panel of row) {
      marks.push(...drawPanel(panel, { x, y, xTitle, yTitle, time }));
      x += width(panel);
    }
    right = Math.max(right, x);
    y += Math.max(...row.map(height));
  }
  return { width: right + EDGE, height: y + EDGE, title, marks };
}

/** Width and height of a cell: whole pixels, so that all cells have one size. */
function cellOf({ rows, columns }: Matrix, isOverTime: boolean): [number, number] {
  const fit = (room: number, count: number) => Math.max(1, Math.min(24, Math.floor(room / count)));
  if (isOverTime) return [fit(720, columns), fit(260, rows)];
  const isLong = rows > 4 * columns || columns > 4 * rows;
  if (isLong) return [fit(300, columns), fit(300, rows)];
  const side = fit(300, Math.max(rows, columns));
  return [side, side];
}

function drawPanel(
  { matrix, cell }: { matrix: Matrix; cell: readonly [number, number] },
  panel: Pick<Sheet, "xTitle" | "yTitle" | "time"> & { x: number; y: number },
): Mark[] {
  const { rows, columns, values, limit, title } = matrix;
  const x = panel.x + room.left, y = panel.y + room.top + (panel.time ? room.scenes : 0);
  const width = columns * cell[0], height = rows * cell[1];
  const text = (text: string, x: number, y: number, rest: object = {}): Mark => ({
    kind: "text",
    x,
    y,
    text,
    anchor: "middle",
    colour: quiet,
    ...rest,
  });
  const { start = 0, scenes = [] } = panel.time ?? {};
  // Units are counted from 0, frames from 1.
  const firstColumn = panel.time ? start + 1 : 0;
  return [
    text(title, x, panel.y + 12, { anchor: "start", colour: ink }),
    { kind: "cells", x, y, rows, columns, cell, pixels: coloursOf(values, limit) },
    ...ticks({ first: firstColumn, count: columns, most: 10 }).map((number) =>
      text(String(number), x + (number - firstColumn + 0.5) * cell[0], y + height + 10)
    ),
    ...ticks({ first: 0, count: rows, most: 6 }).map((row) =>
      text(String(row), x - 6, y + (row + 0.5) * cell[1], { anchor: "end" })
    ),
    text(panel.xTitle, x + width / 2, y + height + 27),
    text(panel.yTitle, x - 42, y + height / 2, { isTurned: true }),
    ...scenes.flatMap((scene) => {
      const from = x + (scene.start - start) * cell[0];
      const size = scene.frames * cell[0];
      const colour = scene.isRepeat ? repeat : newScene;
      const number = text(String(scene.number + 1), from + size / 2, y - 15, {
        colour: scene.isRepeat ? repeat : quiet,
      });
      const line: Mark = { kind: "rectangle", x: from, y, width: 1, height, colour: quiet };
      return [
        { kind: "rectangle", x: from, y: y - 7, width: size, height: 4, colour } as Mark,
        ...size >= 20 ? [number] : [],
        ...from > x ? [line] : [],
      ];
    }),
    ...colourBar({ x: x + width + 14, y, height, limit }),
  ];
}

function colourBar(
  { x, y, height, limit }: { x: number; y: number; height: number; limit: number },
): Mark[] {
  const values = Array.from(
    { length: height },
    (_, row) => height === 1 ? limit : limit * (1 - 2 * row / (height - 1)),
  );
  const ends = height < 30 ? [limit, -limit] : [limit, 0, -limit];
  return [
    {
      kind: "cells",
      x,
      y,
      rows: height,
      columns: 1,
      cell: [10, 1],
      pixels: coloursOf(values, limit),
    },
    ...ends.map((value, index): Mark => ({
      kind: "text",
      x: x + 16,
      y: y + height * index / (ends.length - 1),
      text: formatNumber(Number(value.toPrecision(2))),
      anchor: "start",
      colour: quiet,
    })),
  ];
}

/** Round numbers from first to first + count - 1, about `most` of them. */
function ticks({ first, count, most }: { first: number; count: number; most: number }): number[] {
  const rough = Math.max(1, (count - 1) / most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const distance = [1, 2, 5, 10].map((step) => step * power).find((step) => step >= rough)!;
  return Array.from({ length: count }, (_, index) => first + index)
    .filter((number) => number % distance === 0);
}
