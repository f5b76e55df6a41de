import assert from "node:assert/strict";
import { add, matvec, mul, sub, sum, tanh } from "./language.ts";
import { constantValue, normal } from "./initializer.ts";
import { createProgram, type Program, type StageBuilder } from "./program.ts";
import { sameProgram } from "./same_program.ts";

interface Change {
  readonly replicas?: number;
  readonly units?: number;
  readonly factor?: number;
  readonly kind?: "parameter" | "constant";
  readonly deviation?: number;
  readonly stage?: string;
  readonly loop?: "none" | "forward";
  readonly metric?: string;
  readonly write?: (stage: StageBuilder) => void;
}

/** h <- tanh(W h) * factor, and its sum. */
function build(change: Change = {}): Program {
  const { replicas = 1, units = 3, factor = 2, kind = "parameter", deviation = 1 } = change;
  const builder = createProgram({ replicas, sequences: 2, steps: 4 });
  builder.slot("w", { kind, shape: [units, units], initial: normal(deviation) });
  builder.slot("rate", { kind: "constant", initial: constantValue(deviation) });
  builder.slot("h", { kind: "state", shape: [units], hasBatchAxis: true });
  builder.slot("total", { kind: "state", hasBatchAxis: true });
  builder.stage(
    "main",
    { name: change.stage ?? "step", loop: change.loop ?? "forward" },
    change.write ?? ((stage) => {
      const h = mul(tanh(matvec(stage.load("w"), stage.load("h"))), factor);
      stage.store("h", mul(h, stage.load("rate")));
      stage.store("total", sum(h));
      builder.describeOutput(h);
    }),
  );
  builder.nameMetrics("main", [change.metric ?? "loss"]);
  return builder.build();
}

Deno.test("programs are the same whatever their first values are", () => {
  assert.ok(sameProgram(build(), build()));
  assert.ok(sameProgram(build(), build({ deviation: 0.5 })));
});

Deno.test("programs that differ in memory, stages, shapes or constants are not the same", () => {
  const changes: Change[] = [
    { replicas: 2 },
    { units: 4 },
    { factor: 3 },
    { factor: 1 },
    { kind: "constant" },
    { stage: "other" },
    { loop: "none" },
    { metric: "other" },
  ];
  for (const change of changes) {
    assert.ok(!sameProgram(build(), build(change)), JSON.stringify(change));
    assert.ok(!sameProgram(build(change), build()), JSON.stringify(change));
  }
});

Deno.test("programs whose expressions share other parts are not the same", () => {
  const store = (value: (stage: StageBuilder) => Parameters<StageBuilder["store"]>[1]) =>
    build({ write: (stage) => stage.store("total", value(stage)) });
  const load = (stage: StageBuilder) => sum(stage.load("h"));
  const rate = (stage: StageBuilder) => stage.load("rate");
  const all = [
    store((stage) => add(load(stage), rate(stage))),
    store((stage) => add(rate(stage), load(stage))),
    store((stage) => sub(load(stage), rate(stage))),
    store((stage) => add(rate(stage), rate(stage))),
    store((stage) => add(load(stage), load(stage))),
    store((stage) => add(load(stage), 1)),
    store((stage) => load(stage)),
    store(() => 0),
    store(() => -0),
  ];
  for (const [index, one] of all.entries()) {
    for (const [place, other] of all.entries()) {
      assert.equal(sameProgram(one, other), index === place, `${index} and ${place}`);
    }
  }
});

Deno.test("nodes that nothing needs do not count", () => {
  const write = (stage: StageBuilder) => stage.store("total", sum(stage.load("h")));
  const busy = build({
    write(stage) {
      tanh(stage.load("w"));
      write(stage);
    },
  });
  assert.ok(sameProgram(build({ write }), busy));
});
