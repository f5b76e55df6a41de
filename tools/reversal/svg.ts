/** Panels of figures as SVG text: grouped bars, curves and heat maps. */

/** The values of seeds, their mean and its 95% interval. */
export interface Estimate {
  readonly values: readonly number[];
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface Panel {
  readonly width: number;
  readonly height: number;
  /** Its drawing, from 0, 0. */
  readonly body: string;
}

const COLOURS = ["#3366aa", "#dd8833", "#559955", "#aa4466", "#777777"];
const MARGIN = { left: 58, right: 12, top: 30, bottom: 62 };

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

interface TextStyle {
  readonly anchor?: "start" | "middle" | "end";
  readonly size?: number;
  readonly colour?: string;
  readonly turned?: boolean;
}

function words(x: number, y: number, text: string, style: TextStyle = {}): string {
  const { anchor = "middle", size = 12, colour = "#222222", turned } = style;
  const turn = turned ? ` transform="rotate(-90 ${x} ${y})"` : "";
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" fill="${colour}"${turn}>` +
    `${escaped(text)}</text>`;
}

const line = (x1: number, y1: number, x2: number, y2: number, style = 'stroke="#444444"') =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" ${style}/>`;
const box = (x: number, y: number, width: number, height: number, fill: string) =>
  `<rect x="${x}" y="${y}" width="${Math.max(0, width)}" height="${
    Math.max(0, height)
  }" fill="${fill}"/>`;

const short = (x: number) => Number(x.toPrecision(2)).toString().replace("0.", ".");

/** About five round numbers in a range. */
function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 5, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((x) => x * power).find((x) => x >= rough)!;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from(
    { length: Math.floor(high / step + 1e-9) - first + 1 },
    (_, i) => (first + i) * step,
  );
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly yLabel: string;
  readonly range: readonly [low: number, high: number];
}

/** Title, vertical axis with its grid, and the scale of it. */
function frame({ width, height, title, yLabel, range: [low, high] }: Frame) {
  const bottom = height - MARGIN.bottom;
  const y = (value: number) =>
    bottom - (Math.min(high, Math.max(low, value)) - low) / (high - low) * (bottom - MARGIN.top);
  const grid = ticks(low, high).map((tick) =>
    line(MARGIN.left, y(tick), width - MARGIN.right, y(tick), 'stroke="#dddddd"') +
    words(MARGIN.left - 6, y(tick) + 4, short(tick), { anchor: "end" })
  );
  const body = words(width / 2, 16, title, { size: 13 }) + grid.join("") +
    words(14, (MARGIN.top + bottom) / 2, yLabel, { turned: true });
  return { body, y, bottom };
}

/** The interval, and a dot for each seed. */
function whisker(x: number, y: (value: number) => number, { values, low, high }: Estimate): string {
  const ends = [low, high].map((end) => line(x - 3, y(end), x + 3, y(end)));
  const seeds = values.map((value) =>
    `<circle cx="${x}" cy="${y(value)}" r="2.5" fill="#ffffff" stroke="#222222"/>`
  );
  return [line(x, y(low), x, y(high)), ...ends, ...seeds].join("");
}

/** Names of series with their colours, below a panel. */
function legend(
  names: readonly string[],
  { width, height }: { width: number; height: number },
): string {
  const room = (width - MARGIN.left) / names.length;
  return names.map((name, i) => {
    const x = MARGIN.left + i * room;
    return box(x, height - 15, 10, 10, COLOURS[i]!) +
      words(x + 14, height - 6, name, { anchor: "start" });
  }).join("");
}

/** Bars of several series beside each other, with intervals. Labels may have two lines, parted by "|". */
export function barPanel(
  { labels, series, ...shape }: Frame & {
    labels: readonly string[];
    series: Readonly<Record<string, readonly Estimate[]>>;
  },
): Panel {
  const { width, height } = shape;
  const { body, y, bottom } = frame(shape);
  const room = (width - MARGIN.left - MARGIN.right) / labels.length;
  const names = Object.keys(series), size = room * 0.8 / names.length;
  const bars = names.flatMap((name, s) =>
    series[name]!.map((value, i) => {
      const x = MARGIN.left + room * (i + 0.1) + size * s;
      const [top, base] = [y(Math.max(0, value.mean)), y(Math.min(0, value.mean))];
      return box(x, top, size - 1, base - top, COLOURS[s]!) + whisker(x + size / 2, y, value);
    })
  );
  const below = labels.flatMap((label, i) =>
    label.split("|").map((text, row) =>
      words(MARGIN.left + room * (i + 0.5), bottom + 15 + 14 * row, text, { size: 11 })
    )
  );
  const parts = [body, ...bars, ...below, line(MARGIN.left, y(0), width - MARGIN.right, y(0))];
  if (names.length > 1) parts.push(legend(names, shape));
  return { width, height, body: parts.join("") };
}

