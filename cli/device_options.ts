/** The options of a command that computes on a device. */
import { message } from "@optique/core/message";
import { optional, withDefault } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { choice, integer } from "@optique/core/valueparser";
import { deviceChoices } from "../core/backends/open_backend.ts";

/** Fields of the `object` of a command line. */
export const deviceOptions = {
  device: withDefault(
    option("--device", choice(deviceChoices, { metavar: "DEVICE" }), {
      description: message`Where to compute`,
    }),
    "auto" as const,
  ),
  allowSoftwareAdapter: option("--allow-software-adapter", {
    description: message`Let gpu use an adapter that computes on the CPU`,
  }),
  threads: optional(option("--threads", integer({ metavar: "N", min: 1, max: 256 }), {
    description: message`Most threads of device cpu [one a core]`,
  })),
} as const;
