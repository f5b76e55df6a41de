/** The values of virtual sequences, at their numbers. */
import assert from "node:assert/strict";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { createProgram } from "../core/program/program.ts";
import { scatter, type Span, storeDirections } from "./virtual_sequences.ts";

for (const device of ["cpu", "gpu"] as const) {
  Deno.test(`virtual sequences: a value that is not finite spoils no other number, ${device}`, async () => {
    const shapes = { w: [2, 3], b: [2], s: [] } as const;
    const group: Span[] = [
      { name: "w", shape: shapes.w, offset: 0, isStart: true },
      { name: "b", shape: shapes.b, offset: 6, isStart: true },
      { name: "s", shape: shapes.s, offset: 8, isStart: true },
    ];
    const extents = { replicas: 1, sequences: 9, steps: 1 };
    const builder = createProgram(extents);
    builder.slot("learning_rate", { kind: "parameter" });
    builder.slot("values", { kind: "parameter", hasBatchAxis: true });
    for (const { name, shape } of group) builder.slot(name, { kind: "optimizer", shape });
    builder.stage(
      "main",
      { name: "directions" },
      (stage) => storeDirections(builder, stage, { group, device, extents }),
    );
    builder.stage("main", { name: "scatter" }, (stage) => {
      for (const span of group) stage.store(span.name, scatter(stage, stage.load("values"), span));
    });
    const engine = await referenceBackend().prepare(builder.build());
    const values = [1, NaN, 3, 4, Infinity, 6, 7, -Infinity, NaN];
    engine.write("learning_rate", Float64Array.of(1));
    engine.write("values", Float64Array.from(values));
    await engine.run("main", { iterations: 1 });
    const found = await engine.read(group.map(({ name }) => name));
    engine.close();
    assert.deepEqual(group.flatMap(({ name }) => Array.from(found.get(name)!)), values);
  });
}