/** Curves of every seed, [x][seed], over a logarithmic axis. */
export function curvePanel(
  { xLabel, x: xs, series, ...shape }: Frame & {
    xLabel: string;
    x: readonly number[];
    series: Readonly<Record<string, readonly (readonly number[])[]>>;
  },
): Panel {
  const { width, height } = shape;
  const { body, y, bottom } = frame(shape);
  const [first, last] = [Math.log(xs[0]!), Math.log(xs.at(-1)!)];
  const x = (value: number) =>
    MARGIN.left + 15 +
    (Math.log(value) - first) / (last - first) * (width - MARGIN.left - MARGIN.right - 30);
  const marks = xs.map((value) =>
    line(x(value), bottom, x(value), bottom + 4) +
    words(x(value), bottom + 16, value >= 1000 ? `${value / 1000}k` : String(value), { size: 11 })
  );
  const curves = Object.values(series).flatMap((values, s) =>
    values[0]!.map((_, seed) => {
      const points = values.map((seeds, i) => `${x(xs[i]!)},${y(seeds[seed]!)}`).join(" ");
      return `<polyline points="${points}" fill="none" stroke="${COLOURS[
        s
      ]!}" stroke-width="1.5"/>`;
    })
  );
  const parts = [body, ...marks, ...curves, words(width / 2, bottom + 32, xLabel)];
  parts.push(legend(Object.keys(series), shape));
  return { width, height, body: parts.join("") };
}

/** A matrix with its numbers; blue is below 0, red above. Undefined cells stay empty. */
export function heatPanel(
  { width, height, title, rows, columns, cells, bound, xLabel, yLabel }: {
    width: number;
    height: number;
    title: string;
    rows: readonly string[];
    columns: readonly string[];
    cells: readonly (readonly (number | undefined)[])[];
    /** The value of the deepest colour. */
    bound: number;
    xLabel: string;
    yLabel: string;
  },
): Panel {
  const left = 92, bottom = height - MARGIN.bottom;
  const [w, h] = [(width - left - 8) / columns.length, (bottom - MARGIN.top) / rows.length];
  const drawn = cells.flatMap((row, i) =>
    row.flatMap((value, j) => {
      if (value === undefined) return [];
      const [x, y] = [left + j * w, MARGIN.top + i * h];
      return box(x, y, w - 1, h - 1, colourOf(value / bound)) +
        words(x + w / 2, y + h / 2 + 4, value.toFixed(2), { size: 11 });
    })
  );
  const sides = rows.map((name, i) =>
    words(left - 5, MARGIN.top + (i + 0.5) * h + 4, name, { anchor: "end", size: 11 })
  );
  const below = columns.flatMap((name, j) =>
    name.split("|").map((text, line) =>
      words(left + (j + 0.5) * w, bottom + 15 + 14 * line, text, { size: 11 })
    )
  );
  const body = [
    words(width / 2, 16, title, { size: 13 }),
    ...drawn,
    ...sides,
    ...below,
    words((left + width) / 2, bottom + 46, xLabel),
    words(12, (MARGIN.top + bottom) / 2, yLabel, { turned: true }),
  ].join("");
  return { width, height, body };
}

function colourOf(share: number): string {
  const pale = Math.round(255 * (1 - Math.min(1, Math.abs(share)) * 0.75));
  return share >= 0 ? `rgb(255,${pale},${pale})` : `rgb(${pale},${pale},255)`;
}

/** Panels side by side in rows, as the text of a file. */
export function figure(rows: readonly (readonly Panel[])[]): string {
  let [y, widest] = [0, 0];
  const drawn = rows.map((panels) => {
    let x = 0;
    const row = panels.map(({ width, body }) => {
      const moved = `<g transform="translate(${x} ${y})">${body}</g>`;
      x += width;
      return moved;
    });
    y += Math.max(...panels.map(({ height }) => height));
    widest = Math.max(widest, x);
    return row.join("\n");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${widest} ${y}" width="${widest}" ` +
    `height="${y}" font-family="sans-serif">\n${box(0, 0, widest, y, "#ffffff")}\n${
      drawn.join("\n")
    }\n</svg>\n`;
}
