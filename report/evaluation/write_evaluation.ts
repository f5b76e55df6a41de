/** The files that an evaluation leaves in the folder of its run. */
import { join } from "node:path";
import type { Evaluation } from "../../analysis/evaluate/evaluation.ts";
import { writeFileAtomic } from "../../store/files/atomic_file.ts";
import { writeJsonFile } from "../../store/files/json_file.ts";
import { drawEvaluation } from "./draw_evaluation.ts";

export const evaluationFiles = (folder: string) => ({
  numbers: join(folder, "evaluation.json"),
  page: join(folder, "evaluation.html"),
});

/** @returns the path of the page. */
export async function writeEvaluation(folder: string, evaluation: Evaluation): Promise<string> {
  const { numbers, page } = evaluationFiles(folder);
  writeJsonFile(numbers, evaluation);
  writeFileAtomic(page, await drawEvaluation(evaluation));
  return page;
}
