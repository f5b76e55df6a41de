/** `runs ls`: a table of the runs below a folder. */
import { resolve } from "node:path";
import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, option } from "@optique/core/primitives";
import { integer, string } from "@optique/core/valueparser";
import { splitList } from "../../config/split_list.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { plainTable } from "../../report/runs/plain_table.ts";
import { runTable } from "../../report/runs/run_table.ts";
import { toJsonNumbers } from "../../store/files/json_number.ts";
import type { RunFacts } from "../../store/index/run_facts.ts";
import { sortRuns } from "../../store/index/select_runs.ts";
import { shortPath } from "../../store/short_path.ts";

import type { Command } from "../command.ts";
import { footerOf } from "../help.ts";
import { parseOptions } from "../parse_options.ts";
import { chosenRuns, defaultRoot, selectionOptions } from "./selection.ts";
import { folder } from "../completion/values.ts";

const options = object({
  ...selectionOptions,
  sort: multiple(option("--sort", string({ metavar: "NAME,..." }), {
    description: message`Order by facts, settings or metrics; a name after ${
      text("-")
    } goes down, as in ${text("--sort=-accuracy")} [${text("-started")}]`,
  })),
  columns: optional(option("--columns", string({ metavar: "NAME,..." }), {
    description: message`Show these in place of the usual columns`,
  })),
  limit: optional(option("--limit", integer({ metavar: "N", min: 1 }), {
    description: message`Show only the first N runs`,
  })),
  json: option("--json", { description: message`Print all that is known of the runs as JSON` }),
  paths: option("--paths", { description: message`Print the folders of the runs, one a line` }),
  root: withDefault(
    argument(folder(), {
      description: message`Folder whose runs are listed, those of inner folders too`,
    }),
    defaultRoot,
  ),
});

const footer = footerOf({
  about:
    "Facts of a run are path, name, state, started, updated, task, model, updater, replicas, diverged, iterations, " +
    "sequences, seconds, device and memory. Settings are named as learning_rate or updater.learning_rate, metrics as " +
    "accuracy (the newest on test sequences, else held-out ones, else those of training) or eval/accuracy. Of a " +
    "metric the mean over networks counts. States are running, stopped (killed), completed, failed and so on. An " +
    "index, DIR/hebb-index.sqlite, makes the list quick; it holds nothing that the runs do not.",
  examples: [
    "runs ls",
    'runs ls --where "model=hybrid and learning_rate<1e-3" --sort=-accuracy',
    "runs ls runs/cells --columns learning_rate,eval/loss,seconds --limit 10",
    'runs ls --where "state!=completed" --paths',
    "runs ls --json",
  ],
  exitCodes: "0 listed, 1 failure, 2 usage",
});

export const listRunsCommand: Command = (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  if (values) print(values);
  return Promise.resolve(exitCodes.ok);
};

function print(values: InferValue<typeof options>): void {
  const { root, where, sort, limit, columns, json, paths } = values;
  const order = sort.length > 0 ? sort.flatMap(splitList) : ["-started"];
  const runs = sortRuns(chosenRuns(root, where), order).slice(0, limit);
  if (json) console.log(JSON.stringify(runs.map(asJson), null, 2));
  else if (paths) { for (const { path } of runs) console.log(shortPath(resolve(root, path))); }
  else if (runs.length === 0) {
    console.error(`no run in ${root}${where.length > 0 ? " meets the condition" : ""}`);
  } else {
    const names = columns === undefined ? {} : { columns: splitList(columns) };
    console.log(plainTable(runTable(runs, names)).join("\n"));
  }
}

/** Facts with the names that conditions use; numbers that are not finite are texts. */
function asJson({ forkedFrom, forkedAt, ...facts }: RunFacts): object {
  const metrics = Object.entries(facts.metrics).map((
    [name, spread],
  ) => [name, toJsonNumbers({ ...spread })]);
  return {
    ...facts,
    forked_from: forkedFrom || null,
    forked_at: forkedFrom ? forkedAt : null,
    metrics: Object.fromEntries(metrics),
  };
}
