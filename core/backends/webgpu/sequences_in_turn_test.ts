import assert from "node:assert/strict";
import { symbols } from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import { laneCount } from "./lane_axes.ts";
import { turnsOf } from "./sequences_in_turn.ts";

/** How many sequences a lane takes, of a pass that sums so many steps of so many sequences of vectors. */
function taken({ sequences, steps, size }: Record<"sequences" | "steps" | "size", number>): number {
  const domain = { hasBatchAxis: true, shape: [size] as const };
  const reduction = { axes: ["time"], lengths: [steps], operand: [size] } as const;
  const empty = { reduced: [], locals: [], innerStores: [], stores: [] };
  const pass: Pass = { domain, reduction, ...empty, waitsFor: "lane" };
  const axes = [
    { symbol: symbols.replica, extent: 1 },
    { symbol: symbols.sequence, extent: sequences },
    { symbol: symbols.row, extent: size },
  ];
  return turnsOf(pass, axes, laneCount).inTurn?.extent ?? 1;
}

Deno.test("turns: sequences are taken one after the other where enough workgroups are left", () => {
  assert.equal(taken({ sequences: 16, steps: 8, size: 16 }), 16);
  assert.equal(taken({ sequences: 16, steps: 8, size: 15 }), 1);
});

Deno.test("turns: there are no more than a software adapter runs", () => {
  assert.equal(taken({ sequences: 64, steps: 1000, size: 99 }), 64);
  assert.equal(taken({ sequences: 64, steps: 1100, size: 99 }), 1);
});
