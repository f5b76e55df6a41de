/** Reports of training runs. */
export { renderReport } from "./render_report.ts";
export { parseRunFiles, readRunFiles } from "./run_files.ts";
export type { RunFiles } from "./run_files.ts";
