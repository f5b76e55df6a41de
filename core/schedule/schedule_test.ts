import assert from "node:assert/strict";
import * as l from "../program/language.ts";
import type { Value } from "../program/elementwise.ts";
import { createProgram, type Loop, type StageBuilder } from "../program/program.ts";
import { chooseLowering, ownerOf, visitsOf } from "./lowering.ts";
import type { Pass, PassStore, Schedule } from "./pass.ts";
import { scheduleStage } from "./schedule.ts";

const extents = { replicas: 2, sequences: 3, steps: 4 };

/** Schedules one stage over a fixed set of slots. */
function schedule(
  write: (stage: StageBuilder, load: StageBuilder["load"]) => void,
  loop: Loop = "forward",
): Schedule {
  const builder = createProgram(extents);
  for (const name of ["y", "z", "u"]) {
    builder.slot(name, { kind: "state", shape: [5], hasBatchAxis: true });
  }
  for (const name of ["h", "k"]) {
    builder.slot(name, { kind: "state", shape: [5, 5], hasBatchAxis: true });
  }
  builder.slot("s", { kind: "state", hasBatchAxis: true });
  builder.slot("one", { kind: "state", shape: [1], hasBatchAxis: true });
  builder.slot("w", { kind: "parameter", shape: [5, 5] });
  builder.slot("m", { kind: "state", shape: [5, 5] });
  builder.slot("bias", { kind: "parameter", shape: [5] });
  builder.slot("x", { kind: "input", shape: [5], hasBatchAxis: true, hasTimeAxis: true });
  builder.stage("main", { name: "only", loop }, (stage) => write(stage, stage.load));
  const [stage] = builder.build().procedures.get("main")!;
  return scheduleStage(stage!, extents);
}

const target = ({ to }: PassStore) => "slot" in to ? to.slot.name : "temporary";

/** A pass in one line: what it waits for, its reduction, what its loop and its end store. */
function show(pass: Pass): string {
  const { reduction, innerStores, stores, waitsFor, domain } = pass;
  const parts = [waitsFor, domain.hasBatchAxis ? "sequence" : "shared", `[${domain.shape}]`];
  if (reduction) parts.push(`over ${reduction.axes} x${pass.reduced.length}`);
  if (innerStores.length > 0) parts.push(`inside ${innerStores.map(target)}`);
  if (stores.length > 0) parts.push(`end ${stores.map(target)}`);
  return parts.join(" ");
}
const showAll = ({ groups }: Schedule) => groups.map((group) => group.map(show));

Deno.test("schedule: elementwise work is one pass that waits for nobody", () => {
  const plan = schedule(({ store }, load) => store("y", l.tanh(l.add(load("y"), load("x")))));
  assert.deepEqual(showAll(plan), [["lane sequence [5] end y"]]);
  assert.equal(plan.temporaries.length, 0);
  assert.equal(ownerOf(plan), "sequence");
});

Deno.test("schedule: a trace is read, used and written once, in the loop of its product", () => {
  const plan = schedule(({ store }, load) => {
    const trace = l.lerp(l.outer(load("y"), load("z")), load("h"), 0.9);
    const next = l.tanh(l.add(l.matvec(l.add(load("w"), trace), load("y")), load("x")));
    store("h", trace);
    store("y", next);
    store("z", load("y"));
  });
  assert.deepEqual(showAll(plan), [
    ["sequence sequence [5] over pre x1 inside h end temporary"],
    ["sequence sequence [5] end y,z"],
  ]);
});

Deno.test("schedule: a matrix that the step changes and the sequences share is made once for all", () => {
  const effective = (load: StageBuilder["load"], trace: Value) =>
    l.matvec(l.add(load("w"), l.mul(trace, trace)), load("y"));
  const changed = schedule(({ store }, load) => {
    const trace = l.mul(load("m"), 0.9);
    store("m", trace);
    store("y", effective(load, trace));
  });
  assert.deepEqual(showAll(changed), [
    ["replica shared [5,5] end temporary"],
    ["replica sequence [5] over pre x1 end temporary", "replica shared [5,5] end m"],
    ["sequence sequence [5] end y"],
  ]);
  const fixed = schedule(({ store }, load) => {
    store("y", effective(load, l.mul(load("m"), 0.9)));
  });
  assert.deepEqual(ownerOf(fixed), "sequence");
});

Deno.test("schedule: the last loop that reads matrices stores all that the step makes of them", () => {
  const plan = schedule(({ store }, load) => {
    const error = l.tanh(l.matvec(load("h"), load("x")));
    const back = l.reduce(l.mul(load("h"), l.column(error)), { axes: ["post"] });
    store("k", l.add(load("k"), l.mul(load("h"), l.outer(error, load("x")))));
    store("h", l.add(load("h"), l.outer(error, load("x"))));
    store("y", l.add(load("y"), back));
  });
  assert.deepEqual(showAll(plan), [
    ["sequence sequence [5] over pre x1 end temporary"],
    ["sequence sequence [5] over post x1 inside k,h end y"],
  ]);
});

