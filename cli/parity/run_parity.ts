/** Runs a golden case on a backend and compares every expected tensor. */
import type { Backend } from "../../core/backends/backend.ts";
import { characterCase } from "./character_case.ts";
import { compareTensors, type Comparison } from "./compare.ts";
import { type Golden, type ParityCase, tensorOf } from "./golden.ts";

/** Which families of golden cases there are, and how each becomes a program. */
export const families: Readonly<Record<string, (golden: Golden) => ParityCase>> = {
  ethereal: characterCase,
  "simple-rnn": characterCase,
};

export interface ParityRow extends Comparison {
  readonly name: string;
}

const FLOAT64_BOUND = 1e-6;

/** @throws RangeError, in one line, if the case is not understood. */
export async function runParity(golden: Golden, backend: Backend): Promise<ParityRow[]> {
  const make = families[golden.family];
  if (!make) {
    throw new RangeError(
      `${golden.path}: unknown family "${golden.family}"; expected one of ${
        Object.keys(families).join(", ")
      }`,
    );
  }
  const { program, initial, batches, watch, collect, float32Bound } = make(golden);
  const bound = backend.name === "reference" ? FLOAT64_BOUND : float32Bound;
  const engine = await backend.prepare(program);
  try {
    for (const [name, values] of initial) engine.write(name, values);
    const read = [];
    for (const batch of batches) {
      for (const [name, values] of batch) engine.write(name, values);
      await engine.run("train", { iterations: 1 });
      read.push(await engine.read(watch));
    }
    const ours = collect(read);
    const expected = [...golden.tensors.keys()].filter((name) => name.startsWith("expected/"));
    if (expected.length === 0) {
      throw new RangeError(`${golden.path}: nothing is expected; no tensor "expected/..."`);
    }
    return expected.map((name) => {
      const value = ours.get(name.slice("expected/".length));
      if (!value) throw new RangeError(`${golden.path}: no value for the tensor "${name}"`);
      const { data } = tensorOf(golden, name);
      return { name, ...compareTensors(value, data as ArrayLike<number>, bound) };
    });
  } finally {
    engine.close();
  }
}
