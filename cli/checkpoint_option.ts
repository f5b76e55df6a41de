/** The option that chooses the checkpoint of a run. */
import { message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { type CheckpointChoice, parseCheckpointChoice } from "../store/judged_checkpoint.ts";
import { name } from "./completion/values.ts";

/** @param verb what the command does with it. */
export const checkpointOption = (verb: string) =>
  optional(option("--checkpoint", name(() => ["best", "newest"], { metavar: "WHICH" }), {
    description: message`${
      text(
        `${verb} the best networks, which a run with --keep-best keeps, the newest, or those of an iteration: ` +
          "best, newest or N [best, or else newest]",
      )
    }`,
  }));

/** What was typed. @throws UsageError */
export const checkpointChoice = (
  { checkpoint }: { readonly checkpoint: string | undefined },
): CheckpointChoice | undefined =>
  checkpoint === undefined ? undefined : parseCheckpointChoice(checkpoint);
