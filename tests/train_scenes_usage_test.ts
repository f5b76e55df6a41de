/** The command line of the hybrid memory networks, as published and as typed wrongly. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { assertRefused } from "./testing/assert_refused.ts";
import { runHebb } from "./testing/run_hebb.ts";

interface Shown {
  readonly task: Readonly<Record<string, unknown>>;
  readonly model: Readonly<Record<string, unknown>>;
  readonly updater: Readonly<Record<string, unknown>>;
}

/** The config that a command line means; it writes nothing. */
async function configOf(args: readonly string[], folder: string): Promise<Shown> {
  const command = ["train", "--dry-run", "--device=cpu", "--threads=1", ...args];
  const { code, stdout, stderr } = await runHebb(command, { folder });
  assert.equal(code, 0, stderr);
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  return JSON.parse(stdout);
}

const publishedNetwork = [
  ...["--network_type", "Memo"],
  ...["--hidden_dims", "[100,100]"],
  ...["--hetero_rates", "[1,1]"],
  ...["--plastic_types", "['M','A']"],
];
const publishedRun = [
  ...publishedNetwork,
  ...["--scene_time", "4", "--vec_len", "25", "--lr_rate", "0.001", "--VAR", "0.1"],
  ...["--out_dim", "1", "--acc_threshold", "0.99", "--acc_num", "5"],
];

Deno.test(
  "train: the published command line of the hybrid networks means what it says",
  inTemporaryFolder(async (folder) => {
    const { task, model, updater } = await configOf(publishedRun, folder);
    assert.deepEqual(model, {
      name: "hybrid",
      network_type: "Memo",
      hidden_dims: [100, 100],
      hetero_rates: [1, 1],
      plastic_types: ["M", "A"],
      out_dim: 1,
    });
    const { scene_time, vec_len, variation, acc_threshold, acc_num } = task;
    assert.equal(task.name, "continual_scene");
    assert.deepEqual({ scene_time, vec_len, variation, acc_threshold, acc_num }, {
      scene_time: 4,
      vec_len: 25,
      variation: 0.1,
      acc_threshold: 0.99,
      acc_num: 5,
    });
    const { name, learning_rate, optimizer } = updater;
    assert.deepEqual({ name, learning_rate, optimizer }, {
      name: "bptt",
      learning_rate: 0.001,
      optimizer: "adam",
    });
    // Apart from the learning rate, what the published command spells out is the default.
    assert.deepEqual(
      await configOf(["--mode", "train", ...publishedNetwork, "--lr_rate", "0.001"], folder),
      await configOf(publishedRun, folder),
    );
  }),
);

Deno.test(
  "train: lists without brackets, and any kinds and rates",
  inTemporaryFolder(async (folder) => {
    const { task, model } = await configOf([
      ...["--plastic-types", "M,M,A"],
      ...["--hidden-dims", "20,20,20"],
      ...["--hetero-rates", "1,0.5,0"],
    ], folder);
    assert.equal(task.name, "continual_scene");
    assert.deepEqual(model.plastic_types, ["M", "M", "A"]);
    assert.deepEqual(model.hidden_dims, [20, 20, 20]);
    assert.deepEqual(model.hetero_rates, [1, 0.5, 0]);
  }),
);

