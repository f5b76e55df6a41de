/** A memory that is read by attention: products of matrices through time, on every backend. */
import type { Extents } from "../axes.ts";
import { referenceBackend } from "../backends/reference/reference.ts";
import type { Backend } from "../backends/backend.ts";
import * as l from "../program/language.ts";
import {
  fillRecurrence,
  gradientsThroughTime,
  type Recurrence,
  recurrenceProgram,
} from "../testing/gradient_through_time.ts";
import { onEveryBackend } from "../testing/on_every_backend.ts";
import { assertNear } from "../testing/relative_rms.ts";

const extents: Extents = { replicas: 1, sequences: 2, steps: 5 };
const [units, slots] = [3, 4];

/** A row of the memory is written at each step; all rows attend to all (Vaswani et al., 2017). */
const attention: Recurrence = {
  parameters: {
    w: { shape: [units, units] },
    queries: { shape: [units, units] },
    keys: { shape: [units, units] },
    gain: { shape: [units] },
  },
  state: { y: [units], memory: [slots, units] },
  inputs: { x: [units] },
  step({ p, s, x }) {
    const y = l.tanh(l.layerNorm(l.add(l.matvec(p.w!, s.y!), x.x!), { gain: p.gain! }));
    const at = l.mod(l.stepIndex(y), slots);
    const change = l.sub(y, l.gather(s.memory!, at, "post"));
    const memory = l.add(s.memory!, l.scatter(change, at, slots, "post"));
    const scores = l.matmul(
      l.matmul(memory, p.queries!),
      l.transpose(l.matmul(memory, p.keys!)),
    );
    const mixed = l.matmul(l.softmax(scores, "pre"), memory);
    const overlap = l.cosineSimilarity(mixed, l.row(y), { axis: "pre" });
    return { state: { y, memory: mixed }, loss: l.logSumExp(overlap) };
  },
};

Deno.test("attention through time: the gradient agrees with central differences", async () => {
  const { derived, central } = await gradientsThroughTime(attention, { extents });
  for (const [name, numeric] of central) {
    assertNear(derived.get(name)!, numeric, { bound: 1e-7, what: name });
  }
});

async function gradients(backend: Backend): Promise<ReadonlyMap<string, ArrayLike<number>>> {
  const engine = await backend.prepare(recurrenceProgram(attention, { extents }));
  fillRecurrence(engine);
  await engine.run("train", { iterations: 1 });
  const read = await engine.read(Object.keys(attention.parameters).map((name) => `d/${name}`));
  engine.close();
  return read;
}

onEveryBackend("attention through time: gradients are those of the reference", async (backend) => {
  const expected = await gradients(referenceBackend());
  for (const [name, gradient] of await gradients(backend)) {
    assertNear(gradient, expected.get(name)!, { bound: 1e-5, what: name });
  }
});
