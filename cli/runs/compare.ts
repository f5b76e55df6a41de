/** `runs compare`: stored runs beside each other. */
import { dirname, join, resolve } from "node:path";
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import { quote } from "../../config/plain_text.ts";
import { splitList } from "../../config/split_list.ts";
import { UsageError } from "../../config/usage_error.ts";
import { didYouMean } from "../../core/similar_name.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { writeFileAtomic } from "../../store/files/atomic_file.ts";
import { metricNames } from "../../store/index/run_fields.ts";
import { shortPath } from "../../store/short_path.ts";
import { type ComparedRow, readComparedRows } from "../../studies/stored_runs/compared_row.ts";
import {
  comparisonJson,
  comparisonLines,
  drawComparison,
} from "../../studies/stored_runs/report.ts";
import { metricNamesOf } from "../../studies/stored_runs/tables.ts";
import type { Command } from "../command.ts";
import { footerOf } from "../help.ts";
import { parseOptions } from "../parse_options.ts";
import { rootOption, runFolder } from "./selection.ts";
import { runFolder as runArgument } from "../completion/values.ts";

const options = object({
  metrics: optional(option("--metrics", string({ metavar: "NAME,..." }), {
    description: message`Metrics to show, such as accuracy or eval/loss [scores and losses]`,
  })),
  out: optional(option("--out", string({ metavar: "FILE" }), {
    description: message`Where to write the page [compare.html beside the first run]`,
  })),
  json: option("--json", { description: message`Print the comparison as JSON; write no page` }),
  ...rootOption,
  names: multiple(
    argument(runArgument("RUN"), {
      description:
        message`Folder of a run, or its name below --dir; points of a sweep are compared too`,
    }),
    { min: 1 },
  ),
});

const footer = footerOf({
  about:
    "Prints the settings in which runs differ and their newest metrics: means with 95% intervals over the networks " +
    "of a run, or of a point of its sweep. Writes one page with curves over each other. Runs may still be training. " +
    "To train what is to be compared, see the command compare.",
  examples: [
    "runs compare runs/a runs/b",
    "runs compare a b c --metrics accuracy,train/loss --out abc.html",
    "runs compare runs/rates",
    "runs compare a b --json",
  ],
  exitCodes: "0 compared, 1 failure, 2 usage or a file that cannot be used",
});

export const compareRuns: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  if (!values) return exitCodes.ok;
  const { names, root, json } = values;
  const folders = [...new Set(names.map((name) => runFolder(name, root)))];
  const { out = join(dirname(resolve(folders[0]!)), "compare.html") } = values;
  const rows = readComparedRows(folders);
  const metrics = values.metrics === undefined ? undefined : chosenMetrics(values.metrics, rows);
  if (json) {
    console.log(JSON.stringify(comparisonJson(rows, { metrics }), null, 2));
    return exitCodes.ok;
  }
  console.log(comparisonLines(rows, { metrics }).join("\n"));
  writeFileAtomic(out, await drawComparison(rows, { metrics }));
  console.log(`page: ${shortPath(resolve(out))}`);
  return exitCodes.ok;
};

/** Metrics by their names; a name without a split stands for that of every split. @throws UsageError */
function chosenMetrics(text: string, rows: readonly ComparedRow[]): string[] {
  const all = metricNamesOf(rows);
  return splitList(text).flatMap((name) => {
    const found = metricNames(name).filter((metric) => all.includes(metric));
    if (found.length > 0) return found;
    const known = all.flatMap((metric) => [metric, metric.replace(/^\w+\//, "")]);
    throw new UsageError(`--metrics: no run has a metric ${quote(name)}${didYouMean(name, known)}`);
  });
}
