/** Options of the commands that train several runs on a pool of processes. */
import { message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { choice, integer } from "@optique/core/valueparser";
import { deviceChoices } from "../core/backends/device_choices.ts";
import { displayModes } from "../studies/jobs/jobs_display.ts";
import { anyOf, withShownDefault } from "./help.ts";

export const jobOptions = {
  jobs: optional(option("--jobs", integer({ metavar: "N", min: 1, max: 1024 }), {
    description: message`Training processes at a time [one a core; 1 with ${
      text("--device gpu")
    } or another ${text("--engine")}]`,
  })),
  threads: withShownDefault(
    option("--threads", integer({ metavar: "N", min: 1, max: 256 }), {
      description: message`Most threads that a process on the cpu may use`,
    }),
    1,
  ),
  device: withShownDefault(
    option("--device", choice(deviceChoices, { metavar: "DEVICE" }), {
      description: message`Where to train: ${anyOf(deviceChoices)}`,
    }),
    "cpu",
  ),
  progress: withShownDefault(
    option("--progress", choice(displayModes, { metavar: "MODE" }), {
      description: message`Progress on standard error: ${anyOf(displayModes)}`,
    }),
    "auto",
  ),
  dryRun: option("--dry-run", {
    description: message`List the runs, their states and the memory needed; start nothing`,
  }),
  report: option("--report", {
    description:
      message`Write the report of the runs there are, even while some go on; start nothing`,
  }),
} as const;
