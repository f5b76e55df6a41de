/** The options of a command that computes on a device. */
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { choice, integer } from "@optique/core/valueparser";
import { deviceChoices } from "../core/backends/device_choices.ts";
import { anyOf, withShownDefault } from "./help.ts";

/** Fields of the `object` of a command line. */
export const deviceOptions = {
  device: withShownDefault(
    option("--device", choice(deviceChoices, { metavar: "DEVICE" }), {
      description: message`Where to compute: ${anyOf(deviceChoices)}`,
    }),
    "auto",
  ),
  allowSoftwareAdapter: option("--allow-software-adapter", {
    description: message`Let device gpu use a software adapter, which computes on the CPU`,
  }),
  threads: optional(option("--threads", integer({ metavar: "N", min: 1, max: 256 }), {
    description: message`Most threads that device cpu may use [one a core]`,
  })),
} as const;
