/** The values that a forward program keeps, against the equations in plain loops. */
import assert from "node:assert/strict";
import type { Engine } from "../core/backends/backend.ts";
import { initialValues } from "../core/backends/initial_values.ts";
import { isPersistent } from "../core/backends/layout.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { binaryCrossEntropy } from "../core/losses/binary_cross_entropy.ts";
import type { Program } from "../core/program/program.ts";
import { randomStream } from "../core/random.ts";
import { hybrid } from "../models/hybrid.ts";
import { forwardProgram } from "./forward_only.ts";

type Numbers = readonly number[];
type Matrix = readonly Numbers[];

const [T, B, I] = [7, 2, 5];
const seeds = [3, 8];

const networks: readonly {
  network_type: "Memo" | "Dyn_RO" | "Nonl_RO" | "Stack";
  hidden_dims: number[];
  plastic_types: ("M" | "A")[];
  hetero_rates: (1 | 0.5 | 0)[];
}[] = [
  {
    network_type: "Memo",
    hidden_dims: [4, 3, 2],
    plastic_types: ["M", "A", "M"],
    hetero_rates: [1, 0.5, 0],
  },
  {
    network_type: "Dyn_RO",
    hidden_dims: [4, 3, 2],
    plastic_types: ["A", "M", "A"],
    hetero_rates: [0.5, 0, 1],
  },
  { network_type: "Nonl_RO", hidden_dims: [4, 3], plastic_types: ["M"], hetero_rates: [0] },
  { network_type: "Stack", hidden_dims: [4, 3], plastic_types: ["A", "M"], hetero_rates: [1, 0.5] },
];

const squash = (x: number) => 1 / (1 + Math.exp(-x));
const dot = (a: Numbers, b: Numbers) => a.reduce((sum, x, index) => sum + x * b[index]!, 0);

/** Trained values of one replica, by name. */
type Parameters = ReadonlyMap<string, Numbers>;

const shaped = (values: Numbers, pre: number): Matrix =>
  Array.from({ length: values.length / pre }, (_, i) => values.slice(i * pre, (i + 1) * pre));

/** Runs one movie [T][I] by the equations of the four networks. @returns the probes of every step. */
function runByHand(
  { network_type, hidden_dims, plastic_types }: typeof networks[number],
  parameters: Parameters,
  movie: Matrix,
): Record<string, number[]>[] {
  const isStack = network_type === "Stack";
  const sizes = hidden_dims.map((post, i) => ({
    post,
    pre: i === 0 || isStack ? I : hidden_dims[i - 1]!,
  }));
  const isPlastic = (i: number) => i === 0 || network_type !== "Nonl_RO";
  const traces: number[][][] = sizes.map(({ post, pre }) =>
    Array.from({ length: post }, () => Array.from({ length: pre }, () => 0))
  );
  return movie.map((frame) => {
    const seen: Record<string, number[]> = {};
    const outputs: Numbers[] = [];
    sizes.forEach(({ post, pre }, i) => {
      const p = i === 0 || isStack ? frame : outputs[i - 1]!;
      const w = shaped(parameters.get(`weight_matrix_list.${i}`)!, pre);
      const b = parameters.get(`bias_matrix_list.${i}`)!;
      const trace = traces[i]!;
      const effective = w.map((row, j) =>
        row.map((weight, k) => {
          if (!isPlastic(i)) return weight;
          return plastic_types[i] === "M"
            ? weight * trace[j]![k]! + weight
            : weight + trace[j]![k]!;
        })
      );
      const isLast = i === hidden_dims.length - 1;
      const usesTanh = network_type === "Nonl_RO" ? i === 0 : !isStack && !isLast;
      const y = effective.map((row, j) => {
        const a = dot(row, p) + b[j]!;
        return usesTanh ? Math.tanh(a) : squash(a);
      });
      outputs.push(y);
      seen[`observed/hidden_${i}`] = y;
      if (!isPlastic(i)) return;
      const rates = parameters.get(`eta_matrix_list.${i}`)!;
      const rateAt = (j: number, k: number) =>
        rates.length === 1 ? rates[0]! : rates.length === post ? rates[j]! : rates[j * pre + k]!;
      const [lambda] = parameters.get(`lambda_list.${i}`)!;
      const kept = network_type === "Dyn_RO" && i > 0 ? 0 : squash(lambda!);
      traces[i] = trace.map((row, j) =>
        row.map((before, k) => kept * before + rateAt(j, k) * y[j]! * p[k]!)
      );
      seen[`observed/effective_${i}`] = effective.flat();
      seen[`state/plastic_${i}`] = traces[i]!.flat();
    });
    const features = isStack ? outputs.flat() : outputs.at(-1)!;
    seen["output"] = [dot(parameters.get("w_final")!, features) + parameters.get("b_final")![0]!];
    return seen;
  });
}

/** Movies [P][B][T][I] of signs. */
const movies: number[][][][] = seeds.map((_, replica) =>
  Array.from({ length: B }, (_, b) => {
    const random = randomStream({ seed: 1, step: replica * B + b });
    return Array.from(
      { length: T },
      () => Array.from({ length: I }, () => 2 * random.below(2) - 1),
    );
  })
);

