import assert from "node:assert/strict";
import { onEveryBackend } from "../testing/on_every_backend.ts";
import { crossEntropyOfProbabilities } from "./cross_entropy_of_probabilities.ts";
import { judgeCases, near } from "./testing/judge_cases.ts";

onEveryBackend("cross-entropy of probabilities: loss, slope and divergence", async (backend) => {
  const target = [[0.5, 0.25, 0.25], [0, 1, 0], [0.2, 0.3, 0.5]];
  const output = [
    [1, -1, 2],
    [-Infinity, 3, 1],
    Array(3).fill(0).map((_, i) => Math.log(target[2]![i]!)),
  ];
  const { loss, slope, metrics } = await judgeCases(backend, crossEntropyOfProbabilities(3), {
    ...{ output, target, weight: [1, 1, 1] },
  });
  const softmax = (logits: readonly number[]) => {
    const powers = logits.map(Math.exp);
    return powers.map((power) => power / powers.reduce((a, b) => a + b));
  };
  const against = (p: readonly number[], q: readonly number[]) =>
    -p.reduce((sum, share, i) => share === 0 ? sum : sum + share * Math.log(q[i]!), 0);
  let divergence = 0;
  for (const [row, p] of target.entries()) {
    const q = softmax(output[row]!);
    near(loss[row]!, against(p, q), `loss ${row}`);
    divergence += (against(p, q) - against(p, p)) / 3;
    q.forEach((share, i) => near(slope[row]![i]!, share - p[i]!, `slope ${row}, ${i}`));
  }
  near(metrics["divergence"]!, divergence, "divergence");
  assert.ok(
    Math.abs(loss[2]! - against(target[2]!, target[2]!)) < 1e-6,
    "the entropy is the least",
  );
});
