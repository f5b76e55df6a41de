/** The command line of `evaluate`. */
import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, option } from "@optique/core/primitives";
import { integer, string } from "@optique/core/valueparser";
import type { MovieRequest } from "../../analysis/evaluate/evaluate_run.ts";
import { deviceOptions } from "../device_options.ts";
import { UsageError } from "../../config/usage_error.ts";
import { parseNumberList } from "../../config/number_list.ts";
import { newest } from "../../store/stored_network.ts";
import { defaults } from "../../analysis/evaluate/defaults.ts";

export const evaluateParser = object({
  level: optional(option("--level", string({ metavar: "LIST" }), {
    description:
      message`The networks that passed these levels, or newest (checkpoint) [all, or with --interval the highest; newest if none passed yet]`,
  })),
  interval: optional(option("--interval", string({ metavar: "LIST" }), {
    description: message`R of the movies, such as 1,2,5-20 [each network's own level]`,
  })),
  scenes: optional(option("--scenes", integer({ metavar: "N", min: 2, max: 1_000_000 }), {
    description: message`Scenes of a movie [${text(String(defaults.scenes))}]`,
  })),
  curve: optional(option("--curve", string({ metavar: "LIST" }), {
    description: message`Judge the highest network at many R too; alone: from 1 to twice its level`,
  })),
  curveScenes: optional(
    option("--curve-scenes", integer({ metavar: "N", min: 2, max: 1_000_000 }), {
      description: message`Scenes of a movie of the curve [${text(String(defaults.curveScenes))}]`,
    }),
  ),
  sequences: optional(
    option("--sequences", integer({ metavar: "N", min: 1, max: 1_000_000_000 }), {
      description: message`Sequences, for a task without R [${text(String(defaults.sequences))}]`,
    }),
  ),
  seed: optional(option("--seed", integer({ metavar: "N", min: 0 }), {
    description: message`Only the networks of this seed`,
  })),
  replica: optional(option("--replica", integer({ metavar: "N", min: 0 }), {
    description:
      message`Only the networks of this replica: point of the sweep * seeds + number of the seed, from 0`,
  })),
  ...deviceOptions,
  json: option("--json", { description: message`Print what evaluation.json holds, no table` }),
  folder: argument(string({ metavar: "DIR" }), {
    description: message`Folder of the run; it may still be training`,
  }),
});

export const evaluateFooter = message`${
  text(
    "Judges networks on sequences never trained on and writes evaluation.json and evaluation.html " +
      "into DIR. A network holds a level with accuracy >= 0.985, false positives <= 1% and false " +
      "negatives <= 3%. Examples: `evaluate DIR --curve` (every level passed, and how far the " +
      "highest one carries), `evaluate DIR --level 13 --interval 1,5-20`, `evaluate DIR --seed 2 " +
      "--scenes 2000 --json`. Exit codes: 0 judged, 1 failure, 2 usage or a file that cannot be used.",
  )
}`;

/** `--curve` alone names no R. A word after it is its value if it looks like one. */
export function completeArguments(args: readonly string[]): string[] {
  return args.map((word, index) =>
    word === "--curve" && !/^[\d,\s-]*\d[\d,\s-]*$/.test(args[index + 1] ?? "") ? "--curve=" : word
  );
}

export type EvaluateArguments = InferValue<typeof evaluateParser>;

/** What is asked of a run whose task has movies of an R. @throws UsageError */
export function movieRequest(values: EvaluateArguments): MovieRequest {
  const { level, interval, curve } = values;
  refuseGiven(
    values,
    ["sequences"],
    "the sequences of this run are movies, --scenes says how long",
  );
  if (curve === undefined) refuseGiven(values, ["curveScenes"], "there is no --curve");
  const list = (text: string | undefined, name: string) =>
    text === undefined ? undefined : parseNumberList(text, name);
  return {
    levels: level === newest ? newest : list(level, "--level"),
    intervals: list(interval, "--interval"),
    scenes: values.scenes ?? defaults.scenes,
    curve: curve === undefined ? undefined : { intervals: list(curve || undefined, "--curve") },
    curveScenes: values.curveScenes ?? defaults.curveScenes,
  };
}

/** Sequences to judge in a run whose task has no R. @throws UsageError */
export function sequenceRequest(values: EvaluateArguments): number {
  const ofLevels = ["level", "interval", "scenes", "curve", "curveScenes"] as const;
  refuseGiven(values, ofLevels, "the task of this run has no levels");
  return values.sequences ?? defaults.sequences;
}

function refuseGiven(
  values: EvaluateArguments,
  names: readonly (keyof EvaluateArguments)[],
  reason: string,
): void {
  const given = names.find((name) => values[name] !== undefined);
  if (given === undefined) return;
  const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--${flag} has no meaning here: ${reason}`);
}
