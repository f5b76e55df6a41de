import { join } from "node:path";
import { writeFileAtomic } from "../store/files/atomic_file.ts";
import { type OwnFigure, writeOwnFigures } from "./own_figures.ts";
import { renderReport } from "./render_report.ts";
import { readRunFiles, requireRun } from "./run_files.ts";

/**
 * Renders `report.html` of a run from the files in its folder.
 *
 * @param options.figures are stored in the folder, in place of earlier ones, and drawn by every later report;
 *   default: those that are stored.
 * @returns its path.
 * @throws UsageError where the folder holds no run
 * @throws DamagedFileError where a file is not what a run writes
 * @throws TypeError where a figure is no plain data
 */
export async function writeReport(
  folder: string,
  { figures }: { figures?: readonly OwnFigure[] | undefined } = {},
): Promise<string> {
  if (figures) {
    requireRun(folder);
    writeOwnFigures(folder, figures);
  }
  const path = join(folder, "report.html");
  writeFileAtomic(path, await renderReport(readRunFiles(folder)));
  return path;
}
