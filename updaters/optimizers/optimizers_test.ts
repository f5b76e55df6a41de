/** Every optimizer and option of slow weights against plain loops. */
import assert from "node:assert/strict";
import { z } from "../../deps/zod.ts";
import { slowWeightConfig, slowWeightOptimizer } from "./config.ts";
import { gradientAt, rate, start, trajectoryOf, updates } from "./testing/trajectory.ts";

const schema = z.strictObject(slowWeightConfig);
type Settings = z.output<typeof schema>;

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
      const trajectory = await trajectoryOf(slowWeightOptimizer(parsed, { gradClip }));
      const wanted = expected(parsed, gradClip);
      trajectory.forEach((row, update) =>
        row.forEach((value, index) => {
          const error = Math.abs(value - wanted[update]![index]!);
          assert.ok(error < 1e-12, `${JSON.stringify(parsed)}: update ${update}: ${error}`);
        })
      );
    }
  });
}
