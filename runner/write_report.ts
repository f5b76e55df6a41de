/** Writes the report of a run from a script. What that takes is loaded when it is first used. */
import type { OwnFigure } from "../report/own_figures.ts";

/** What to add to a report. */
export interface WriteReportOptions {
  /** Figures of one's own, stored in place of earlier ones. Default: those that are stored. */
  readonly figures?: readonly OwnFigure[];
}

/**
 * Renders `report.html` of a run again, from the files in its folder, as `deno task report` does.
 *
 * @returns the path of the page, which needs no network.
 * @throws UsageError if the folder holds no run, TypeError if a figure is no plain data.
 * @example
 * const { iteration, values } = run.metricColumns();
 * await writeReport(run.folder, { figures: [{ title: "Loss", traces: [{ x: iteration, y: values["eval/loss"]![0] }] }] });
 */
export async function writeReport(
  folder: string,
  options: WriteReportOptions = {},
): Promise<string> {
  const { writeReport } = await import("../report/write_report.ts");
  return await writeReport(folder, options);
}
