/**
 * 200 random programs against PyTorch in float64: values, gradients, slopes along tangents and, where all is
 * finite, products with the Hessian. `HEBB_FAULTS=full` runs all of them on every device.
 */
import assert from "node:assert/strict";
import { jvp } from "../../core/autodiff/jvp.ts";
import { sumOverBatch, vjp } from "../../core/autodiff/vjp.ts";
import { type Shape, sizeOf } from "../../core/axes.ts";
import type { Backend } from "../../core/backends/backend.ts";
import type { Value } from "../../core/program/elementwise.ts";
import * as language from "../../core/program/language.ts";
import { createProgram, type Program } from "../../core/program/program.ts";
import { Comparison, type ExpectedTensor } from "./compare.ts";
import { numbersOf, readPacked, type Step, type Stored, writeSteps } from "./description.ts";
import { devices, isChosen } from "./devices.ts";

interface DescribedInput {
  readonly shape: Shape;
  readonly shared?: boolean;
  readonly values: readonly Stored[];
  /** Missing where nothing is differentiated by the input. */
  readonly tangent?: readonly Stored[];
}

interface DescribedProgram {
  readonly seed: number;
  readonly kind: "finite" | "infinities";
  readonly fitsFloat32: boolean;
  /** Which of the conventions that PyTorch does not share it meets. */
  readonly conventions: readonly string[];
  readonly sequences: number;
  readonly inputs: Readonly<Record<string, DescribedInput>>;
  readonly nodes: readonly Step[];
  readonly outputs: readonly { readonly value: number; readonly cotangent: readonly Stored[] }[];
  /** By output: `results`, `slopes`; by input with a tangent: `gradients`, `second`. */
  readonly expected: Readonly<
    & Record<"results" | "slopes" | "gradients", readonly ExpectedTensor[]>
    & Partial<Record<"second", readonly ExpectedTensor[]>>
  >;
}

/** A slot of numbers that a stage reads; they may be anything, as inputs of a task. */
interface Given {
  readonly name: string;
  readonly values: readonly Stored[];
}

const { conventions, programs } = await readPacked<{
  conventions: Readonly<Record<string, string>>;
  programs: readonly DescribedProgram[];
}>("programs.json.gz");

const movingInputs = ({ inputs }: DescribedProgram) =>
  Object.entries(inputs).filter(([, { tangent }]) => tangent !== undefined);

/** Gradients of Σ cotangent · value by some inputs, each of the form of its input. */
function gradientsOf(
  values: readonly (readonly [value: Value, cotangent: Value])[],
  by: readonly Value[],
): Value[] {
  const found = vjp(values.map(([value, cotangent]) => ({ value, cotangent })), by);
  return by.map((input) => {
    const gradient = found.get(input);
    if (!gradient) return language.filled(input, 0, input.shape);
    return input.hasBatchAxis ? gradient.perSequence! : sumOverBatch(gradient);
  });
}

/** Writes the stage. @returns what is compared, by kind and number. */
function writeStage(
  described: DescribedProgram,
  give: (given: Given, like: { shape: Shape; hasBatchAxis: boolean }) => Value,
): Record<string, Value> {
  const { inputs, nodes, outputs, expected } = described;
  const loads = Object.entries(inputs).map(([name, { shape, shared = false, values }]) =>
    give({ name, values }, { shape, hasBatchAxis: !shared })
  );
  const moving = movingInputs(described).map(([name, { tangent }]) => {
    const load = loads[Object.keys(inputs).indexOf(name)]!;
    return [load, give({ name: `tangent/${name}`, values: tangent! }, load)] as const;
  });
  const values = writeSteps(loads, nodes);
  const results = outputs.map(({ value }) => values[value]!);
  const seeds = outputs.map(({ cotangent }, index) => {
    const { shape } = results[index]!;
    // A result that an identity makes of numbers alone is shared, though its operands are not.
    const like = { shape, hasBatchAxis: cotangent.length > sizeOf(shape) };
    return [
      results[index]!,
      give({ name: `cotangent/${index}`, values: cotangent }, like),
    ] as const;
  });
  const by = moving.map(([load]) => load);
  const gradients = gradientsOf(seeds, by);
  const slopes = jvp(results, new Map(moving)).map((slope, index) =>
    slope ?? language.mul(results[index]!, 0)
  );
  const second = expected.second
    ? gradientsOf(moving.map(([, tangent], index) => [gradients[index]!, tangent]), by)
    : [];
  return Object.fromEntries(
    Object.entries({ results, gradients, slopes, second }).flatMap(([kind, found]) =>
      found.map((value, index) => [`${kind}/${index}`, value])
    ),
  );
}

function programOf(described: DescribedProgram): { program: Program; given: Given[] } {
  const { sequences } = described;
  const builder = createProgram({ replicas: 1, sequences, steps: 1 });
  const given: Given[] = [];
  builder.stage("main", { name: "main" }, (stage) => {
    const stored = writeStage(described, (each, { shape, hasBatchAxis }) => {
      builder.slot(each.name, { kind: "input", shape, hasBatchAxis });
      given.push(each);
      return stage.load(each.name);
    });
    for (const [name, value] of Object.entries(stored)) {
      const { shape, hasBatchAxis } = value;
      builder.slot(`found/${name}`, { kind: "state", shape, hasBatchAxis });
      stage.store(`found/${name}`, value);
    }
  });
  return { program: builder.build(), given };
}

async function compareOn(
  backend: Backend,
  described: DescribedProgram,
  comparison: Comparison,
): Promise<void> {
  const { program, given } = programOf(described);
  const engine = await backend.prepare(program);
  for (const { name, values } of given) engine.write(name, numbersOf(values));
  await engine.run("main", { iterations: 1 });
  const names = [...program.slots.keys()].filter((name) => name.startsWith("found/"));
  const found = await engine.read(names);
  engine.close();
  for (const [kind, tensors] of Object.entries(described.expected)) {
    tensors.forEach((expected, index) => {
      const actual = found.get(`found/${kind}/${index}`)!;
      comparison.tensor(`program ${described.seed}, ${kind} ${index}`, actual, expected);
    });
  }
}

for (const [name, device] of Object.entries(devices)) {
  Deno.test(`random programs: ${name} gives the numbers of PyTorch`, async () => {
    const backend = await device.open();
    const comparison = new Comparison(device.precision);
    for (const [index, described] of programs.entries()) {
      if (!isChosen(device, index)) continue;
      if (name !== "reference" && !described.fitsFloat32) continue;
      await compareOn(backend, described, comparison);
    }
    backend.close();
    comparison.assertRight();
  });
}

/** Functions of the step language that a program has by another name, or cannot have: it has one step. */
const others: Readonly<Record<string, string | undefined>> = {
  reduce: "reduceSum",
  stepIndex: undefined,
};

Deno.test("random programs: the goldens meet every operation and every convention", () => {
  assert.equal(programs.length, 200);
  for (const name of Object.keys(language)) {
    const op = name in others ? others[name] : name;
    if (op === undefined) continue;
    for (const kind of ["finite", "infinities"]) {
      const having = programs.filter((each) =>
        each.kind === kind && each.nodes.some(([other]) => other === op)
      );
      assert.ok(having.length >= 5, `${name}: in ${having.length} programs of the kind ${kind}`);
    }
  }
  assert.ok(programs.filter(({ fitsFloat32 }) => fitsFloat32).length > 150);
  for (const name of Object.keys(conventions)) {
    assert.ok(programs.some((each) => each.conventions.includes(name)), name);
  }
});
