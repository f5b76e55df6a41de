/** Wrong data and wrong code of a user's own: one clear line each, exit code 2, and nothing is written. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "../deps/zod.ts";
import {
  addLosses,
  bptt,
  crossEntropy,
  defineLoss,
  defineModel,
  type Loss,
  metric,
  scaled,
  square,
  sum,
  updaters,
  type Value,
  vector,
} from "../mod.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { placeOf, runHere, writeCase, type WrongCode } from "./testing/wrong_code.ts";
import { wrongData } from "./testing/wrong_data.ts";
import { wrongModels } from "./testing/wrong_models.ts";
import { wrongRules } from "./testing/wrong_rules.ts";

const short = ["--iterations=1", "--device=reference", "--progress=none"];

async function assertTold(folder: string, wrong: WrongCode): Promise<void> {
  const words = writeCase(folder, wrong);
  const out = join(folder, "run");
  const args = ["train", ...words, ...short, ...wrong.words ?? [], "--out", out];
  const { code, errors, lines } = await runHere(args);
  const told = errors.join("\n");
  const place = placeOf(folder, wrong);
  assert.ok(told.includes(wrong.says), `expected "${wrong.says}", got "${told}"`);
  if (place !== undefined) assert.ok(told.includes(place), `expected "${place}", got "${told}"`);
  assert.deepEqual({ code, errors: errors.length, lines }, { code: 2, errors: 1, lines: [] }, told);
  assert.ok(!told.includes("\n"), told);
  assert.throws(() => Deno.statSync(out), Deno.errors.NotFound);
}

Deno.test("wrong code in a script: the message ends with its line", () => {
  const config = z.strictObject({});
  const spec = { name: "m", config, parameters: () => ({}), state: () => ({}), inputs: () => ({}) };
  const step = () => ({});
  // deno-lint-ignore no-explicit-any -- what is wrong would not compile.
  assert.throws(() => defineModel({ ...spec, stp: step } as any), {
    name: "CodeError",
    message:
      /^defineModel: unknown key "stp" \(did you mean step\?\).* \(tests\/wrong_code_test\.ts:\d+:\d+\)$/,
  });
  // deno-lint-ignore no-explicit-any -- what is wrong would not compile.
  const model = defineModel({ ...spec, step } as any).instantiate({});
  const learning = { model, loss: crossEntropy, extents: { replicas: 1, sequences: 1, steps: 1 } };
  assert.throws(() => updaters["bptt"]!.build(learning, {}), {
    name: "CodeError",
    message: /^Model m: the step returns no output \(tests\/wrong_code_test\.ts:\d+:\d+\)$/,
  });
});

Deno.test("wrong losses in a script: the message ends with its line", () => {
  const model = defineModel({
    name: "m",
    parameters: () => ({ b: vector(2) }),
    state: () => ({}),
    inputs: () => ({}),
    step: ({ b }) => ({ state: {}, output: b!, observed: { rates: b! } }),
  }).instantiate();
  const build = (loss: Loss) => () =>
    bptt.build({ model, loss, extents: { replicas: 1, sequences: 1, steps: 1 } }, {});
  const told = (problem: string) => ({
    name: "CodeError",
    message: new RegExp(`^Loss l${problem} \\(tests/wrong_code_test\\.ts:\\d+:\\d+\\)$`),
  });
  const facts = { name: "l", inputs: {} };
  const vectorLoss = defineLoss({ ...facts, step: ({ output }) => ({ loss: square(output) }) });
  assert.throws(build(vectorLoss), told(": expected a scalar loss of a step, got a vector.*"));
  const none = defineLoss({ ...facts, step: () => ({ loss: undefined as unknown as Value }) });
  assert.throws(build(none), told(": expected a scalar loss of a step, got undefined"));
  const step = ({ output }: { output: Value }) => ({ loss: sum(output) });
  const misspelt = defineLoss({ ...facts, step, metrics: { speed: metric.mean("step") } });
  assert.throws(build(misspelt), told(': a metric is made of "step" .did you mean steps.*'));
  const reads = defineLoss({ ...facts, reads: { observed: ["rate"] }, step });
  const unread = ' of model m: expected the observed value "rate", got rates .did you mean rates.*';
  assert.throws(build(reads), told(unread));
  assert.throws(build(scaled(2, reads)), told(unread));
  assert.throws(build(addLosses({ a: reads })), told(unread));
});

const tables = { "wrong data": wrongData, "wrong models": wrongModels, "wrong rules": wrongRules };
for (const [what, cases] of Object.entries(tables)) {
  Deno.test(
    `${what}: one line with the place, exit code 2, nothing written`,
    inTemporaryFolder(async (folder) => {
      for (const [index, wrong] of cases.entries()) {
        await assertTold(join(folder, `case${index}`), wrong);
      }
    }),
  );
}

Deno.test(
  "a task that fails while it is trained on: its line, exit code 2, and the run says so",
  inTemporaryFolder(async (folder) => {
    const tired: WrongCode = {
      file: "task",
      change: [
        "return { x,",
        'if (random.address.step > 5) throw new Error("no more"); return { x,',
      ],
      says: "no more",
      at: "no more",
    };
    const out = join(folder, "run");
    const words = writeCase(join(folder, "case"), tired);
    const { code, errors } = await runHere(
      ["train", ...words, ...short.slice(1), "--iterations=9", "--batch-size=1", "--out", out],
    );
    const told = errors.at(-1)!;
    assert.equal(code, 2, told);
    assert.match(told, /^error: no more \(case\/task\.ts:34:\d+\)$/);
    const status = JSON.parse(Deno.readTextFileSync(join(out, "status.json")));
    assert.match(JSON.stringify(status), /"failed".*no more \(case\/task\.ts:34:\d+\)/);
  }),
);
