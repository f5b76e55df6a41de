// Draws the charts of a report. It runs in a page under a strict content policy: it may start
// Plotly from a blob it unpacked itself, and can reach no network.
"use strict";
(() => {
  const payload = JSON.parse(document.getElementById("payload").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const choice = { axis: "iteration", replica: undefined };

  const config = {
    displaylogo: false,
    responsive: true,
    plotlyServerURL: "",
    topojsonURL: "",
    modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
    toImageButtonOptions: { format: "svg" },
  };

  /** Starts Plotly from its gzip text in the page; rejects where the browser cannot. */
  async function startPlotly() {
    const element = document.getElementById("plotly");
    const packed = Uint8Array.from(atob(element.textContent), (c) => c.charCodeAt(0));
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

  /** Colours and fonts of every chart on a light or a dark page. */
  function template() {
    const style = getComputedStyle(document.documentElement);
    const [text, quiet, line, card] = ["--text", "--quiet", "--line", "--card"]
      .map((name) => style.getPropertyValue(name).trim());
    const axis = {
      gridcolor: line,
      linecolor: line,
      zerolinecolor: line,
      tickcolor: line,
      tickfont: { color: quiet, size: 11 },
      title: { font: { color: quiet, size: 12 }, standoff: 8 },
      automargin: true,
    };
    const middle = dark.matches ? "#20252d" : "#f7f7f7";
    const diverging = dark.matches
      ? ["#8ec5ff", "#3f86d1", middle, "#cf5b45", "#ffb39d"]
      : ["#17508f", "#6ea7d6", middle, "#e58a68", "#a3201f"];
    return {
      layout: {
        font: { family: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif', color: text },
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        hoverlabel: { bgcolor: card, bordercolor: line, font: { color: text } },
        modebar: { bgcolor: "rgba(0,0,0,0)", color: quiet, activecolor: text },
        xaxis: axis,
        yaxis: axis,
      },
      data: {
        heatmap: [{
          colorscale: diverging.map((colour, index) => [index / 4, colour]),
          colorbar: { tickfont: { color: quiet, size: 11 }, title: { font: { color: quiet } } },
        }],
      },
    };
  }

  /** The traces of `chart` that are chosen now, with their x values. */
  function traces(chart) {
    return chart.traces
      .filter(({ replica }) => replica === undefined || replica === choice.replica)
      .map(({ plotly, rows }) =>
        rows === undefined
          ? plotly
          : { ...plotly, x: chart.rows[rows].map((row) => payload.axes[choice.axis][row]) }
      );
  }

  function layout(chart) {
    const own = chart.layout;
    const overRun = chart.rows.length > 0;
    return {
      template: template(),
      margin: { l: 56, r: 12, t: 28, b: 44 },
      hovermode: "closest",
      showlegend: overRun,
      legend: { orientation: "h", x: 0, xanchor: "left", y: 1.02, yanchor: "bottom" },
      ...own,
      xaxis: overRun ? { title: { text: payload.axisTitles[choice.axis] } } : { ...own.xaxis },
      yaxis: { ...own.yaxis },
    };
  }

  /** Draws one chart and marks its element with the number of traces drawn. */
  async function draw(chart) {
    const element = document.getElementById(chart.id);
    const chosen = traces(chart);
    if (element.dataset.drawn === undefined) element.replaceChildren();
    await globalThis.Plotly.react(element, chosen, layout(chart), config);
    element.dataset.drawn = String(chosen.length);
  }

  async function drawAll(charts = payload.charts) {
    for (const chart of charts) {
      await draw(chart);
      // A pause between charts keeps the page scrolling while a long report is drawn.
      await new Promise((resolve) => setTimeout(resolve));
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
        drawAll(payload.charts.filter((chart) => chart.rows.length > 0)).catch(explain);
      });
      input.disabled = false;
    }
    const replica = document.getElementById("replica");
    replica?.addEventListener("change", () => {
      choice.replica = Number(replica.value);
      drawAll(payload.charts.filter((chart) => chart.rows.length === 0)).catch(explain);
    });
    if (replica) replica.disabled = false;
    dark.addEventListener("change", () => drawAll().catch(explain));
  }

  async function main() {
    // The message says that no script runs, which also holds where a viewer forbids it.
    document.getElementById("message").hidden = true;
    choice.axis = payload.axis;
    choice.replica = payload.replicas[0];
    await startPlotly();
    await drawAll();
    listen();
    document.documentElement.dataset.state = "drawn";
  }

  main().catch(explain);
})();