Deno.test("schedule: stores that read each other's old values are not made in the loop both", () => {
  const plan = schedule(({ store }, load) => {
    store("h", l.add(load("k"), l.outer(load("x"), load("x"))));
    store("k", l.add(load("h"), load("w")));
    store("y", l.matvec(load("h"), load("x")));
  });
  const inner = plan.groups.flat().flatMap(({ innerStores }) => innerStores.map(target));
  assert.ok(inner.length < 2, inner.join());
});

Deno.test("schedule: a sum joins a later loop over the matrix that it reads", () => {
  const plan = schedule(({ store }, load) => {
    const scaled = l.matvec(load("h"), l.tanh(load("x")));
    store("z", l.add(scaled, l.matvec(load("h"), load("u"))));
  });
  assert.deepEqual(showAll(plan), [
    ["lane sequence [5] end temporary"],
    ["sequence sequence [5] over pre x2 end z"],
  ]);
});

Deno.test("schedule: products with the same extents share a loop", () => {
  const plan = schedule(({ store }, load) => {
    store("z", l.add(l.matvec(load("w"), load("y")), l.matvec(load("h"), load("y"))));
  });
  assert.deepEqual(showAll(plan), [["lane sequence [5] over pre x2 end z"]]);
});

Deno.test("schedule: a product of a product comes after it", () => {
  const plan = schedule(({ store }, load) => {
    store("z", l.matvec(load("w"), l.tanh(l.matvec(load("h"), load("y")))));
  });
  assert.deepEqual(showAll(plan), [
    ["lane sequence [5] over pre x1 end temporary"],
    ["sequence sequence [5] over pre x1 end z"],
  ]);
});

Deno.test("schedule: swaps and copies read everything before anything is written", () => {
  const swap = schedule(({ store }, load) => {
    store("y", load("z"));
    store("z", load("y"));
  });
  assert.deepEqual(showAll(swap), [["lane sequence [5] end y,z"]]);
  const shift = schedule(({ store }, load) => {
    store("z", load("y"));
    store("y", l.tanh(l.matvec(load("w"), load("y"))));
  });
  assert.deepEqual(showAll(shift), [
    ["sequence sequence [5] over pre x1 end temporary"],
    ["sequence sequence [5] end z,y"],
  ]);
});

Deno.test("schedule: a matrix that is read transposed is not overwritten in place", () => {
  const plan = schedule(({ store }, load) => {
    store("h", l.add(load("h"), l.transpose(load("h"))));
    store("k", l.transpose(load("h")));
  });
  const [first, last] = plan.groups.map((group) =>
    group.flatMap(({ stores }) => stores.map(target))
  );
  assert.deepEqual(first!.toSorted(), ["k", "temporary"]);
  assert.deepEqual(last, ["h"]);
  const single = schedule(({ store }, load) => store("h", l.transpose(load("h"))));
  assert.equal(single.groups.length, 2);
});

Deno.test("schedule: new weights are written where the old ones lie, once their last reader is done", () => {
  const write = (also: (gradient: Value, stage: StageBuilder) => void) =>
    schedule((stage, load) => {
      const error = l.tanh(l.matvec(load("w"), load("x")));
      const back = l.reduce(l.mul(load("w"), l.column(error)), { axes: ["post"] });
      const gradient = l.reduce(l.outer(error, load("x")), { axes: ["sequence"] });
      stage.store("w", l.add(load("w"), gradient));
      stage.store("z", back);
      also(gradient, stage);
    });
  const plan = write(() => {});
  assert.deepEqual(showAll(plan), [
    ["replica sequence [5] over pre x1 end temporary"],
    ["replica sequence [5] over post x1 end z"],
    ["replica shared [5,5] over sequence x1 end w"],
  ]);
  // A pass that others wait for stays where it is.
  const measured = write((gradient, { store }) =>
    store("bias", l.reduce(gradient, { axes: ["pre"] }))
  );
  assert.ok(showAll(measured)[1]!.some((pass) => pass.includes("[5,5] over sequence")));
});

Deno.test("schedule: a store that waits is made as soon as all have read the old value", () => {
  const plan = schedule(({ store }, load) => {
    const next = l.matvec(load("w"), load("y"));
    store("y", next);
    store("u", l.matvec(load("h"), l.matvec(load("k"), l.matvec(load("h"), load("x")))));
    store("z", load("y"));
  });
  assert.deepEqual(plan.groups.map((group) => group.flatMap(({ stores }) => stores.map(target))), [
    ["temporary", "temporary"],
    ["temporary", "y", "z"],
    ["u"],
  ]);
});

