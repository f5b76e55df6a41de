/** A program that runs a network and changes no weight: to judge it, and to look at it. */
import type { Program } from "../core/program/program.ts";
import { declareLearning, forwardOnly, keepEveryStep } from "./scaffold.ts";
import type { Learning } from "./updater.ts";

/**
 * Has the procedure `evaluate` alone. With `probe` the output of every step is kept in
 * `probe/output` [T, P, B], states after it in `probe/state/<name>` and what the model lets one see
 * in `probe/observed/<name>`, [T, P, B, ...shape].
 */
export function forwardProgram(learning: Learning): Program {
  const builder = declareLearning(learning);
  forwardOnly(builder, learning, {
    forward(stage, { observed }) {
      if (!learning.probe) return;
      keepEveryStep(stage, { builder, group: "probe/observed", values: observed });
    },
  });
  return builder.build();
}
