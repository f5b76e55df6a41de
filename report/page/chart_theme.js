// Colours, fonts and settings of every chart of a page, on a light or a dark screen and on paper.
"use strict";
globalThis.chartTheme = (() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let isPrinting = false;

  const config = {
    displaylogo: false,
    responsive: true,
    plotlyServerURL: "",
    topojsonURL: "",
    modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
    toImageButtonOptions: { format: "svg" },
  };

  /** A colour of the page's style sheet as it is now. */
  const colour = (name) => getComputedStyle(root).getPropertyValue(`--${name}`).trim();

  function template() {
    const [text, quiet, line, card] = ["text", "quiet", "line", "card"].map(colour);
    const axis = {
      gridcolor: line,
      linecolor: line,
      zerolinecolor: line,
      tickcolor: line,
      tickfont: { color: quiet, size: 11 },
      title: { font: { color: quiet, size: 12 }, standoff: 8 },
      automargin: true,
    };
    const isDark = dark.matches && !isPrinting;
    const middle = isDark ? "#20252d" : "#f7f7f7";
    const diverging = isDark
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

  /** The legend below the axis: above the plot stand Plotly's buttons. */
  const legend = {
    orientation: "h",
    x: 0,
    xanchor: "left",
    y: 0,
    yref: "container",
    yanchor: "bottom",
    // Many long names are scrolled, so that the lines have most of the height.
    maxheight: 0.3,
    tracegroupgap: 0,
  };

  /** Redraws when the colours of the screen change, and for paper at once, before it is printed. */
  function onChange(redraw, redrawAtOnce) {
    dark.addEventListener("change", () => redraw());
    for (const [type, isPrint] of [["beforeprint", true], ["afterprint", false]]) {
      addEventListener(type, () => {
        isPrinting = isPrint;
        root.toggleAttribute("data-print", isPrint);
        redrawAtOnce();
      });
    }
  }

  return { config, colour, template, legend, onChange };
})();
