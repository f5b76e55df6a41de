/** Which tape bptt keeps, what it takes, and that nothing else depends on it. */
import assert from "node:assert/strict";
import type { Backend } from "../core/backends/backend.ts";
import { cpuBackend } from "../core/backends/cpu/cpu.ts";
import { patternError } from "../core/losses/pattern_error.ts";
import { assertTwins, trainOn } from "../core/testing/twin.ts";
import { plasticRnn } from "../models/plastic_rnn.ts";
import { bptt } from "./bptt.ts";
import type { TapeChoice } from "./tape.ts";

interface Size {
  readonly units: number;
  readonly steps: number;
  readonly sequences?: number;
  readonly replicas?: number;
}

function plasticProgram({ units, steps, sequences = 1, replicas = 1 }: Size, tape?: TapeChoice) {
  const model = plasticRnn.instantiate({ inputs: units });
  const extents = { replicas, sequences, steps };
  return bptt.build({ model, loss: patternError(units - 1), extents }, { tape, optimizer: "adam" });
}

const total = (backend: Backend, program: ReturnType<typeof plasticProgram>): number =>
  backend.estimateMemory(program).values().reduce((sum, bytes) => sum + bytes, 0);

Deno.test("tape: checkpoints every sqrt(T) steps, by themselves where they save much", () => {
  const segment = (size: Size, tape?: TapeChoice) => plasticProgram(size, tape).extents.segment;
  assert.equal(segment({ units: 64, steps: 500 }), undefined);
  assert.equal(segment({ units: 64, steps: 2000 }), 45);
  assert.equal(segment({ units: 64, steps: 2000 }, "whole"), undefined);
  assert.equal(segment({ units: 4, steps: 50 }, "checkpoints"), 8);
  assert.equal(segment({ units: 4, steps: 1 }, "checkpoints"), 1);
  // Sequences that a thread takes one after the other do not count, until there are very many.
  assert.equal(segment({ units: 64, steps: 500, sequences: 32 }), undefined);
  assert.equal(segment({ units: 64, steps: 500, sequences: 32, replicas: 64 }), 23);
});

Deno.test("tape: 100,000 steps of a plastic network of 64 units take less than 2 GiB", () => {
  const long = { units: 64, steps: 100_000, sequences: 8 };
  const short = { ...long, sequences: 1 };
  const cpu = cpuBackend({ threads: 2, forceThreads: true });
  assert.ok(total(cpu, plasticProgram(long)) < 2 ** 31);
  assert.ok(total(cpu, plasticProgram(short)) < 2 ** 28);
  assert.ok(total(cpu, plasticProgram(short, "whole")) > 2 ** 30);
});

Deno.test("tape: 5,000 steps with checkpoints are those of the whole tape", async () => {
  const size = { units: 16, steps: 5000, sequences: 2 };
  const options = { seeds: [1], iterations: 2 };
  const whole = await trainOn(cpuBackend({ threads: 1 }), plasticProgram(size, "whole"), options);
  const three = cpuBackend({ threads: 3, forceThreads: true });
  for (const backend of [cpuBackend({ threads: 1 }), three]) {
    const actual = await trainOn(backend, plasticProgram(size, "checkpoints"), options);
    assertTwins(actual, whole, { bound: 1e-5, what: backend.description });
  }
});
