/** `visualize DIR`: draws how a trained network works. */
import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { onDevice } from "../../config/build/on_device.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { defaultScenes } from "../../analysis/probe/scene_window.ts";
import { imageKinds } from "../../report/visualization/images/drawing.ts";
import { visualizeRun } from "../../report/visualization/visualize_run.ts";
import type { Command } from "../command.ts";
import { checkpointChoice, checkpointOption } from "../checkpoint_option.ts";
import { codeOptions, loadCode } from "../code_options.ts";
import { deviceOptions } from "../device_options.ts";
import { anyOf, footerOf } from "../help.ts";
import { parseOptions } from "../parse_options.ts";
import { runFolder } from "../completion/values.ts";

const options = object({
  level: optional(option("--level", string({ metavar: "LIST" }), {
    description:
      message`Levels R whose networks are drawn, such as 1,5,13; all; or newest: the newest checkpoint [the first and the highest]`,
  })),
  checkpoint: checkpointOption("Draw"),
  scenes: optional(option("--scenes", integer({ metavar: "N", min: 1, max: 1_000_000 }), {
    description: message`Scenes to draw [${text(String(defaultScenes))}]`,
  })),
  seed: optional(option("--seed", integer({ metavar: "N", min: 0 }), {
    description: message`Draw the networks of this seed [the first one]`,
  })),
  replica: optional(option("--replica", integer({ metavar: "N", min: 0 }), {
    description:
      message`Draw the networks of this replica, counted from 0; the seeds of a sweep's first point come first`,
  })),
  images: multiple(option("--images", choice(imageKinds, { metavar: "KIND" }), {
    description: message`Write image files under DIR/images too: ${
      anyOf(imageKinds)
    }; may be given twice`,
  })),
  ...codeOptions,
  ...deviceOptions,
  folder: argument(runFolder(), {
    description: message`Folder of the run; it may still be training`,
  }),
});

const footer = footerOf({
  about: "Runs a trained network on a held-out sequence and writes DIR/visualization.html: its " +
    "weight and rate matrices, its activity, and its plastic and effective weights over time. A run " +
    "whose task has levels R keeps a network of each level passed. Without such networks the best " +
    "one is drawn, if the run keeps it, or that of the newest checkpoint.",
  examples: [
    "visualize runs/memo",
    "visualize runs/memo --level 1,5,13 --scenes 20",
    "visualize runs/memo --level all --images svg --images png",
  ],
  exitCodes: "0 drawn, 1 failure, 2 usage or a file that cannot be used",
});

export const visualize: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  if (!values) return exitCodes.ok;
  const say = (line: string) => console.error(line);
  const kinds = [...new Set(values.images)];
  const device = onDevice(values, say);
  const checkpoint = checkpointChoice(values);
  const request = { ...values, checkpoint, kinds, device, say, code: await loadCode(values) };
  for (const path of await visualizeRun(values.folder, request)) {
    console.log(path);
  }
  return exitCodes.ok;
};
