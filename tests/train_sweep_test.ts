import assert from "node:assert/strict";
import { join } from "node:path";
import { readLatestCheckpoint } from "../store/files/checkpoint.ts";
import { readStatus } from "../store/files/status.ts";
import { readMetrics } from "../store/files/metrics.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { assertRefused } from "./testing/assert_refused.ts";
import { runHebb } from "./testing/run_hebb.ts";
import { outcome, tinyArguments } from "./testing/tiny_run.ts";

/** Batches of four replicas are large enough to be drawn ahead, those of one are not. */
const attractor = [
  "train",
  "--task=attractor",
  "--set=task.neurons=16",
  "--steps=20",
  "--presentation-steps=5",
  "--batch-size=5",
  "--log-every=5",
  "--checkpoint-every=7",
  "--evaluation-sequences=10",
  "--test-sequences=10",
  "--device=cpu",
  "--threads=1",
  "--progress=none",
];
const sweep = ["--sweep", "task.memories=2,3", "--seeds=1,2"];

async function train(args: readonly string[], folder: string): Promise<string> {
  const { code, stdout, stderr } = await runHebb(args, { folder });
  assert.equal(code, 0, stderr);
  return stdout;
}

/** What replica `place` of `replicas` has in the last checkpoint and in the metrics. */
function shareOf(folder: string, { place, replicas }: { place: number; replicas: number }) {
  const tensors = [...readLatestCheckpoint(folder).tensors].map(([name, { data }]) => {
    const size = data.length / replicas;
    return [name, [...data.slice(place * size, (place + 1) * size)]];
  });
  const rows = readMetrics(join(folder, "metrics.jsonl")).map((row) => [
    row.iteration,
    ...Object.entries(row.values).map(([name, value]) => [
      name,
      Array.isArray(value) ? value[place] : value,
    ]),
  ]);
  return { tensors, rows };
}

Deno.test(
  "a sweep gives each of its replicas the bits of a run of it alone",
  inTemporaryFolder(async (folder) => {
    const stdout = await train([...attractor, ...sweep, "--iterations=20", "--out=all"], folder);
    assert.match(stdout, /100 sequences for each of 4 replicas/);
    assert.match(stdout, /^ {2}memories 3, seed 2: not reached$/m);
    assert.match(stdout, /^ {2}memories 2, seed 1: \d.* on fresh sequences/m);
    const points = [2, 3].flatMap((memories) => [1, 2].map((seed) => ({ memories, seed })));
    for (const [place, { memories, seed }] of points.entries()) {
      const out = `--out=${memories}-${seed}`;
      const alone = [`--memories=${memories}`, `--seed=${seed}`, "--iterations=20", out];
      await train([...attractor, ...alone], folder);
      assert.deepEqual(
        shareOf(join(folder, "all"), { place, replicas: 4 }),
        shareOf(join(folder, `${memories}-${seed}`), { place: 0, replicas: 1 }),
      );
    }
    const report = Deno.readTextFileSync(join(folder, "all", "report.html"));
    assert.match(report, /<option value="3">memories 3, seed 2<\/option>/);
  }),
);

Deno.test(
  "a sweep that is resumed ends with the same bits, and goes on with no other sweep",
  inTemporaryFolder(async (folder) => {
    await train([...attractor, ...sweep, "--iterations=20", "--out=whole"], folder);
    await train([...attractor, ...sweep, "--iterations=9", "--out=parts"], folder);
    const refused: [string[], RegExp][] = [
      [
        ["--sweep=task.memories=2,4"],
        /cannot resume with another training\.sweep: the run has \{"task\.memories":\[2,3\]\}, got/,
      ],
      [["--sweep=task.noise=0,0.1"], /cannot resume with another training\.sweep/],
      [["--memories=3"], /--memories: parts.config\.json: training\.sweep task\.memories sets it/],
    ];
    for (const [args, says] of refused) {
      await assertRefused(["train", "--resume=parts", ...args], { folder, says });
    }
    const again = ["--sweep=task.memories=2,3", "--iterations=20", "--progress=none"];
    await train(["train", "--resume=parts", ...again], folder);
    // The shorter run has a row of its own at its end.
    const [whole, parts] = ["whole", "parts"].map((name) =>
      outcome(join(folder, name)) as { tensors: unknown; iteration: number }
    );
    assert.deepEqual([parts!.iteration, parts!.tensors], [whole!.iteration, whole!.tensors]);
  }),
);

