import assert from "node:assert/strict";
import { replicasOf } from "../config/replicas.ts";
import { resolveConfig } from "../config/resolve_config.ts";
import { setAssignment } from "../config/config_file.ts";
import { divergenceText } from "./divergence_text.ts";

/** The line for the second replica of a run with these settings. */
function lineOf(...settings: readonly string[]): string {
  const { config } = resolveConfig([...settings, "training.seeds=7,8"].map(setAssignment));
  const divergence = { replica: 1, iteration: 17, names: ["w", "out"] };
  return divergenceText(divergence, { config, replicas: replicasOf(config) });
}

Deno.test("a divergence is told with replica, update, tensor and settings that act", () => {
  const where = 'diverged: seed 8 at update 17: "w" is not finite (and 1 more)';
  const rnn = ["model.name=rnn", "updater.name=bptt", "updater.learning_rate=0.5"];
  assert.equal(
    lineOf(...rnn, "updater.grad_clip=0"),
    `${where}; try updater.learning_rate below 0.5, or updater.grad_clip above 0`,
  );
  assert.equal(
    lineOf(...rnn, "updater.grad_clip=2"),
    `${where}; try updater.learning_rate below 0.5, or updater.grad_clip below 2`,
  );
  const ethereal = ["model.name=ethereal", "updater.name=bptt", "updater.learning_rate=0.5"];
  assert.equal(lineOf(...ethereal), `${where}; try updater.learning_rate below 0.5`);
});
