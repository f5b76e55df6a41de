/** Every optimizer and option of slow weights against plain loops. */
import assert from "node:assert/strict";
import { single } from "../../core/testing/evaluate_stage.ts";
import { referenceBackend } from "../../core/backends/reference/reference.ts";
import { scalar } from "../../core/program/declaration.ts";
import { createProgram } from "../../core/program/program.ts";
import { z } from "../../deps/zod.ts";
import { declareOptimizer, updateShared } from "../shared_update.ts";
import { matrix, vector } from "../../core/program/declaration.ts";
import { slowWeightConfig, slowWeightOptimizer } from "./config.ts";

const schema = z.strictObject(slowWeightConfig);
type Settings = z.output<typeof schema>;

const rate = 0.05;
const updates = 40;
/** The gradient of each number in each update, large at times. */
const gradientAt = (update: number, index: number) =>
  Math.sin(1.7 * update + 2.3 * index) * (update % 7 === 3 ? 5 : 0.2);
const start = Float64Array.of(0.3, -0.02, 0, 1.5, -0.7, 0.0004);

/** What the program makes of six numbers, a matrix of four and a vector of two, after every update. */
async function ours(settings: Settings, gradClip: number): Promise<number[][]> {
  const parameters = { m: matrix(2, 2), v: vector(2) };
  const builder = createProgram(single);
  builder.declare("learning_rate", scalar(rate, { trained: false }));
  for (const [name, declaration] of Object.entries(parameters)) {
    builder.declare(name, declaration);
    builder.slot(`gradient/${name}`, { kind: "state", shape: declaration.shape });
  }
  const optimizer = slowWeightOptimizer(settings, { gradClip });
  declareOptimizer(builder, optimizer, parameters);
  builder.stage("main", { name: "main" }, (stage) => {
    const gradients = new Map(
      Object.keys(parameters).map((name) => [name, stage.load(`gradient/${name}`)]),
    );
    updateShared(stage, { gradients, optimizer, parameters });
  });
  const program = builder.build();
  const engine = await referenceBackend().prepare(program);
  engine.write("learning_rate", Float64Array.of(rate));
  engine.write("m", start.slice(0, 4));
  engine.write("v", start.slice(4));
  for (const [name, { kind }] of program.slots) {
    if (kind === "optimizer") {
      engine.write(name, new Float64Array((await engine.read([name])).get(name)!.length));
    }
  }
  const trajectory: number[][] = [];
  for (let update = 0; update < updates; update++) {
    const gradient = Float64Array.from(start, (_, index) => gradientAt(update, index));
    engine.write("gradient/m", gradient.slice(0, 4));
    engine.write("gradient/v", gradient.slice(4));
    await engine.run("main", { iterations: 1 });
    const read = await engine.read(["m", "v"]);
    trajectory.push([...read.get("m")!, ...read.get("v")!]);
  }
  engine.close();
  return trajectory;
}

/** The same by the textbook. */
function expected(
  { optimizer, learning_rate_half_time: half, learning_rate_decay_power: power, update_clip, l1 }:
    Settings,
  gradClip: number,
): number[][] {
  const x = [...start];
  const m1 = x.map(() => 0), m2 = x.map(() => 0);
  const keeps = optimizer === "adam_published" ? 0.9 : 0.999;
  const trajectory: number[][] = [];
  for (let update = 0; update < updates; update++) {
    const g = x.map((_, index) => gradientAt(update, index));
    const norm = Math.sqrt(g.reduce((sum, slope) => sum + slope * slope, 0));
    const factor = gradClip > 0 ? Math.min(1, gradClip / (norm + 1e-6)) : 1;
    const t = update + 1;
    const lr = rate / (half > 0 ? 1 + (update / half) ** power : 1);
    for (let i = 0; i < x.length; i++) {
      const gradient = factor * g[i]!;
      m1[i] = 0.9 * m1[i]! + 0.1 * gradient;
      m2[i] = keeps * m2[i]! + 0.001 * gradient ** 2;
      const adam = (m1[i]! / (1 - 0.9 ** t)) / (Math.sqrt(m2[i]! / (1 - 0.999 ** t)) + 1e-8);
      let change = -lr * (optimizer === "sgd" ? gradient : adam);
      if (update_clip > 0) change = Math.max(-update_clip, Math.min(update_clip, change));
      x[i]! += change;
      x[i]! -= l1 * Math.sign(x[i]!);
    }
    trajectory.push([...x]);
  }
  return trajectory;
}

const options: { settings: Partial<Settings>; gradClip?: number }[] = [
  { settings: {} },
  { settings: { learning_rate_half_time: 7 }, gradClip: 0.5 },
  { settings: { learning_rate_half_time: 7, learning_rate_decay_power: 3 } },
  { settings: { update_clip: 0.003 } },
  { settings: { l1: 0.001 } },
  { settings: { learning_rate_half_time: 20, update_clip: 0.01, l1: 1e-4 }, gradClip: 2 },
];

for (const optimizer of ["sgd", "adam", "adam_published"] as const) {
  Deno.test(`${optimizer}: every option as in plain loops`, async () => {
    for (const { settings, gradClip = 0 } of options) {
      const parsed = schema.parse({ optimizer, ...settings });
      const [trajectory, wanted] = [await ours(parsed, gradClip), expected(parsed, gradClip)];
      trajectory.forEach((row, update) =>
        row.forEach((value, index) => {
          const error = Math.abs(value - wanted[update]![index]!);
          assert.ok(error < 1e-12, `${JSON.stringify(parsed)}: update ${update}: ${error}`);
        })
      );
    }
  });
}