Deno.test(
  "a sweep is judged and drawn by label, one network by its number",
  inTemporaryFolder(async (folder) => {
    const rates = ["--sweep=updater.learning_rate=0.01,0.1", "--seeds=1,2", "--iterations=4"];
    await train([...tinyArguments, "--device=reference", ...rates, "--out=run"], folder);
    const evaluate = ["evaluate", "run", "--device=reference", "--sequences=4"];
    const everything = await train(evaluate, folder);
    assert.match(everything, /^learning rate 0\.1, seed 2 +recall_accuracy/m);
    assert.match(everything, /^replica +metric/m);
    const { networks } = JSON.parse(await train([...evaluate, "--replica=2", "--json"], folder));
    assert.deepEqual(networks.map(({ label }: { label: string }) => label), [
      "learning rate 0.1, seed 1",
    ]);
    const visualize = ["visualize", "run", "--device=reference"];
    await train([...visualize, "--seed=2", "--replica=1"], folder);
    const refused: [string[], RegExp][] = [
      [[...visualize, "--seed=2"], /^error: --seed 2: 2 replicas have it, --replica N says which/],
      [[...visualize, "--replica=4"], /^error: --replica 4: the run has 0 to 3: 0 \(learning/],
    ];
    for (const [args, says] of refused) await assertRefused(args, { folder, says });
  }),
);

Deno.test(
  "in a sweep every replica rises by the goal of its own, and its levels are kept apart",
  inTemporaryFolder(async (folder) => {
    const curriculum = [
      "train",
      "--task=single_frame_familiarity",
      "--hidden-dims=[6,4]",
      "--vec-len=4",
      "--scenes=12",
      "--acc-num=1",
      "--max-interval=3",
      "--batch-size=2",
      "--evaluation-sequences=0",
      "--test-sequences=0",
      "--device=reference",
      "--progress=none",
    ];
    const thresholds = ["--sweep=task.acc_threshold=1,0", "--seeds=1,2"];
    const stdout = await train(
      [...curriculum, ...thresholds, "--iterations=4", "--out=run"],
      folder,
    );
    assert.match(stdout, /^passed: none .*, R = 3 \(acc threshold 0, seed 2\) \(of R = 1 to 3\)$/m);
    const files = [...Deno.readDirSync(join(folder, "run", "levels"))].map(({ name }) => name);
    const easy = [1, 2, 3].flatMap((level) =>
      [2, 3].map((replica) => `level-000${level}-replica-${replica}.safetensors`)
    );
    assert.deepEqual(files.filter((name) => easy.includes(name)).sort(), easy);
    const evaluate = ["evaluate", "run", "--device=reference", "--scenes=20", "--json"];
    const { movies } = JSON.parse(await train([...evaluate, "--replica=3"], folder));
    assert.deepEqual(
      movies.map(({ label, level }: { label: string; level: number }) => [label, level]),
      [1, 2, 3].map((level) => ["acc threshold 0, seed 2", level]),
    );
  }),
);

Deno.test(
  "a sweep in which replicas diverge says which, when and in what, goes on, and resumes as it was",
  inTemporaryFolder(async (folder) => {
    const updater = ["--updater=bptt", "--normalize=false", "--seeds=1,2"];
    const args = [...tinyArguments, ...updater, "--device=cpu", "--checkpoint-every=4"];
    const rates = [...args, "--sweep=updater.learning_rate=1e-3,1e30"];
    const stdout = await train([...rates, "--iterations=9", "--out=whole"], folder);
    for (const seed of [1, 2]) {
      const line =
        `^diverged: learning rate 1e\\+30, seed ${seed} at update \\d: "[\\w/]+" is not finite` +
        `( \\(and \\d+ more\\))?; try updater\\.learning_rate below 1e\\+30$`;
      assert.match(stdout, new RegExp(line, "m"));
    }
    assert.match(stdout, /^ {2}learning rate 1e\+30, seed 2: diverged$/m);
    const whole = join(folder, "whole");
    const { diverged, metrics } = readStatus(whole)!;
    assert.deepEqual(diverged!.map(({ replica }) => replica), [2, 3]);
    assert.deepEqual(
      (metrics["train/loss"] as number[]).map(Number.isFinite),
      [true, true, false, false],
    );
    const report = Deno.readTextFileSync(join(whole, "report.html"));
    assert.match(report, /2 of 4 replicas diverged: /);

    await train([...rates, "--iterations=5", "--out=parts"], folder);
    await train(["train", "--resume=parts", "--iterations=9", "--progress=none"], folder);
    assert.deepEqual(readStatus(join(folder, "parts"))!.diverged, diverged);
    const tensors = ["whole", "parts"].map((name) =>
      (outcome(join(folder, name)) as { tensors: unknown }).tensors
    );
    assert.deepEqual(tensors[0], tensors[1]);

    const all = [...args, "--sweep=updater.learning_rate=1e29,1e30", "--iterations=9"];
    assert.equal((await runHebb(all, { folder })).code, 3);
  }),
);

Deno.test(
  "a sweep that cannot be trained is refused in one line",
  inTemporaryFolder(async (folder) => {
    Deno.writeTextFileSync(
      join(folder, "sweep.yaml"),
      "training:\n  sweep:\n    task.memories: [3, 4]\n",
    );
    const refused: [string, RegExp][] = [
      ["task.steps=20,30", /^error: --steps: --sweep task\.steps sets it already/],
      ["task.neurons=4,5", /^error: --set task\.neurons: --sweep task\.neurons sets it already/],
      [
        "task.margin_weight=1,2",
        /^error: --sweep task\.margin_weight: it changes the program itself; train its values in/,
      ],
      ["task.memorie=1,2", /^error: --sweep task\.memorie: .*\(did you mean memories\?\)/],
      ["task.memories=", /^error: --sweep task\.memories: expected values with commas between/],
      ["task.memories=2,2", /^error: --sweep task\.memories: 2 is given twice/],
      ["training.iterations=1,2", /^error: --sweep training\.iterations: it holds for all/],
    ];
    for (const [text, says] of refused) {
      await assertRefused([...attractor, "--sweep", text, "--out=run"], { folder, says });
    }
    const file = [...attractor, "--config=sweep.yaml", "--dry-run"];
    const { stdout, stderr } = await runHebb([...file, "--seeds=1,2,3"], { folder });
    assert.deepEqual(JSON.parse(stdout).training.sweep, { "task.memories": [3, 4] });
    assert.match(stderr, /^replicas: 6, 2 points of the sweep with 3 seeds each$/m);
  }),
);
