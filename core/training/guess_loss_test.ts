import assert from "node:assert/strict";
import { findTask } from "../../tasks/mod.ts";
import { guessLoss } from "./guess_loss.ts";

Deno.test("the loss of a uniform guess: of symbols, of yes and no, of amounts none", () => {
  assert.equal(guessLoss(findTask("palindrome").build()), Math.log(9));
  assert.equal(guessLoss(findTask("single_frame_familiarity").build()), Math.log(2));
  assert.equal(guessLoss(findTask("auto_associative").build()), undefined);
});
