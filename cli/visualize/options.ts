/** The command line of `visualize`. */
import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { defaultScenes } from "../../analysis/probe/scene_window.ts";
import { type ImageKind, imageKinds } from "../../report/visualization/images/drawing.ts";
import { deviceOptions } from "../device_options.ts";

export const visualizeParser = object({
  level: optional(option("--level", string({ metavar: "LIST" }), {
    description:
      message`Levels R to draw, such as 1,5,13, all, or newest (checkpoint) [the first and the highest]`,
  })),
  scenes: optional(option("--scenes", integer({ metavar: "N", min: 1, max: 1_000_000 }), {
    description: message`Scenes to draw [${text(String(defaultScenes))}]`,
  })),
  seed: optional(option("--seed", integer({ metavar: "N", min: 0 }), {
    description: message`The network of this seed [the first one]`,
  })),
  replica: optional(option("--replica", integer({ metavar: "N", min: 0 }), {
    description:
      message`The network of this replica: point of the sweep * seeds + number of the seed, from 0`,
  })),
  images: multiple(option("--images", choice(imageKinds, { metavar: "KIND" }), {
    description: message`Write separate files under DIR/images too; may be given twice`,
  })),
  ...deviceOptions,
  folder: argument(string({ metavar: "DIR" }), {
    description: message`Folder of the run; it may still be training`,
  }),
});

export const visualizeFooter = message`${
  text(
    "Runs a trained network on a held-out sequence and writes DIR/visualization.html: weight and " +
      "rate matrices, activity, and plastic and effective weights over time. Of a run without " +
      "levels, or without one passed yet, the newest checkpoint is drawn. Examples: `visualize DIR`, `visualize DIR --level " +
      "1,5,13 --scenes 20`, `visualize DIR --level all --images svg --images png`. Exit codes: " +
      "0 drawn, 1 failure, 2 usage or a file that cannot be used.",
  )
}`;

export interface VisualizeArguments {
  readonly folder: string;
  readonly level: string | undefined;
  readonly scenes: number | undefined;
  readonly seed: number | undefined;
  readonly replica: number | undefined;
  readonly images: readonly ImageKind[];
}
