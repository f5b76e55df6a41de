import assert from "node:assert/strict";
import { proportion } from "../../analysis/examine/recall.ts";
import { basinLines } from "./figures/basin_figure.ts";
import { capacityLines } from "./figures/capacity_figure.ts";
import { historyLines } from "./figures/history_figure.ts";
import { valueLine } from "./figures/value_figure.ts";
import { absoluteRetention, fixedShare, recallShare, signedRetention } from "./measures.ts";
import { network, point } from "./testing/sample_points.ts";
import { measureText, outcomeText, percent, shareText, updatesText } from "./texts.ts";

Deno.test("tries are pooled over the seeds, overlaps are means of them", () => {
  const both = point([network(1), network(2)]);
  const share = recallShare(both, { flips: 0.1 })!;
  assert.deepEqual([share.count, share.of], [17, 20]);
  assert.deepEqual([fixedShare(both, "hebb")!.count, fixedShare(both, "hebb")!.of], [2, 8]);
  assert.equal(fixedShare(both, "pseudo_inverse"), undefined);
  // Tries of one network are not independent: the interval is that of two shares, .9 and .8.
  assert.equal(share.over, "networks");
  assert.ok(share.low < 0.7 && share.high > 0.92, `${share.low} to ${share.high}`);
  assert.equal(fixedShare(both)!.over, "networks");
  assert.equal(signedRetention(both)!.mean, 0);
  assert.equal(absoluteRetention(both)!.mean, 1);
});

Deno.test("a diverged run is told as such, and drawn nowhere", () => {
  const lost = point([
    network(1, { outcome: "diverged", updates: 6, runUpdates: 6, examination: undefined }),
    network(2, { outcome: "diverged", updates: 6, runUpdates: 6, examination: undefined }),
  ]);
  assert.equal(outcomeText(lost), "all 2 seeds diverged at update 6");
  const [diverged, beside] = lost.networks;
  assert.equal(outcomeText(point([diverged!])), "diverged at update 6");
  assert.equal(
    outcomeText(point([diverged!, { ...beside!, outcome: "converged" }])),
    "1 of 2, seed 1 diverged at update 6",
  );
  assert.equal(
    outcomeText(point([diverged!, { ...beside!, updates: 9 }])),
    "all 2 seeds diverged at updates 6 to 9",
  );
  assert.equal(updatesText(lost), "–");
  assert.deepEqual(historyLines([{ name: "a", point: lost }], { metric: "retention" }), []);
  assert.deepEqual(basinLines([{ name: "a", point: lost }]), []);
  assert.equal(recallShare(lost, { flips: 0.1 }), undefined);
});

Deno.test("outcomes count the seeds, and updates are of those that converged", () => {
  const trio = point([network(1), network(3), network(5, { outcome: "not converged" })]);
  assert.equal(outcomeText(trio), "2 of 3");
  assert.equal(updatesText(trio), "20 (10 to 30)");
  const open = point([
    network(1),
    network(2, { outcome: "training" }),
    network(3, { outcome: "stopped", runUpdates: 120 }),
  ]);
  assert.equal(outcomeText(open), "1 of 3, 1 in training, 1 stopped at update 120");
});

Deno.test("lines of figures: load, share and interval of each point", () => {
  const points = [point([network(1)]), point([network(1, { memories: 32 })])];
  const [line] = capacityLines([{ name: "", points, matrix: "learned", colour: 0 }]);
  assert.deepEqual(line!.x, [0.0625, 0.5]);
  assert.deepEqual(line!.y, [1, 1]);
  assert.ok(line!.low!.every((low) => low < 1));
  const [basin, ...none] = basinLines([
    { name: "a", point: points[0]! },
    { name: "a", point: points[0]!, matrix: "pseudo_inverse" },
  ]);
  assert.deepEqual([basin!.x, basin!.y], [[0, 5, 10, 20, 30], Array(5).fill(0.9)]);
  assert.deepEqual(none, []);
  const values = valueLine("a", [{ x: 2, y: undefined }, { x: 1, y: proportion(1, 2) }]);
  assert.deepEqual([values.x, values.y], [[1], [0.5]]);
});

Deno.test("cells: nearly all is not all", () => {
  assert.equal(percent(1), "100");
  assert.equal(percent(0.9996), "99.96");
  assert.equal(percent(0.5), "50.0");
  assert.equal(shareText(undefined), "–");
  assert.match(shareText(proportion(10, 10)), /^100% \[72\.2,\s100\]$/);
  assert.equal(measureText({ mean: 0.5, interval: undefined, values: [0.5] }), "0.500");
  const interval = { low: 0.25, high: 0.75 };
  assert.equal(measureText({ mean: 0.5, interval, values: [0, 1] }), "0.500\u00a0±\u00a00.250");
});
