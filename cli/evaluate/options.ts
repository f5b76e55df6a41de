/** The command line of `evaluate`. */
import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, option } from "@optique/core/primitives";
import { integer, string } from "@optique/core/valueparser";
import type { MovieRequest } from "../../analysis/evaluate/evaluate_run.ts";
import { checkpointOption } from "../checkpoint_option.ts";
import { codeOptions } from "../code_options.ts";
import { deviceOptions } from "../device_options.ts";
import { footerOf } from "../help.ts";
import { UsageError } from "../../config/usage_error.ts";
import { parseNumberList } from "../../config/number_list.ts";
import { parseFastWeights } from "../../analysis/evaluate/check_fast_weights.ts";
import type { FastWeightMode } from "../../updaters/fast_weights.ts";
import { newest } from "../../store/stored_network.ts";
import { defaults } from "../../analysis/evaluate/defaults.ts";
import { runFolder } from "../completion/values.ts";

export const evaluateParser = object({
  level: optional(option("--level", string({ metavar: "LIST" }), {
    description:
      message`Judge the networks that passed these levels R, such as 1,5-8; or newest: the newest checkpoint [every level passed; with --interval the highest; newest if none is passed yet]`,
  })),
  checkpoint: checkpointOption("Judge"),
  interval: optional(option("--interval", string({ metavar: "LIST" }), {
    description: message`R of the movies to judge on, such as 1,2,5-20 [the level of each network]`,
  })),
  scenes: optional(option("--scenes", integer({ metavar: "N", min: 2, max: 1_000_000 }), {
    description: message`Scenes in a movie [${text(String(defaults.scenes))}]`,
  })),
  curve: optional(option("--curve", string({ metavar: "LIST" }), {
    description:
      message`Judge the network of the highest level at these R too; without LIST: 1 to twice its level`,
  })),
  curveScenes: optional(
    option("--curve-scenes", integer({ metavar: "N", min: 2, max: 1_000_000 }), {
      description: message`Scenes in each movie of the curve [${
        text(String(defaults.curveScenes))
      }]`,
    }),
  ),
  sequences: optional(
    option("--sequences", integer({ metavar: "N", min: 1, max: 1_000_000_000 }), {
      description: message`Sequences to judge on, for a task without levels [${
        text(String(defaults.sequences))
      }]`,
    }),
  ),
  fast: optional(option("--fast", string({ metavar: "LIST" }), {
    description:
      message`Judge again, on the same sequences, with fast weights on (slow ones stay as they are), off (they are 0), carried (from sequence to sequence) or all (as in training); differences are those of the first of the list, such as on,off,carried`,
  })),
  seed: optional(option("--seed", integer({ metavar: "N", min: 0 }), {
    description: message`Judge only the networks of this seed`,
  })),
  replica: optional(option("--replica", integer({ metavar: "N", min: 0 }), {
    description:
      message`Judge only the networks of this replica, counted from 0; the seeds of a sweep's first point come first`,
  })),
  ...codeOptions,
  ...deviceOptions,
  json: option("--json", {
    description: message`Print the content of evaluation.json instead of a table`,
  }),
  folder: argument(runFolder(), {
    description: message`Folder of the run; it may still be training`,
  }),
});

export const evaluateFooter = footerOf({
  about: "Judges networks on sequences never trained on and writes DIR/evaluation.json and " +
    "DIR/evaluation.html. In a task of scenes the level R is the number of scenes from a scene to " +
    "its repeat. A network holds a level with an accuracy of at least 0.985, at most 1% false " +
    "positives and at most 3% false negatives.",
  examples: [
    "evaluate runs/mine",
    "evaluate runs/mine --fast on,off,carried",
    "evaluate runs/memo --curve",
    "evaluate runs/memo --level 13 --interval 1,5-20",
    "evaluate runs/memo --seed 2 --scenes 2000 --json",
    "evaluate runs/own --model examples/own/hebbff.ts --task examples/own/familiarity.ts",
  ],
  exitCodes: "0 judged, 1 failure, 2 usage or a file that cannot be used",
});

/** Completes `--curve` without a list to `--curve=`. A list is made of digits, commas and dashes. */
export function completeArguments(args: readonly string[]): string[] {
  return args.map((word, index) =>
    word === "--curve" && !/^[\d,\s-]*\d[\d,\s-]*$/.test(args[index + 1] ?? "") ? "--curve=" : word
  );
}

export type EvaluateArguments = InferValue<typeof evaluateParser>;

/** The request for a run whose task has movies with an R. @throws UsageError for a wrong flag. */
export function movieRequest(values: EvaluateArguments): MovieRequest {
  const { level, interval, curve } = values;
  refuseFlags(
    values,
    ["sequences", "fast"],
    "the sequences of this run are movies, --scenes says how long",
  );
  refuseFlags(values, ["checkpoint"], "networks of this run are chosen by --level");
  if (curve === undefined) refuseFlags(values, ["curveScenes"], "there is no --curve");
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

/** The request for a run whose task has no R. @throws UsageError for a wrong flag. */
export function sequenceRequest(
  values: EvaluateArguments,
): { sequences: number; fastWeights: readonly FastWeightMode[] } {
  const levelFlags = ["level", "interval", "scenes", "curve", "curveScenes"] as const;
  refuseFlags(values, levelFlags, "the task of this run has no levels");
  return {
    sequences: values.sequences ?? defaults.sequences,
    fastWeights: values.fast === undefined
      ? []
      : parseFastWeights(values.fast.split(","), "--fast"),
  };
}

/** @throws UsageError if one of the flags was typed. */
function refuseFlags(
  values: EvaluateArguments,
  names: readonly (keyof EvaluateArguments)[],
  reason: string,
): void {
  const unwanted = names.find((name) => values[name] !== undefined);
  if (unwanted === undefined) return;
  const flag = unwanted.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--${flag} has no meaning here: ${reason}`);
}
