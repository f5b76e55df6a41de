/** Rounds of sequences: each sequence once, about as many in each round. */
import assert from "node:assert/strict";
import { roundsOf } from "./sequence_rounds.ts";

Deno.test("rounds: every sequence is in one, all are about as long", () => {
  for (const sequences of [2, 3, 7, 16, 31]) {
    for (let count = 1; count <= sequences; count++) {
      const rounds = roundsOf(sequences, { count, isLoop: false });
      assert.equal(rounds.length, count);
      const all = rounds.flatMap(({ from, to }) =>
        Array.from({ length: to - from }, (_, index) => from + index)
      );
      assert.deepEqual(all, Array.from({ length: sequences }, (_, index) => index));
      const lengths = rounds.map(({ from, to }) => to - from);
      assert.ok(Math.max(...lengths) <= Math.ceil(sequences / count));
    }
  }
});
