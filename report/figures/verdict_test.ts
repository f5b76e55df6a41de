import assert from "node:assert/strict";
import { parseRunFiles } from "../run_files.ts";
import { sampleRun } from "../testing/sample_run.ts";
import { verdict } from "./verdict.ts";

const told = (status: unknown, figures = "{}") =>
  verdict(parseRunFiles({ config: "{}", status: JSON.stringify(status), figures }));

Deno.test("verdict tells recall, loss and effort of a finished run", () => {
  assert.equal(
    verdict(parseRunFiles(sampleRun())),
    "Recall 0.99 on held-out sequences; chance 0.17. Held-out loss 0.4702; best possible 0.46. " +
      "The run finished (iteration limit) after 6,000 iterations and 384,000 sequences " +
      "in 2 min 07 s on cpu, 8 workers.",
  );
});

Deno.test("verdict tells the spread of replicas and how many diverged", () => {
  assert.equal(
    told({ state: "diverged", metrics: { "train/recall_accuracy": [0.25, 0.75, "NaN"] } }),
    "Recall 0.50 on training sequences, mean of 2 replicas (0.25 to 0.75). " +
      "1 of 3 replicas diverged. The run diverged.",
  );
});

Deno.test("verdict names the replicas that diverged, with update and tensor", () => {
  const diverged = [{ replica: 1, iteration: 17, names: ["w", "out"] }];
  const config = JSON.stringify({ training: { seeds: [3, 4, 5] } });
  const metrics = { "train/recall_accuracy": [0.25, "NaN", 0.75] };
  const status = JSON.stringify({ state: "finished", diverged, metrics });
  assert.equal(
    verdict(parseRunFiles({ config, status })),
    "Recall 0.50 on training sequences, mean of 2 replicas (0.25 to 0.75). " +
      "1 of 3 replicas diverged: seed 4 at update 17 (w). The run finished.",
  );
});

Deno.test("verdict does not hold an accuracy over all steps against chance of recall", () => {
  const figures = '{"bounds":{"chance":0.17}}';
  assert.equal(
    told({ state: "odd", metrics: { "eval/accuracy": 0.5, "train/loss": "NaN" } }, figures),
    'Accuracy 0.50 on held-out sequences. The loss is not finite. The run is in state "odd".',
  );
});

Deno.test("verdict of an empty run says that nothing is known", () => {
  assert.equal(told({}), "The run left no state.");
});
