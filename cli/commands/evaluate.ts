/** `evaluate DIR`: judges the networks of a run on sequences never trained on. */
import { evaluateMovies, evaluateSequences } from "../../analysis/evaluate/evaluate_run.ts";
import type { Evaluation } from "../../analysis/evaluate/evaluation.ts";
import { hasMovies } from "../../analysis/evaluate/movie_task.ts";
import { onDevice } from "../../config/build/on_device.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { textTable } from "../../report/evaluation/text_table.ts";
import { evaluationFiles, writeEvaluation } from "../../report/evaluation/write_evaluation.ts";
import { checkTargets } from "../../store/check_targets.ts";
import { createNarrator } from "../../store/progress/narrator.ts";
import { shortPath } from "../../store/short_path.ts";
import { readRunConfig } from "../../store/stored_run.ts";
import { checkpointChoice } from "../checkpoint_option.ts";
import { loadCode } from "../code_options.ts";
import type { Command } from "../command.ts";
import {
  completeArguments,
  evaluateFooter,
  evaluateParser,
  movieRequest,
  sequenceRequest,
} from "../evaluate/options.ts";
import { parseOptions } from "../parse_options.ts";

export const evaluate: Command = async (args, title) => {
  const footer = evaluateFooter;
  const values = parseOptions(evaluateParser, completeArguments(args), { ...title, footer });
  if (!values) return exitCodes.ok;
  const { folder, seed, replica } = values;
  const config = readRunConfig(folder, await loadCode(values));
  checkTargets(folder, Object.values(evaluationFiles(folder)));
  const device = onDevice(values, (line) => console.error(line));
  const narrator = createNarrator();
  const checkpoint = checkpointChoice(values);
  const request = { config, seed, replica, checkpoint, device, say: narrator.say };
  let evaluation: Evaluation;
  try {
    evaluation = hasMovies(config)
      ? await evaluateMovies(folder, { ...request, ...movieRequest(values) })
      : await evaluateSequences(folder, { ...request, ...sequenceRequest(values) });
  } finally {
    narrator.close();
  }
  const page = await writeEvaluation(folder, evaluation);
  if (values.json) console.log(JSON.stringify(evaluation, null, 2));
  else console.log([...textTable(evaluation), `evaluation: ${shortPath(page)}`].join("\n"));
  return exitCodes.ok;
};