const bad: readonly { what: string; args: readonly string[]; says: RegExp }[] = [
  {
    what: "rates for some of the layers",
    args: ["--hetero_rates", "[1]"],
    says: /: --hetero_rates: expected a list of 2, one for each layer of Memo .*, got \[1\]$/m,
  },
  {
    what: "an unknown rate",
    args: ["--hetero-rates", "1,0.7"],
    says: /: --hetero-rates: expected one of 1, 0\.5, 0, got 0\.7$/m,
  },
  {
    what: "an unknown kind",
    args: ["--plastic_types", "['M','X']"],
    says: /: --plastic_types: expected one of M, A, got "X"$/m,
  },
  {
    what: "kinds for some of the layers",
    args: ["--hidden_dims", "[9,9,9]", "--plastic_types", "['M','A']"],
    says: /: --plastic_types: expected a list of 3, one for each layer .*, got \["M","A"\]$/m,
  },
  {
    what: "more layers than there are kinds by default",
    args: ["--hidden_dims", "[9,9,9]"],
    says: /: --plastic-types \(not given\): expected a list of 3, .*got \["M","A"\]$/m,
  },
  {
    what: "two kinds for one plastic layer",
    args: ["--network_type", "Nonl_RO", "--plastic-types", "M,A"],
    says: /: --plastic-types: expected a list of 1, for the first layer of Nonl_RO/,
  },
  {
    what: "an unknown network",
    args: ["--network_type", "memo"],
    says: /: --network_type: expected one of Memo, Dyn_RO, Nonl_RO, Stack, got "memo"$/m,
  },
  {
    what: "R beyond the movie",
    args: ["--interval=12", "--scenes=10"],
    says: /: --interval: expected less than the 10 scenes of a movie, got 12$/m,
  },
  {
    what: "a last R beyond the movie",
    args: ["--max-interval=30", "--scenes=20"],
    says: /: --max-interval: expected less than the 20 scenes of a movie, got 30$/m,
  },
  {
    what: "a last R below the first",
    args: ["--interval=5", "--max_interval=3"],
    says: /: --max_interval: expected at least the interval of 5, got 3$/m,
  },
  {
    what: "a network of frames for a task of symbols",
    args: ["--model=hybrid", "--task=palindrome"],
    says: /model hybrid cannot read the symbol of task palindrome; .* are ethereal, rnn, binding$/m,
  },
  {
    what: "a network of symbols for a task of frames",
    args: ["--model=ethereal", "--task=continual_scene"],
    says: /model ethereal cannot read the frame of task continual_scene; .* are hybrid/,
  },
  {
    what: "two outputs",
    args: ["--network_type=Memo", "--out_dim=2"],
    says: /: --out_dim: expected 1, got 2$/m,
  },
  {
    what: "the mode of another command",
    args: ["--mode", "visualize", ...publishedNetwork],
    says: /: --mode: expected train, got "visualize"; .* `visualize DIR`$/m,
  },
  {
    what: "an unknown mode",
    args: ["--mode=test"],
    says: /: --mode: expected train, got "test"$/m,
  },
];

Deno.test("train: what no hybrid network or movie can be gives one line", async (t) => {
  const folder = Deno.makeTempDirSync({ prefix: "hebb_" });
  try {
    for (const { what, args, says } of bad) {
      await t.step(what, () => assertRefused(["train", ...args], { folder, says }));
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test(
  "train: a curriculum that ran out of iterations goes on with more, and not with fewer",
  inTemporaryFolder(async (folder) => {
    const args = [
      ...["--network_type=Memo", "--hidden-dims=3,2", "--vec-len=5", "--scene-time=1"],
      ...["--interval=5", "--acc-threshold=0", "--acc-num=2", "--test-sequences=1"],
      ...["--device=cpu", "--threads=1", "--progress=none"],
    ];
    const go = (...more: string[]) => runHebb(["train", ...more], { folder });
    const levels = () =>
      [...Deno.readDirSync(join(folder, "run", "levels"))].map(({ name }) => name).sort();
    const none = await go(...args, "--out=none", "--iterations=1");
    assert.match(none.stdout, /passed: none \(of R = 5 to 100\)/);
    const first = await go(...args, "--out=run", "--iterations=5");
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /passed: R = 6 \(of R = 5 to 100\)/);
    assert.deepEqual(
      levels(),
      [5, 6].map((level) => `level-000${level}-seed-1.safetensors`),
    );
    await assertRefused(["train", "--resume=run", "--iterations=3"], {
      folder,
      says: /: cannot resume: .* has done 5 iterations already, --iterations asks for 3$/m,
    });
    const more = await go("--resume=run", "--iterations=9", "--progress=none");
    assert.equal(more.code, 0, more.stderr);
    assert.match(more.stderr, /resuming from iteration 5/);
    assert.match(more.stdout, /passed: R = 8/);
    assert.equal(levels().length, 4);
  }),
);
