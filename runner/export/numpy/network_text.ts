/** A trained network as a program of Python that needs NumPy alone: the beginning of a sequence, one step, a loop. */
import type { Shape } from "../../../core/axes.ts";
import { describeInput } from "../../../core/program/input.ts";
import type { ModelInstance } from "../../../core/program/model.ts";
import type { Stage } from "../../../core/program/program.ts";
import type { Task } from "../../../core/training/task.ts";
import { forwardProgram } from "../../../updaters/forward_only.ts";
import { tensorName } from "../tensor_name.ts";
import { helperTexts } from "./operation_text.ts";
import { printValues, tuple, withoutBroadcast } from "./print_values.ts";

/**
 * The text of the program. It runs the network as `evaluate` does: no learning rule changes weights.
 *
 * @param options.task gives the length of sequences and the loss, which the program does not compute.
 * @throws RangeError if the network computes with a whole batch of sequences.
 */
export function networkText(
  { model, task, weights }: {
    model: ModelInstance;
    task: Task;
    /** Name of a file of weights, for the example. */
    weights: string;
  },
): string {
  const extents = { replicas: 1, sequences: 1, steps: task.steps };
  const learning = { model, loss: task.loss, extents, probe: true };
  const stages = forwardProgram(learning).procedures.get("evaluate")!;
  const begin = beginText(stageOf(stages, "reset"), model);
  const step = stepText(stageOf(stages, "forward"), model);
  const helpers = Object.entries(helperTexts).filter(([name]) =>
    `${begin}${step}`.includes(`${name}(`)
  ).map(([, text]) => `${text}\n`);
  const imports = [
    ...helpers.some((text) => text.includes("math.")) ? ["import math\n"] : [],
    "import numpy as np",
  ];
  // Draws of a network that stays noisy where it is judged.
  const generator = step.includes("random.") ? "random = np.random.default_rng(0)\n" : "";
  return [
    `"""The network ${model.name} in NumPy. Written by Hebb, from its equations.

    from network import load, run
    outputs = run(load("networks/${weights}"), {${exampleInputs(model)}})
"""
`,
    `${imports.join("\n")}\n`,
    ...generator === "" ? [] : [generator],
    ...[...helpers, loadFunction, begin, step, runFunction(model)].map((text) => `\n${text}`),
  ].join("\n");
}

const loadFunction = `def load(path):
    """The weights in a file, by name, in float64."""
    with np.load(path) as arrays:
        return {name: arrays[name].astype(np.float64) for name in arrays.files}
`;

function beginText({ stores }: Stage, model: ModelInstance): string {
  const storedOf = (declared: object) =>
    stores.filter(({ slot }) => Object.hasOwn(declared, slot.name));
  const [weights, states] = [storedOf(model.parameters), storedOf(model.state)];
  const all = [...weights, ...states];
  const values = all.map(({ value }) => withoutBroadcast(value));
  const { lines, texts } = printValues(values, loadsOf(model));
  const entries = all.map(({ slot: { name, shape } }, index) => {
    const text = texts[index]!;
    const isWhole = values[index]!.shape.join() === shape.join();
    return `    "${tensorName(name)}": ${
      isWhole ? text : `np.broadcast_to(${text}, ${tuple(shape)})`
    },`;
  });
  return `def begin(w, x):
    """Weights and inputs -> the weights that a sequence runs with, and its first state."""
${
    indented([
      ...lines,
      ...weights.length > 0 ? ["w = {", "    **w,", ...entries.slice(0, weights.length), "}"] : [],
      "state = {",
      ...entries.slice(weights.length),
      "}",
      "return w, state",
    ])
  }
`;
}

function stepText({ stores }: Stage, model: ModelInstance): string {
  const storedIn = (slot: string) => stores.find((store) => store.slot.name === slot)!.value;
  const states = Object.keys(model.state);
  const output = storedIn("probe/output");
  const { lines, texts } = printValues([output, ...states.map(storedIn)], loadsOf(model));
  return `def step(w, state, x, t):
    """Weights, state and inputs of step t -> the next state and the output ${
    shapeText(output.shape)
  }."""
${
    indented([
      ...lines,
      "after = {",
      ...states.map((name, index) => `    "${name}": ${texts[index + 1]},`),
      "}",
      `return after, ${texts[0]}`,
    ])
  }
`;
}

function runFunction(model: ModelInstance): string {
  const inputs = Object.entries(model.inputs).map(([name, declared]) => ({
    name,
    ...describeInput(declared),
  }));
  const steps = inputs.filter(({ perStep }) => perStep).map(({ name }) => name);
  const texts = inputs.map(({ name, shape, perStep }) =>
    `${name} ${shapeText([...perStep ? ["T"] : [], ...shape])}`
  );
  // The number of steps is that of the inputs, if one of them has a value a step.
  const [parameter, count] = steps.length === 0
    ? [", steps", "steps"]
    : ["", "min(len(inputs[name]) for name in PER_STEP)"];
  return `PER_STEP = [${steps.map((name) => `"${name}"`).join(", ")}]


def run(w, inputs${parameter}):
    """One sequence, ${texts.join(", ")} -> the output of each step."""
    inputs = {name: np.asarray(values, np.float64) for name, values in inputs.items()}
    w, state = begin(w, inputs)
    outputs = []
    for t in range(${count}):
        x = {name: values[t] if name in PER_STEP else values for name, values in inputs.items()}
        state, output = step(w, state, x, t)
        outputs.append(output)
    return np.stack(outputs)
`;
}

const stageOf = (stages: readonly Stage[], name: string): Stage =>
  stages.find((stage) => stage.name === name)!;

/** What a slot holds is a weight, a state or an input. */
const loadsOf = (model: ModelInstance) => (slot: string): string =>
  Object.hasOwn(model.state, slot)
    ? `state["${slot}"]`
    : Object.hasOwn(model.inputs, slot)
    ? `x["${slot}"]`
    : `w["${tensorName(slot)}"]`;

const exampleInputs = (model: ModelInstance): string =>
  Object.keys(model.inputs).map((name) => `"${name}": ${name}`).join(", ");

const shapeText = (shape: readonly (number | string)[] | Shape): string => `[${shape.join(", ")}]`;

const indented = (lines: readonly string[]): string =>
  lines.map((line) => `    ${line}`).join("\n");
