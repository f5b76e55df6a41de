/** What Deno's kernel for Jupyter draws. */
import type { OwnFigure } from "../report/own_figures.ts";
import { plainData } from "../report/plain_data.ts";

/** What the kernel asks a value for, if it is the last one of a cell. */
export const jupyterDisplay: symbol = Symbol.for("Jupyter.display");

/**
 * A figure that a notebook draws where it is the last value of a cell. It stays one that `writeReport` takes.
 *
 * @throws TypeError, when it is drawn, if it is no plain data.
 * @example
 * const { iteration, values } = run.metricColumns();
 * showFigure({ title: "Loss", traces: values["eval/loss"]!.map((y) => ({ x: iteration, y })) });
 */
export const showFigure = (figure: OwnFigure): OwnFigure => ({
  ...figure,
  [jupyterDisplay]() {
    const { title, note = "", traces, layout = {} } = figure;
    return {
      "application/vnd.plotly.v1+json": plainData(
        { data: traces, layout: { title: { text: title }, ...layout } },
        "figure",
      ),
      "text/plain": [title, note].filter((text) => text !== "").join(": "),
    };
  },
});
