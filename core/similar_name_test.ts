import assert from "node:assert/strict";
import { didYouMean } from "./similar_name.ts";

Deno.test("a slip of at most three edits, and half of the letters, is guessed", () => {
  const names = ["state", "output", "observed"];
  assert.equal(didYouMean("ouput", names), " (did you mean output?)");
  assert.equal(didYouMean("STATE", names), " (did you mean state?)");
  assert.equal(didYouMean("obsrvd", names), " (did you mean observed?)");
  assert.equal(didYouMean("loss", names), "");
  assert.equal(didYouMean("", names), "");
  assert.equal(didYouMean("o".repeat(1e6), names), "");
  assert.equal(didYouMean("rate", ["rates", "crate", "rat"]), " (did you mean crate?)");
});
