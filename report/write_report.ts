import { join } from "node:path";
import { writeFileAtomic } from "../store/files/atomic_file.ts";
import { renderReport } from "./render_report.ts";
import { readRunFiles } from "./run_files.ts";

/**
 * Renders `report.html` of a run from the files in its folder.
 *
 * @returns its path.
 * @throws UsageError where the folder holds no run
 * @throws DamagedFileError where a file is not what a run writes
 */
export async function writeReport(folder: string): Promise<string> {
  const path = join(folder, "report.html");
  writeFileAtomic(path, await renderReport(readRunFiles(folder)));
  return path;
}