Deno.test("schedule: two shapes that each read what the other writes", () => {
  const plan = schedule(({ store }, load) => {
    store("y", l.mul(load("y"), load("one")));
    store("one", l.slice(load("y"), 4, 1));
  });
  const writes = plan.groups.flat().flatMap(({ stores }) => stores.map(target));
  assert.deepEqual(writes.toSorted(), ["one", "temporary", "y"]);
});

Deno.test("schedule: what all sequences share waits for the whole replica", () => {
  const plan = schedule(({ store }, load) => {
    const output = l.tanh(l.add(load("x"), load("bias")));
    store("y", output);
    store("bias", l.sub(load("bias"), l.batchMean(output)));
  });
  const passes = plan.groups.flat();
  const shared = passes.filter(({ domain }) => !domain.hasBatchAxis);
  assert.ok(shared.length > 0);
  for (const pass of shared) assert.equal(pass.waitsFor, "replica", show(pass));
  assert.equal(
    passes.find(({ stores }) => stores.some((store) => target(store) === "y"))!.waitsFor,
    "replica",
  );
  assert.equal(ownerOf(plan), "replica");
});

Deno.test("schedule: what is read across sequences is overwritten only after all have read it", () => {
  const plan = schedule(({ store }, load) => {
    store("bias", l.batchMean(load("y")));
    store("y", l.mul(load("y"), 0.5));
  });
  for (const pass of plan.groups.flat()) assert.equal(pass.waitsFor, "replica", show(pass));
});

Deno.test("schedule: a value used by several expressions is computed once", () => {
  const plan = schedule(({ store }, load) => {
    const shared = l.softmax(load("x"));
    store("y", l.mul(shared, 2));
    store("h", l.outer(shared, shared));
    store("s", l.max(shared));
  });
  const exponentials = new Set<Value>();
  const visit = (node: Value) => {
    if (node.operation.op === "exp") exponentials.add(node);
    node.inputs.forEach(visit);
  };
  plan.groups.flat().forEach(({ locals }) => locals.forEach(visit));
  assert.equal(exponentials.size, 1);
  assert.ok(plan.groups.flat().some(({ locals }) => locals.some((node) => exponentials.has(node))));
});

Deno.test("schedule: every store happens exactly once", () => {
  const plan = schedule(({ store }, load) => {
    const product = l.matvec(load("h"), load("y"));
    store("y", product);
    store("z", product);
    store("u", l.tanh(product));
    store("h", l.outer(product, load("z")));
    store("k", load("h"));
    store("s", l.dot(product, load("u")));
  });
  const stored = plan.groups.flat().flatMap((
    { innerStores, stores },
  ) => [...innerStores, ...stores])
    .map(target).filter((name) => name !== "temporary");
  assert.deepEqual(stored.toSorted(), ["h", "k", "s", "u", "y", "z"]);
});

Deno.test("schedule: sums over steps and sequences run in one loop nest", () => {
  const plan = schedule(({ store }, load) => {
    store("w", l.reduce(l.outer(load("x"), load("x")), { axes: ["time", "sequence"] }));
  }, "none");
  const [[pass]] = plan.groups as [[Pass]];
  assert.deepEqual(pass.reduction!.lengths, [4, 3]);
  assert.deepEqual(pass.domain, { hasBatchAxis: false, shape: [5, 5] });
  assert.equal(visitsOf(pass, 3), 25 * 12);
});

Deno.test("schedule: what would need memory for every step is refused", () => {
  assert.throws(() =>
    schedule(({ store }, load) => {
      store("s", l.reduce(l.sum(load("x")), { axes: ["time"] }));
    }, "none"), /RangeError: Stage only: .*inside a loop/);
});

Deno.test("lowering: small stages fuse, large ones split, between them a backend chooses", () => {
  const plan = schedule(({ store }, load) => store("y", l.matvec(load("h"), load("y"))));
  const choose = (choice: "auto" | "fused" | "split") => chooseLowering(plan, { extents, choice });
  assert.deepEqual(choose("auto"), { kind: "fused", owner: "sequence" });
  assert.deepEqual(choose("split"), { kind: "split", owner: "sequence" });
  assert.deepEqual(choose("fused"), { kind: "fused", owner: "sequence" });
  const large = (size: number) => {
    const program = createProgram(extents);
    program.slot("h", { kind: "state", shape: [size, size], hasBatchAxis: true });
    program.slot("y", { kind: "state", shape: [size], hasBatchAxis: true });
    program.stage("main", { name: "only", loop: "forward" }, ({ load, store }) => {
      store("y", l.tanh(l.matvec(load("h"), load("y"))));
    });
    const [stage] = program.build().procedures.get("main")!;
    return chooseLowering(scheduleStage(stage!, extents), { extents, choice: "auto" });
  };
  assert.deepEqual(large(300), { kind: "either", owner: "sequence" });
  assert.deepEqual(large(500), { kind: "split", owner: "sequence" });
});
