/** A program that runs a network and changes no weight: to judge it, and to look at it. */
import type { Program } from "../core/program/program.ts";
import { declareLearning, forwardOnly, keepEveryStep } from "./scaffold.ts";
import type { Learning } from "./updater.ts";

/**
 * Has the procedure `evaluate` alone. With `probe` the output of every step is kept in `probe/output`,
 * states after it in `probe/state/<name>` and what the model observes in `probe/observed/<name>`,
 * [T, P, B, ...shape].
 *
 * @param options.keep Keeps only these of them, such as `observed/energy` or `state/h`.
 * @throws RangeError if the model has none of that name.
 */
export function forwardProgram(
  learning: Learning,
  { keep = [] }: { keep?: readonly string[] } = {},
): Program {
  const builder = declareLearning(learning);
  forwardOnly(builder, learning, {
    forward(stage, { observed, nextState }) {
      if (learning.probe) {
        keepEveryStep(stage, { builder, group: "probe/observed", values: observed });
        return;
      }
      const all = Object.fromEntries([
        ...Object.entries(observed).map(([name, value]) => [`observed/${name}`, value] as const),
        ...Object.entries(nextState).map(([name, value]) => [`state/${name}`, value] as const),
      ]);
      const values = Object.fromEntries(keep.map((name) => {
        if (all[name]) return [name, all[name]];
        throw new RangeError(
          `Model ${learning.model.name} has no "${name}"; there are ${Object.keys(all).join(", ")}`,
        );
      }));
      keepEveryStep(stage, { builder, group: "probe", values });
    },
  });
  return builder.build();
}
