/** Values of a workgroup that are needed at the same time never lie in the same place. */
import assert from "node:assert/strict";
import { overlap, placeRegions, type Room, type Wanted } from "./scratchpad.ts";

/** Numbers that look random and are the same every time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

/** Checks where values lie, and what is left out. */
function assertPlaced(wanted: readonly Wanted[], room: Room): void {
  const regions = placeRegions(wanted, room);
  wanted.forEach(({ size, lifetime: [first, last] }, index) => {
    const region = regions[index];
    if (!region) return;
    assert.equal(region.to - region.from, size);
    assert.ok(region.to <= room.words);
    for (let unit = first; unit <= last; unit++) assert.ok(region.from >= room.parts[unit]!);
    wanted.forEach(({ lifetime: [begin, end] }, other) => {
      if (other === index || !regions[other] || begin > last || first > end) return;
      assert.ok(!overlap(region, regions[other]), `${index} and ${other}`);
    });
  });
}

Deno.test("scratchpad: values that are needed together lie apart, behind the parts of sums", () => {
  const next = numbers(1);
  for (let round = 0; round < 200; round++) {
    const parts = Array.from({ length: 1 + next(12) }, () => next(40));
    const wanted = Array.from({ length: next(20) }, (): Wanted => {
      const first = next(parts.length);
      return { size: 1 + next(30), lifetime: [first, first + next(parts.length - first)] };
    });
    assertPlaced(wanted, { words: 50 + next(300), parts });
  }
});

Deno.test("scratchpad: there is no sharing where all fit, and sharing where they do not", () => {
  const wanted: Wanted[] = [
    { size: 8, lifetime: [0, 1] },
    { size: 8, lifetime: [2, 3] },
    { size: 4, lifetime: [0, 3] },
  ];
  const parts = [2, 0, 0, 3];
  assert.deepEqual(placeRegions(wanted, { words: 23, parts }), [
    { from: 3, to: 11 },
    { from: 11, to: 19 },
    { from: 19, to: 23 },
  ]);
  const shared = placeRegions(wanted, { words: 15, parts });
  assert.deepEqual(shared, [{ from: 3, to: 11 }, { from: 3, to: 11 }, { from: 11, to: 15 }]);
});

Deno.test("scratchpad: what matters least is left out", () => {
  const wanted: Wanted[] = [
    { size: 6, lifetime: [0, 1] },
    { size: 6, lifetime: [1, 1] },
    { size: 2, lifetime: [1, 1] },
  ];
  const [first, second, third] = placeRegions(wanted, { words: 10, parts: [0, 1] });
  assert.ok(first && !second && third);
});
