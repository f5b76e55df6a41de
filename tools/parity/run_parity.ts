/** Runs a golden case on a backend and compares every expected tensor. */
import type { Backend } from "../../core/backends/backend.ts";
import { attractorCase } from "./attractor_case.ts";
import { bohpCases } from "./bohp_case.ts";
import { characterCase } from "./character_case.ts";
import { compareTensors, type Comparison } from "./compare.ts";
import { hybridCase } from "./hybrid_case.ts";
import { type Golden, type ParityCase, tensorOf } from "./golden.ts";

/** Which families of golden cases there are, and how each becomes a program, or several. */
export const families: Readonly<
  Record<string, (golden: Golden) => ParityCase | readonly ParityCase[]>
> = {
  ethereal: characterCase,
  "simple-rnn": characterCase,
  hybrid: hybridCase,
  attractor: attractorCase,
  bohp: bohpCases,
};

export interface ParityRow extends Comparison {
  readonly name: string;
}

const FLOAT64_BOUND = 1e-6;
const EXPECTED = "expected/";

/**
 * Runs a case and gives a row for every expected tensor, and for every rule of its family.
 *
 * @throws DamagedFileError if a tensor is missing or of another shape than the settings say.
 * @throws RangeError, in one line, if a setting or tensor is not understood.
 */
export async function runParity(golden: Golden, backend: Backend): Promise<ParityRow[]> {
  if (!Object.hasOwn(families, golden.family)) {
    const names = Object.keys(families).join(", ");
    throw new RangeError(
      `${golden.path}: unknown family "${golden.family}"; expected one of ${names}`,
    );
  }
  const rows: ParityRow[] = [];
  for (const parityCase of [families[golden.family]!(golden)].flat()) {
    rows.push(...await runCase(parityCase, { golden, backend }));
  }
  return rows;
}

async function runCase(
  { rule, program, initial, batches, watch, collect, float32Bound }: ParityCase,
  { golden, backend }: { golden: Golden; backend: Backend },
): Promise<ParityRow[]> {
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
    const expected = [...golden.tensors.keys()].filter((name) => name.startsWith(EXPECTED));
    return expected.map((name) => {
      const computed = ours.get(name.slice(EXPECTED.length));
      if (!computed) throw new RangeError(`${golden.path}: no value for the tensor "${name}"`);
      const { data } = tensorOf(golden, name, computed.shape);
      const row = compareTensors(computed.values, data, bound);
      return { name: rule === undefined ? name : `${name} (${rule})`, ...row };
    });
  } finally {
    engine.close();
  }
}
