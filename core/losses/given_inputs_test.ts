import assert from "node:assert/strict";
import { crossEntropy } from "./cross_entropy.ts";
import { withGivenInputs } from "./given_inputs.ts";

Deno.test("a loss has no metric of inputs that are not given, and is itself with all of them", () => {
  const names = (...given: string[]) =>
    Object.keys(
      withGivenInputs(crossEntropy, Object.fromEntries(given.map((name) => [name, []]))).metrics,
    );
  assert.deepEqual(names("target"), ["loss", "accuracy", "top2_accuracy"]);
  assert.ok(names("target", "recall").includes("recall_accuracy"));
  const all = { target: [], recall: [], last: [] } as const;
  assert.equal(withGivenInputs(crossEntropy, all), crossEntropy);
});
