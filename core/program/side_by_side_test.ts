import assert from "node:assert/strict";
import { initialValues } from "../backends/initial_values.ts";
import { constantValue, normal } from "./initializer.ts";
import { createProgram } from "./program.ts";
import { sideBySide } from "./side_by_side.ts";

const build = (deviation: number) => {
  const builder = createProgram({ replicas: 3, sequences: 2, steps: 1 });
  builder.slot("w", { kind: "parameter", shape: [2, 2], initial: normal(deviation) });
  builder.slot("fast", { kind: "parameter", shape: [2], hasBatchAxis: true, initial: normal(1) });
  builder.slot("rate", { kind: "constant", initial: constantValue(deviation) });
  return builder.build();
};

Deno.test("every replica starts from the first values of its own program", () => {
  const programs = [build(1), build(2), build(1)];
  const both = sideBySide(programs[0]!, programs.map(({ initial }) => initial));
  const seeds = [5, 5, 6];
  const own = (name: string, place: number) => {
    const values = initialValues(programs[place]!, name, seeds);
    const size = values.length / 3;
    return [...values.subarray(place * size, (place + 1) * size)];
  };
  for (const name of ["w", "fast", "rate"]) {
    const expected = [0, 1, 2].flatMap((place) => own(name, place));
    assert.deepEqual([...initialValues(both, name, seeds)], expected, name);
  }
  assert.deepEqual([...initialValues(both, "rate", seeds)], [1, 2, 1]);
});

Deno.test("first values are asked of every replica", () => {
  const program = build(1);
  assert.throws(() => sideBySide(program, [program.initial]), {
    name: "RangeError",
    message: "Expected first values of 3 replicas, got 1",
  });
});
