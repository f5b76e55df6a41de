// Draws the charts of a report. It runs in a page under a strict content policy: it may start
// Plotly from a blob it unpacked itself, and can reach no network.
"use strict";
(() => {
  const payload = JSON.parse(document.getElementById("payload").textContent);
  /** Value of every control of the page, and of the x axis. */
  const choice = { axis: payload.axis };
  /** Width in pixels of a chart below which its legend stands under it. */
  const NARROW = 480;
  /** Charts to draw anew, longest waiting first. */
  const stale = new Set();
  let drawing;

  const bytesOf = (base64, type) => type.from(atob(base64), (c) => c.charCodeAt(0));

  /** Starts Plotly from its gzip text in the page; rejects where the browser cannot. */
  async function startPlotly() {
    const element = document.getElementById("plotly");
    const packed = bytesOf(element.textContent, Uint8Array);
    element.remove();
    const inflated = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const text = await new Response(inflated).blob();
    const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    try {
      await new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.onload = resolve;
        script.onerror = () => reject(new Error("the drawing library did not start"));
        script.src = url;
        document.head.append(script);
      });
    } finally {
      URL.revokeObjectURL(url);
    }
    if (!globalThis.Plotly) throw new Error("the drawing library did not start");
  }

  /** The traces of `chart` that are chosen now, with their x values. */
  function traces(chart) {
    return chart.traces
      .filter(({ when }) => isChosen(when))
      .map(({ plotly, rows, frames }) => {
        if (frames !== undefined) return { ...plotly, z: unpack(frames) };
        if (rows === undefined) return plotly;
        return { ...plotly, x: chart.rows[rows].map((row) => payload.axes[choice.axis][row]) };
      });
  }

  /** Whether all controls named in `when` have the value given there. */
  function isChosen(when = {}) {
    return Object.entries(when).every(([name, value]) => choice[name] === value);
  }

  const unpacked = new Map();

  /** The matrix of the chosen frame; codes are int8, -128 stands for NaN. */
  function unpack(frames) {
    const { control, rows, columns, limit } = frames;
    if (!unpacked.has(frames)) unpacked.set(frames, bytesOf(frames.codes, Int8Array));
    const start = choice[control] * rows * columns;
    return Array.from({ length: rows }, (_, row) => {
      const from = start + row * columns;
      const codes = unpacked.get(frames).subarray(from, from + columns);
      return Float32Array.from(codes, (code) => code === -128 ? NaN : code * limit / 127);
    });
  }

  function layout(chart) {
    const own = chart.layout;
    const overRun = chart.rows.length > 0;
    // A column of names beside the lines would leave them no room on a phone.
    const isNarrow = document.getElementById(chart.id).clientWidth < NARROW;
    return {
      template: globalThis.chartTheme.template(),
      margin: { l: 56, r: 12, t: 28, b: 44 },
      hovermode: "closest",
      showlegend: overRun,
      legend: globalThis.chartTheme.legend,
      // A zoom stays while other values are drawn on the same axes.
      uirevision: choice.axis,
      ...own,
      ...own.legend && isNarrow ? { legend: globalThis.chartTheme.legend } : {},
      shapes: [...own.shapes ?? [], ...cursor(chart)],
      xaxis: overRun ? runAxis(chart) : { ...own.xaxis },
      yaxis: { ...own.yaxis },
    };
  }

  /** The axis over the run; Plotly would cut a few iterations into fractions. */
  function runAxis(chart) {
    const values = chart.rows.flat().map((row) => payload.axes[choice.axis][row]);
    const [low, high] = values.reduce(([a, b], x) => [Math.min(a, x), Math.max(b, x)], [
      Infinity,
      -Infinity,
    ]);
    const isFew = high - low < 12 && values.every(Number.isInteger);
    return { title: { text: payload.axisTitles[choice.axis] }, ...isFew ? { dtick: 1 } : {} };
  }

  /** The line that shows where a control stands. */
  function cursor({ cursor }) {
    if (cursor === undefined) return [];
    const x = cursor.x[choice[cursor.control]];
    const color = globalThis.chartTheme.colour("text");
    return [{ type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line: { color, width: 1 } }];
  }

  /** Draws one chart and marks its element with the number of traces drawn. */
  async function draw(chart) {
    const element = document.getElementById(chart.id);
    const chosen = traces(chart);
    if (element.dataset.drawn === undefined) element.replaceChildren();
    await globalThis.Plotly.react(element, chosen, layout(chart), globalThis.chartTheme.config);
    element.dataset.drawn = String(chosen.length);
  }

  /** Draws charts anew; what nobody sees waits until it is shown. */
  async function redraw(charts = payload.charts) {
    for (const chart of charts) stale.add(chart);
    drawing ??= drawStale().finally(() => drawing = undefined);
    await drawing;
  }

  async function drawStale() {
    for (let chart; (chart = [...stale].find(isShown)) !== undefined;) {
      stale.delete(chart);
      await tryDraw(chart);
      // A pause between charts keeps the page scrolling while a long report is drawn.
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  async function tryDraw(chart) {
    try {
      await draw(chart);
    } catch (error) {
      // What a script gave may be no figure; the others are drawn all the same.
      document.getElementById(chart.id).textContent = `Not drawn: ${error.message}`;
    }
  }

  const isShown = ({ id }) => document.getElementById(id).closest("[hidden]") === null;

  const follows = ({ traces, cursor }, name) =>
    cursor?.control === name ||
    traces.some(({ when, frames }) => Object.hasOwn(when ?? {}, name) || frames?.control === name);

  /** Shows the elements that belong to the chosen values alone, and says what the values mean. */
  function showChoice() {
    let appeared = false;
    for (const element of document.querySelectorAll("[data-when]")) {
      const terms = element.dataset.when.split(" ").map((term) => term.split("="));
      const wasHidden = element.hidden;
      element.hidden = !terms.every(([name, value]) => choice[name] === Number(value));
      appeared ||= wasHidden && !element.hidden;
    }
    // A chart that was hidden while the window changed its size has to look at it again.
    if (appeared) globalThis.dispatchEvent(new Event("resize"));
    for (const element of document.querySelectorAll("[data-text-of]")) {
      const name = element.dataset.textOf;
      const text = payload.controls[name]?.texts?.[choice[name]] ?? "";
      element.textContent = text;
      document.getElementById(name)?.setAttribute("aria-valuetext", text);
    }
  }

  function explain(error) {
    const message = document.getElementById("message");
    message.textContent = `The charts cannot be drawn here (${error.message}). ` +
      "The tables below are complete.";
    message.hidden = false;
    for (const text of document.querySelectorAll(".chart p")) text.textContent = "Not drawn.";
    document.documentElement.dataset.state = "failed";
  }

  function listen() {
    for (const input of document.querySelectorAll('input[name="axis"]')) {
      input.addEventListener("change", () => {
        choice.axis = input.value;
        redraw(payload.charts.filter((chart) => chart.rows.length > 0)).catch(explain);
      });
      input.disabled = false;
    }
    for (const input of document.querySelectorAll("[data-control]")) {
      const name = input.dataset.control;
      input.addEventListener("input", () => {
        choice[name] = Number(input.value);
        showChoice();
        redraw(payload.charts.filter((chart) => follows(chart, name))).catch(explain);
      });
      input.disabled = false;
    }
    globalThis.chartTheme.onChange(redraw, () => payload.charts.filter(isShown).forEach(tryDraw));
  }

  async function main() {
    // The message says that no script runs, which also holds where a viewer forbids it.
    document.getElementById("message").hidden = true;
    for (const [name, { initial }] of Object.entries(payload.controls)) choice[name] = initial;
    showChoice();
    await startPlotly();
    await redraw();
    listen();
    document.documentElement.dataset.state = "drawn";
  }

  main().catch(explain);
})();
