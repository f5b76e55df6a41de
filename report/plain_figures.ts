/** Figures of a report without its page: data of Plotly, for notebooks and scripts. */
import { runAxes } from "./axes.ts";
import { curveFigures } from "./figures/mod.ts";
import type { OwnFigure } from "./own_figures.ts";
import { buildPayload } from "./payload.ts";
import { readRunFiles, requireRun } from "./run_files.ts";

/**
 * The curves of a run over its iterations: loss, score, levels, norms. It may still be training.
 *
 * @throws UsageError where the folder holds no run
 */
export function plainFigures(folder: string): OwnFigure[] {
  requireRun(folder);
  const files = readRunFiles(folder);
  const figures = curveFigures(files);
  const { charts, axes, axis, axisTitles } = buildPayload({
    axes: runAxes(files),
    charts: figures.map(({ chart }) => chart),
  });
  return figures.map(({ title, caption }, index) => {
    const { rows, traces, layout } = charts[index]!;
    return {
      title,
      note: caption,
      traces: traces.map(({ plotly, rows: own }) =>
        own === undefined ? plotly : { ...plotly, x: rows[own]!.map((row) => axes[axis]![row]!) }
      ),
      layout: { ...layout, xaxis: { title: { text: axisTitles[axis] } } },
    };
  });
}
