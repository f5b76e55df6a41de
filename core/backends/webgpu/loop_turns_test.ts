/** Turns of loops are counted as a lane makes them. */
import assert from "node:assert/strict";
import { loopTurns } from "./loop_turns.ts";

Deno.test("loop turns: loops in loops, those of lanes, and blocks that are none", () => {
  const lines = [
    "for (var count = 0u; count < 66u; count += 1u) {",
    "  if (lane < 8u) {",
    "    for (var q0 = 0u; q0 < 28u; q0 += 4u) {",
    "      let x = q0;",
    "    }",
    "  }",
    "  for (var e = 64u + lane; e < 104u; e += 16u) {",
    "    if (true) { let y = 1u; }",
    "  }",
    "}",
    "for (var s = 3u; s < 5u; s += 1u) {",
    "}",
  ];
  assert.equal(loopTurns(lines), 66 * (1 + 7 + 3) + 2);
});

Deno.test("loop turns: of a segment of steps, and of parts of a place", () => {
  const lines = [
    "let first = step.index;",
    "let end = min(first + 20u, 66u);",
    "for (var count = first; count < end; count += 1u) {",
    "}",
    "for (var first = 0u; first < 100u; first += 64u) {",
    "  let end = min(first + 64u, 100u);",
    "  for (var e = first + lane; e < end; e += 32u) {",
    "  }",
    "}",
  ];
  assert.equal(loopTurns(lines), 20 + 2 + 2 * 2);
});
