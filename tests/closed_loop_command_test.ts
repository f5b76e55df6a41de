/** A task in closed loop, in a user's own folder, through every command. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { decodeCheckpoint } from "../store/files/checkpoint_format.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { assertRefused } from "./testing/assert_refused.ts";
import { runHebb } from "./testing/run_hebb.ts";

const ownFolder = new URL("../examples/own/", import.meta.url);
const code = ["--model", "own/actor_critic.ts", "--task", "own/bandit.ts"];
const short = ["--evaluation-sequences=4", "--test-sequences=8", "--progress=none"];
const settings = [
  ...["--hidden=3", "--steps=6", "--batch-size=2", "--log-every=5", "--updater=bptt"],
  ...["--device=cpu", "--threads=1"],
];

function copyOwn(folder: string): void {
  Deno.mkdirSync(join(folder, "own"));
  for (const name of ["actor_critic.ts", "bandit.ts"]) {
    Deno.copyFileSync(new URL(name, ownFolder), join(folder, "own", name));
  }
}

async function succeeds(args: readonly string[], folder: string): Promise<string> {
  const { code, stdout, stderr } = await runHebb(args, { folder });
  assert.equal(code, 0, stderr);
  return stdout;
}

Deno.test(
  "closed loop: a bandit is trained, resumed, swept, judged, drawn and checked",
  inTemporaryFolder(async (folder) => {
    copyOwn(folder);
    const trained = (run: string, ...more: string[]) =>
      succeeds(["train", ...code, ...settings, ...short, "--out", run, ...more], folder);
    const tensors = (run: string, iteration: number) => {
      const path = join(folder, run, `checkpoints/step-${String(iteration).padStart(12, "0")}`);
      return decodeCheckpoint(Deno.readFileSync(`${path}.safetensors`), path).tensors;
    };
    assert.match(await trained("whole", "--iterations=12"), /test\/reward: .*chance 0\.5/);
    await trained("parts", "--iterations=7");
    const more = ["--iterations=12", ...short];
    await succeeds(["train", "--resume", "parts", ...code, ...more], folder);
    assert.deepEqual(tensors("parts", 12), tensors("whole", 12));

    await trained("swept", "--iterations=12", "--sweep=task.pays=0.8,0.9", "--seeds=1,2");
    const [swept, alone] = [tensors("swept", 12), tensors("whole", 12)];
    // The third of four replicas is the run alone: arms that pay 0.9, and seed 1.
    for (const [name, { data }] of alone) {
      assert.deepEqual(swept.get(name)!.data.slice(2 * data.length, 3 * data.length), data, name);
    }

    const judged = await succeeds(["evaluate", "whole", ...code, "--sequences=8"], folder);
    assert.match(judged, /reward .*\n.*good_arm/);
    await succeeds(["visualize", "whole", ...code], folder);
    const check = ["check", "gradients", "own/actor_critic.ts", "--task", "own/bandit.ts"];
    const checked = await succeeds(
      [...check, "--set=task.steps=4", "--set=model.hidden=3"],
      folder,
    );
    assert.match(checked, /readout .*ok/);
  }),
);

Deno.test(
  "closed loop: a rule that learns at once is refused, and nothing is written",
  inTemporaryFolder(async (folder) => {
    copyOwn(folder);
    await assertRefused(["train", ...code, "--updater=backprop"], {
      folder,
      says: /Task bandit knows "action" of step \d only after the step, .* such as bptt/,
    });
  }),
);
