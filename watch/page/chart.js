// Draws the curves of the ticked runs over each other. Plotly is loaded when there is something to draw.
import { choice } from "./choice.js";
import { curves } from "./curves.js";

const { palette } = JSON.parse(document.getElementById("setup").textContent);
const element = document.getElementById("chart");
const dashes = ["solid", "dash", "dot"];

let starting;

function startPlotly() {
  starting ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.onload = resolve;
    script.onerror = () => {
      starting = undefined;
      script.remove();
      reject(new Error("the drawing library did not start"));
    };
    script.src = "/plotly.js";
    document.head.append(script);
  });
  return starting;
}

/** A run keeps its colour as long as it is ticked. */
const slots = new Map();

/** The colour and dash of each ticked run. */
export function styles() {
  for (const path of slots.keys()) if (!choice.ticked.includes(path)) slots.delete(path);
  const taken = new Set(slots.values());
  for (const path of choice.ticked) {
    if (slots.has(path)) continue;
    let slot = 0;
    while (taken.has(slot)) slot++;
    slots.set(path, slot);
    taken.add(slot);
  }
  return new Map([...slots].map(([path, slot]) => [path, {
    color: palette[slot % palette.length],
    dash: dashes[Math.floor(slot / palette.length)] ?? "solid",
  }]));
}

/** Text that Plotly would read as tags or as a link. */
const plain = (text) => text.replace(/[<>&{}%$]/g, "?").slice(0, 120);

/** Edges of the range over networks, with a faint colour between them. */
function bandOf({ x, low, high, color, group }) {
  const edge = {
    ...{ type: "scatter", mode: "lines", x, line: { color, width: 0 } },
    ...{ legendgroup: group, showlegend: false, hoverinfo: "skip" },
  };
  return [{ ...edge, y: low }, { ...edge, y: high, fill: "tonexty", fillcolor: `${color}20` }];
}

/** Lines of a run; held-out sequences have the strong ones. The points of a lone run's sweep have colours. */
function tracesOf(path, { color, dash }, { hasBands, isAlone }) {
  const found = curves.get(path)?.curves ?? [];
  return found.flatMap(({ split, clocks, lines }, place) => {
    const isStrong = split !== "train" || found.length === 1;
    const isNamed = isAlone && lines.length > 1;
    return lines.flatMap(({ label, mean, low, high }, index) => {
      const own = isNamed ? palette[index % palette.length] : color;
      const group = `${path} ${label}`;
      const x = clocks[choice.axis];
      const band = low && hasBands && isStrong ? bandOf({ x, low, high, color: own, group }) : [];
      const words = plain([path, label, split].filter((word) => word !== "").join(", "));
      return [...band, {
        type: "scatter",
        mode: mean.length > 1 ? "lines" : "markers",
        x,
        y: mean,
        line: { color: own, dash, width: isStrong ? 2.5 : 1.2 },
        marker: { color: own },
        opacity: isStrong ? 1 : 0.65,
        name: plain(label),
        legendgroup: group,
        // The list below the chart names the runs.
        showlegend: isNamed && place === 0,
        hovertemplate: `${words}: %{y:.4~g}<extra></extra>`,
      }];
    });
  });
}

/** Ticks at 1, 2 and 5 where there are few decades: Plotly would crowd them. */
function logTicks(traces) {
  const values = traces.flatMap(({ y }) => y).filter((value) => value > 0);
  const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [
    Infinity,
    0,
  ]);
  return { type: "log", tickformat: "~g", ...high / low < 1e3 ? { dtick: "D2" } : {} };
}

/** Most lines that have their ranges drawn: more bands hide each other. */
const MOST_LINES = 12;

/** Draws the curves; resolves when they are drawn. */
export async function drawChart(metric) {
  await startPlotly();
  const look = styles();
  const isAlone = look.size === 1;
  const lines = [...curves.values()].flatMap(({ curves = [] }) => curves).flatMap(({ lines }) =>
    lines
  );
  const hasBands = lines.length <= MOST_LINES;
  const traces = [...look].flatMap(([path, style]) => tracesOf(path, style, { hasBands, isAlone }));
  const layout = {
    template: globalThis.chartTheme.template(),
    margin: { l: 56, r: 12, t: 28, b: 44 },
    hovermode: "closest",
    showlegend: true,
    legend: globalThis.chartTheme.legend,
    // A zoom stays while curves grow, until something else is drawn.
    uirevision: [metric, choice.axis, choice.logarithmic, ...choice.ticked].join("\n"),
    xaxis: { title: { text: choice.axis === "iteration" ? "iterations" : choice.axis } },
    yaxis: {
      title: { text: plain(metric.replaceAll("_", " ")) },
      ...choice.logarithmic ? logTicks(traces) : { type: "linear" },
    },
  };
  await globalThis.Plotly.react(element, traces, layout, globalThis.chartTheme.config);
  element.dataset.drawn = String(traces.length);
}
