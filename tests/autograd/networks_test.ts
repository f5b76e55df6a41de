/**
 * 200 random recurrent networks against PyTorch in float64: the loss, the gradient of every slow weight, and
 * the weights after one to three updates. `HEBB_FAULTS=full` runs all of them on every device.
 */
import assert from "node:assert/strict";
import { z } from "../../deps/zod.ts";
import type { Shape } from "../../core/axes.ts";
import type { Backend } from "../../core/backends/backend.ts";
import { attractorLoss, type AttractorWeights } from "../../core/losses/attractor_loss.ts";
import { binaryCrossEntropy } from "../../core/losses/binary_cross_entropy.ts";
import { crossEntropy } from "../../core/losses/cross_entropy.ts";
import type { Loss } from "../../core/losses/loss.ts";
import { patternError } from "../../core/losses/pattern_error.ts";
import { matrix, scalar, vector } from "../../core/program/declaration.ts";
import type { Declaration, DeclarationOptions } from "../../core/program/declaration.ts";
import { constantValue } from "../../core/program/initializer.ts";
import { defineModel, type ModelInstance } from "../../core/program/model.ts";
import { objectiveSlot, withObjective } from "../../core/training/objective.ts";
import { writeStart } from "../../core/testing/twin.ts";
import { findUpdater, updaters } from "../../updaters/mod.ts";
import { Comparison, type ExpectedTensor } from "./compare.ts";
import { numbersOf, readPacked, type Step, type Stored, writeSteps } from "./description.ts";
import { devices, isChosen } from "./devices.ts";

interface Given {
  readonly shape: Shape;
  readonly values: readonly Stored[];
}
type Named<T> = Readonly<Record<string, T>>;

interface DescribedNetwork {
  readonly seed: number;
  readonly cell: string;
  readonly updater: string;
  readonly settings: Named<unknown>;
  readonly updates: number;
  readonly sequences: number;
  readonly steps: number;
  readonly allMasked: boolean;
  readonly parameters: Named<Given & { readonly diagonal?: number }>;
  readonly states: Named<{ readonly shape: Shape; readonly initial: number }>;
  readonly inputs: Named<Given>;
  readonly nodes: readonly Step[];
  readonly next: Named<number>;
  readonly output: number;
  readonly observed: Named<number>;
  readonly loss: { readonly kind: string; readonly options: Named<number> };
  readonly targets: Named<Given>;
  /** Fixed matrices of dfa, by layer. */
  readonly feedback: Named<Given>;
  /** `loss` before every update, `gradient/*` of the first one, `weight/*` after the last. */
  readonly expected: Named<ExpectedTensor>;
}

const { networks } = await readPacked<{ networks: readonly DescribedNetwork[] }>(
  "networks.json.gz",
);

/** What the kernels of a network take to compile, in those of a program. */
const COST = 2;

const losses: Named<(options: Named<number>) => Loss> = {
  crossEntropy: () => crossEntropy,
  binaryCrossEntropy: () => binaryCrossEntropy,
  patternError: ({ size }) => patternError(size!),
  attractor: (options) => attractorLoss({ kept: 0.5, ...options } as unknown as AttractorWeights),
};

function declare(shape: Shape, initial: number, options: DeclarationOptions = {}): Declaration {
  const [post, pre] = shape;
  if (post === undefined) return scalar(initial, options);
  return pre === undefined
    ? vector(post, constantValue(initial), options)
    : matrix(post, pre, constantValue(initial), options);
}

const mapped = <T, U>(named: Named<T>, f: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(named).map(([name, value]) => [name, f(value)]));

function modelOf(
  { cell, parameters, states, inputs, nodes, next, output, observed }: DescribedNetwork,
): ModelInstance {
  return defineModel({
    name: cell,
    config: z.strictObject({}),
    parameters: () => mapped(parameters, ({ shape, diagonal }) => declare(shape, 0, { diagonal })),
    state: () => mapped(states, ({ shape, initial }) => declare(shape, initial)),
    inputs: () => mapped(inputs, ({ shape }) => shape),
    step(p, s, x) {
      const given = [p, s, x].flatMap((each) => Object.values(each));
      const values = writeSteps(given, nodes);
      const at = (place: number) => values[place]!;
      return { state: mapped(next, at), output: at(output), observed: mapped(observed, at) };
    },
  }).instantiate({});
}

async function compareOn(
  backend: Backend,
  described: DescribedNetwork,
  comparison: Comparison,
): Promise<void> {
  const { updater, settings, sequences, steps, updates, expected, seed } = described;
  const extents = { replicas: 1, sequences, steps };
  const loss = losses[described.loss.kind]!(described.loss.options);
  const learning = { model: modelOf(described), loss, extents, probe: true };
  const program = withObjective(findUpdater(updater).build(learning, settings), "train");
  const engine = await backend.prepare({
    ...program,
    procedures: new Map([["train", program.procedures.get("train")!]]),
  });
  writeStart(engine, { seeds: [1] });
  const feedback = Object.entries(described.feedback).map(([layer, given]) =>
    [`feedback/${layer}`, given] as const
  );
  const { parameters, inputs, targets } = described;
  const given = [parameters, inputs, targets].flatMap((each) => Object.entries(each));
  for (const [name, { values }] of [...given, ...feedback]) engine.write(name, numbersOf(values));
  const found = new Map<string, number[]>([["loss", []]]);
  const gradients = Object.keys(expected).filter((name) => name.startsWith("gradient/"));
  const weights = Object.keys(expected).filter((name) => name.startsWith("weight/"));
  for (let update = 0; update < updates; update++) {
    await engine.run("train", { iterations: 1 });
    const read = await engine.read([
      objectiveSlot,
      ...gradients.map((name) => `probe/${name}`),
      ...weights.map((name) => name.slice("weight/".length)),
    ]);
    found.get("loss")!.push(read.get(objectiveSlot)![0]!);
    if (update === 0) {
      for (const name of gradients) found.set(name, [...read.get(`probe/${name}`)!]);
    }
    for (const name of weights) found.set(name, [...read.get(name.slice("weight/".length))!]);
  }
  engine.close();
  for (const [name, tensor] of Object.entries(expected)) {
    comparison.tensor(`network ${seed}, ${updater}, ${name}`, found.get(name)!, tensor);
  }
}

for (const [name, device] of Object.entries(devices)) {
  Deno.test(`random networks: ${name} learns as PyTorch does`, async () => {
    const backend = await device.open();
    const comparison = new Comparison(device.precision);
    for (const [index, described] of networks.entries()) {
      if (isChosen(device, index, COST)) await compareOn(backend, described, comparison);
    }
    backend.close();
    comparison.assertRight();
  });
}

Deno.test("random networks: the goldens have every updater, cell, loss and mask", () => {
  const count = (has: (network: DescribedNetwork) => boolean) => networks.filter(has).length;
  assert.equal(networks.length, 200);
  for (const updater of Object.keys(updaters)) {
    assert.ok(count((each) => each.updater === updater) >= 30, updater);
  }
  for (const kind of Object.keys(losses)) {
    assert.ok(count(({ loss }) => loss.kind === kind) >= 20, kind);
  }
  assert.equal(new Set(networks.map(({ cell }) => cell)).size, 8);
  for (const op of ["stepIndex", "matmul", "scatter", "argmax", "cumsum"]) {
    assert.ok(count(({ nodes }) => nodes.some(([name]) => name === op)) >= 20, op);
  }
  assert.ok(count(({ allMasked }) => allMasked) >= 10);
});
