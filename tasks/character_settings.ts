/** Settings that character tasks share. */
import { z } from "../deps/zod.ts";

/** Of every character task: what is held out. */
export const characterSettings = {
  held_out: z.enum(["draws", "texts"]).default("draws").describe(
    "What validation and test hold out: draws, whose texts may be trained too, or texts: 1/16 of all each",
  ),
};

/** Of tasks with many symbols that nobody can foretell: what is judged. */
export const judgedSettings = {
  judged: z.enum(["all", "recall"]).default("all").describe(
    "Which next symbols are targets: all, or only those to be recalled",
  ),
};
