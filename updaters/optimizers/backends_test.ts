/** Every optimizer of the table makes the same updates on the cpu as on the reference. */
import { cpuBackend } from "../../core/backends/cpu/cpu.ts";
import { referenceBackend } from "../../core/backends/reference/reference.ts";
import { assertTwins, trainOn } from "../../core/testing/twin.ts";
import { simpleRnn } from "../../models/simple_rnn.ts";
import { palindrome } from "../../tasks/palindrome.ts";
import { bptt } from "../bptt.ts";
import { optimizerNames } from "./mod.ts";

const task = palindrome.build();

for (const optimizer of optimizerNames) {
  Deno.test(`${optimizer}: cpu and reference agree`, async () => {
    const model = simpleRnn.instantiate({ ...task.sizes, hidden_size: 4, num_layers: 1 });
    const extents = { replicas: 2, sequences: 3, steps: task.steps };
    const program = bptt.build({ model, loss: task.loss, extents }, { optimizer });
    const options = { seeds: [3, 4], task, iterations: 4 };
    const expected = await trainOn(referenceBackend(), program, options);
    const actual = await trainOn(cpuBackend({ threads: 1 }), program, options);
    assertTwins(actual, expected, { bound: 1e-5, what: optimizer });
  });
}
