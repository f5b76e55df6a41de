/** Golden cases of the plastic RNN: one sequence, and its exact gradient by each rule. */
import { z } from "../../deps/zod.ts";
import { patternError } from "../../core/losses/pattern_error.ts";
import { vector } from "../../core/program/declaration.ts";
import { computed } from "../../core/program/initializer.ts";
import type { ModelInstance } from "../../core/program/model.ts";
import { plasticRnn } from "../../models/plastic_rnn.ts";
import { findUpdater, updaters } from "../../updaters/mod.ts";
import {
  type Computed,
  firstValues,
  floatsOf,
  type Golden,
  type ParityCase,
  settingsOf,
} from "./golden.ts";

const schema = z.strictObject({
  family: z.literal("bohp"),
  name: z.string(),
  neurons: z.int().min(2).max(8192),
  steps: z.int().min(1).max(1_000_000),
  eta: z.number().min(0).max(1),
  recurrence: z.literal(
    "hebb=eta*hebb+(1-eta)*outer(y[t-1],y[t-2]); y=tanh((w+alpha*hebb)@y[t-1]+x)",
  ),
  loss: z.literal("0.5*sum((y[T-1][:N-1]-target)^2)"),
  gradient: z.enum(["rtrl", "bptt"]),
});
type Settings = z.output<typeof schema>;

/** Rules that follow the exact gradient. Both have to agree with the file, whichever made it. */
const rules = ["bptt", "rtrl"];

/**
 * One case for each rule.
 *
 * @throws RangeError if a setting is missing, unknown or of the wrong kind.
 * @throws DamagedFileError if a tensor is missing or of another shape.
 */
export function bohpCases(golden: Golden): ParityCase[] {
  const settings = settingsOf(golden, schema);
  const { neurons, eta } = settings;
  const first = floatsOf(golden, "init/y", [neurons]);
  const network = plasticRnn.instantiate({ inputs: neurons, eta, autapse: true });
  // These sequences start from an activity other than 0.
  const model = {
    ...network,
    state: { ...network.state, y: vector(neurons, computed((out) => out.set(first))) },
  };
  return rules.filter((rule) => Object.hasOwn(updaters, rule))
    .map((rule) => caseOf(golden, { model, settings, rule }));
}

function caseOf(
  golden: Golden,
  { model, settings, rule }: { model: ModelInstance; settings: Settings; rule: string },
): ParityCase {
  const { neurons, steps } = settings;
  const bits = neurons - 1;
  const program = findUpdater(rule).build(
    {
      model,
      loss: patternError(bits),
      extents: { replicas: 1, sequences: 1, steps },
      probe: true,
    },
    {},
  );
  const initial = firstValues(program);
  const matrix = [neurons, neurons] as const;
  for (const name of ["w", "alpha"]) initial.set(name, floatsOf(golden, `init/${name}`, matrix));
  const atEnd = (values: ArrayLike<number>, size: number) => {
    const sequence = new Float32Array(steps * size);
    sequence.set(values, (steps - 1) * size);
    return sequence;
  };
  return {
    rule,
    program,
    initial,
    batches: [
      new Map([
        ["x", floatsOf(golden, "input/x", [steps, neurons])],
        ["target", atEnd(floatsOf(golden, "input/target", [bits]), bits)],
        ["erased", new Float32Array(steps * bits)],
        ["weight", atEnd([1], 1)],
      ]),
    ],
    watch: ["probe/output", "probe/gradient/w", "probe/gradient/alpha"],
    float32Bound: 2e-5,
    collect([read]) {
      return new Map<string, Computed>([
        ["y", { shape: [steps, neurons], values: read!.get("probe/output")! }],
        ["grad_w", { shape: matrix, values: read!.get("probe/gradient/w")! }],
        ["grad_alpha", { shape: matrix, values: read!.get("probe/gradient/alpha")! }],
      ]);
    },
  };
}