/** First values of all parameters, [P, ...shape]. */
function parameterValues(program: Program): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const [name, slot] of program.slots) {
    if (isPersistent(slot)) values.set(name, initialValues(program, name, seeds));
  }
  // Single numbers differ between layers and replicas, since a mistake could mix them up.
  const numbers = [...values].filter(([, value]) => value.length === seeds.length);
  numbers.forEach(([, value], index) => seeds.forEach((_, p) => value[p] = 0.3 - p + index));
  return values;
}

/** Every step of every sequence, and its place in an array [T, P, B]. */
function* everyStep() {
  for (let t = 0; t < T; t++) {
    for (let replica = 0; replica < seeds.length; replica++) {
      for (let b = 0; b < B; b++) yield { t, replica, b, at: (t * seeds.length + replica) * B + b };
    }
  }
}

/** Puts parameters and movies on the reference, and runs them once. */
async function evaluateMovies(
  program: Program,
  values: ReadonlyMap<string, Float32Array>,
): Promise<Engine> {
  const engine = await referenceBackend().prepare(program);
  for (const [name, value] of values) engine.write(name, value);
  const frame = new Float32Array(T * seeds.length * B * I);
  for (const { t, replica, b, at } of everyStep()) frame.set(movies[replica]![b]![t]!, at * I);
  engine.write("frame", frame);
  engine.write("target", new Float32Array(T * seeds.length * B));
  engine.write("weight", new Float32Array(T * seeds.length * B).fill(1 / T));
  await engine.run("evaluate", { iterations: 1, restore: true });
  return engine;
}

for (const config of networks) {
  Deno.test(`forward program: ${config.network_type} shows what its equations say`, async () => {
    const model = hybrid.instantiate({ inputs: I, ...config });
    const extents = { replicas: seeds.length, sequences: B, steps: T };
    const program = forwardProgram({ model, loss: binaryCrossEntropy, extents, probe: true });
    assert.deepEqual([...program.procedures.keys()], ["evaluate"]);
    const values = parameterValues(program);
    const engine = await evaluateMovies(program, values);

    const probes = [...program.slots.keys()].filter((name) => name.startsWith("probe/"));
    const read = await engine.read(probes);
    const expected = seeds.map((_, replica) => {
      const parameters = new Map([...values].map(([name, value]) => {
        const size = value.length / seeds.length;
        return [name, Array.from(value.subarray(replica * size, (replica + 1) * size))];
      }));
      return movies[replica]!.map((movie) => runByHand(config, parameters, movie));
    });
    const names = Object.keys(expected[0]![0]![0]!);
    assert.deepEqual(probes.toSorted(), names.map((name) => `probe/${name}`).sort());
    let largest = 0;
    for (const name of names) {
      const actual = read.get(`probe/${name}`)!;
      for (const { t, replica, b, at } of everyStep()) {
        const wanted = expected[replica]![b]![t]![name]!;
        assert.equal(actual.length, T * seeds.length * B * wanted.length, name);
        wanted.forEach((value, index) => {
          const error = Math.abs(actual[at * wanted.length + index]! - value);
          assert.ok(error <= 1e-12 * Math.max(1, Math.abs(value)), `${name}, step ${t}: ${error}`);
          if (name.startsWith("state/")) largest = Math.max(largest, Math.abs(value));
        });
      }
    }
    assert.ok(largest > 0.1, "plastic matrices change");
    for (const name of values.keys()) {
      const after = (await engine.read([name])).get(name)!;
      assert.deepEqual(Float32Array.from(after), values.get(name), `${name} is not trained`);
    }
    engine.close();
  });
}

Deno.test("forward program: without probe nothing is kept of each step", () => {
  const model = hybrid.instantiate({ inputs: I });
  const extents = { replicas: 1, sequences: 1, steps: T };
  const { slots, metrics } = forwardProgram({ model, loss: binaryCrossEntropy, extents });
  assert.deepEqual([...slots.keys()].filter((name) => name.startsWith("probe/")), []);
  assert.ok(metrics.get("evaluate")!.includes("correct"));
});

Deno.test("forward program: keeps what it is asked for, by name, and nothing else", () => {
  const model = hybrid.instantiate({ inputs: I });
  const learning = {
    model,
    loss: binaryCrossEntropy,
    extents: { replicas: 1, sequences: 1, steps: T },
  };
  const { slots } = forwardProgram(learning, { keep: ["observed/hidden_1", "state/plastic_0"] });
  const kept = [...slots.values()].filter(({ name }) => name.startsWith("probe/"));
  assert.deepEqual(kept.map(({ name, shape }) => [name, shape]), [
    ["probe/observed/hidden_1", [50]],
    ["probe/state/plastic_0", [50, I]],
  ]);
  assert.throws(() => forwardProgram(learning, { keep: ["observed/energy"] }), {
    name: "RangeError",
    message: /^Model hybrid has no "observed\/energy"; there are observed\/hidden_0, .*plastic_1$/,
  });
});
