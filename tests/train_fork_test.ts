/** Runs that begin from another run, or from a file, on the command line; and the best networks of a run. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readCheckpoint } from "../store/files/checkpoint.ts";
import { readMetrics } from "../store/files/metrics.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { readLineage } from "../store/lineage.ts";
import { runHebb } from "./testing/run_hebb.ts";

const tiny = [
  ...["--task=palindrome", "--model=rnn", "--updater=bptt", "--hidden-size=4", "--num-layers=1"],
  ...["--device=cpu", "--threads=1", "--progress=none", "--test-sequences=40"],
  ...["--evaluation-sequences=20", "--log-every=1", "--optimizer=adam", "--input-mode=last_one"],
];
const quick = "--learning-rate=0.1";
const golden = (name: string) =>
  fileURLToPath(new URL(`goldens/torch_state/${name}`, import.meta.url));

const train = async (folder: string, ...args: readonly string[]) => {
  const { code, stdout, stderr } = await runHebb(["train", ...args], { folder });
  assert.equal(code, 0, stderr);
  return { stdout, stderr };
};
const refused = async (folder: string, args: readonly string[], why: RegExp) => {
  const { code, stderr } = await runHebb(["train", ...args], { folder });
  assert.equal(code, 2, stderr);
  assert.match(stderr, why);
};
const step = (run: string, iteration: number) =>
  readCheckpoint(
    join(run, "checkpoints", `step-${String(iteration).padStart(12, "0")}.safetensors`),
  );
const losses = (run: string) =>
  new Map(
    [...readMetrics(join(run, "metrics.jsonl"))].map(({ iteration, values }) =>
      [iteration, values["train/loss"]] as const
    ),
  );

Deno.test(
  "a fork goes on with the bits of its run, until a changed setting acts",
  inTemporaryFolder(async (folder) => {
    const at = (name: string) => join(folder, name);
    await train(folder, ...tiny, quick, "--iterations=8", "--checkpoint-every=2", "--out=whole");

    const same = ["--fork=whole", "--checkpoint=4"];
    await train(folder, ...same, "--out=same");
    assert.deepEqual(step(at("same"), 8).tensors, step(at("whole"), 8).tensors);

    const { stderr } = await train(
      folder,
      ...[...same, "--set=updater.learning_rate=0.01", "--warm-up=6", "--out=slow"],
    );
    assert.match(
      stderr,
      /Forked from whole at iteration 4: updater\.learning_rate 0\.1 to 0\.01, /,
    );
    const [before, after] = [losses(at("whole")), losses(at("slow"))];
    assert.deepEqual([...after.keys()], [5, 6, 7, 8]);
    assert.equal(after.get(5), before.get(5), "the rate acts on the weights of the next batch");
    assert.notEqual(after.get(6), before.get(6));
    // Of a rise over 6 iterations, the fifth is next.
    const count = step(at("slow"), 8).tensors.get("optimizer/iterations")!.data;
    assert.deepEqual([...count], [8]);

    const lineage = readLineage(at("slow"))!;
    assert.ok(lineage.kind === "fork" && lineage.iteration === 4);
    assert.deepEqual(lineage.changed["updater.learning_rate"], [0.1, 0.01]);
    const shown = await runHebb(["evaluate", "slow", "--device=cpu"], { folder });
    assert.match(shown.stdout, /^Forked from whole at iteration 4: /m);
    assert.match(Deno.readTextFileSync(join(at("slow"), "report.html")), /Forked from whole at/);

    // A fork of a fork, resumed: from its own first checkpoint.
    await train(folder, "--fork=slow", "--iterations=10", "--out=again");
    Deno.removeSync(step(at("again"), 10).path);
    const expected = losses(at("again"));
    await train(folder, "--resume=again");
    assert.deepEqual(losses(at("again")), expected);
    const oldest = readLineage(at("again"))!;
    assert.ok(oldest.kind === "fork" && oldest.before?.kind === "fork");
  }),
);

Deno.test(
  "a fork of one network trains several rates from it, with another optimizer and batch",
  inTemporaryFolder(async (folder) => {
    await train(folder, ...tiny, quick, "--iterations=4", "--out=whole");
    await train(
      folder,
      ...["--fork=whole", "--sweep=updater.learning_rate=0.1,0.2", "--iterations=5"],
      ...["--set=updater.optimizer=sgd", "--batch-size=3", "--checkpoint-every=1", "--out=rates"],
    );
    const [whole, rates] = [step(join(folder, "whole"), 4), step(join(folder, "rates"), 4)];
    const one = [...whole.tensors.get("i2o/weight")!.data];
    assert.deepEqual([...rates.tensors.get("i2o/weight")!.data], [...one, ...one]);
    assert.deepEqual([...rates.tensors.get("learning_rate")!.data], [...Float32Array.of(0.1, 0.2)]);
    const lineage = readLineage(join(folder, "rates"))!;
    assert.ok(lineage.kind === "fork" && lineage.anew.includes("learning_rate"));

    await train(folder, "--fork=whole", "--updater=dfa", "--iterations=5", "--out=dfa");
    const other = readLineage(join(folder, "dfa"))!;
    assert.ok(other.kind === "fork");
    assert.deepEqual(other.changed["updater.name"], ["bptt", "dfa"]);
    assert.deepEqual(Object.keys(other.changed), ["updater.name", "training.iterations"]);

    await refused(
      folder,
      ["--fork=whole", "--hidden-size=5", "--iterations=9"],
      /cannot fork .*"linear_layers\/0\/weight" has the shape \[4, 13\] there and \[5, 14\] here/,
    );
    await refused(
      folder,
      ["--fork=whole"],
      /it has done 4 iterations, expected a larger --iterations/,
    );
    await refused(folder, ["--fork=whole", "--checkpoint=1"], /no checkpoint of iteration 1/);
    await refused(folder, ["--fork=whole", "--checkpoint=best"], /it keeps no best networks/);
    await refused(folder, ["--fork=whole", "--resume=whole"], /--fork begins a new run/);
    await refused(folder, ["--checkpoint=best", ...tiny], /--checkpoint has no meaning here/);
  }),
);

Deno.test(
  "first weights come from a file by name, for every replica",
  inTemporaryFolder(async (folder) => {
    const start = [...tiny, "--iterations=1", "--seeds=1,2", "--checkpoint-every=1"];
    for (const name of ["state.pt", "arrays.npz"]) {
      await train(folder, ...start, `--init-from=${golden(name)}`, `--out=${name}`);
    }
    const [torch, numpy] = ["state.pt", "arrays.npz"].map((run) => step(join(folder, run), 0));
    assert.deepEqual(torch!.tensors, numpy!.tensors);
    const weight = [...torch!.tensors.get("i2h/weight")!.data];
    const expected = Array.from({ length: 16 }, (_, place) => (place % 7 - 3 + 2) / 8);
    assert.deepEqual(weight, [...expected, ...expected]);

    const file = join(folder, "state.pt", "checkpoints", "step-000000000001.safetensors");
    await train(folder, ...start, `--init-from=${file}`, "--out=next");
    const [next, last] = [step(join(folder, "next"), 0), readCheckpoint(file)];
    assert.deepEqual(next.tensors.get("i2o/bias"), last.tensors.get("i2o/bias"));
    const shown = await runHebb(["evaluate", "next", "--device=cpu"], { folder });
    assert.match(shown.stdout, /^First weights from .*step-000000000001\.safetensors: /m);

    const from = (name: string) => [...tiny, `--init-from=${golden(name)}`];
    await refused(
      folder,
      from("parts.pt"),
      /it has none of the weights linear_layers\/0\/weight, /,
    );
    await refused(folder, from("code.pt"), /names "posix\.system", which .* is not run/);
    await refused(
      folder,
      [...from("state.pt"), "--set=model.hidden_size=5"],
      /"linear_layers\/0\/weight" has the shape \[4, 13\], expected \[5, 14\] or \[1, 5, 14\]/,
    );
    await refused(folder, [...from("state.pt"), "--resume=next"], /has its weights already/);
  }),
);

Deno.test(
  "the best networks are tested, judged and drawn, also after a resume; others on request",
  inTemporaryFolder(async (folder) => {
    const args = [...tiny, "--learning-rate=0.5", "--seeds=1,2", "--keep-best=loss"];
    const whole = await train(folder, ...args, "--iterations=12", "--out=whole");
    const at = /at iterations? (\d+)(?: to (\d+))?; kept and tested/.exec(whole.stdout);
    assert.ok(at && Number(at[1]) < 12, whole.stdout);
    const score = (text: string) => /^\S* *loss .*/m.exec(text)?.[0];
    const best = await runHebb(["evaluate", "whole", "--device=cpu"], { folder });
    assert.match(best.stderr, /note: the best networks by eval\/loss, of iteration/);
    assert.match(best.stdout, /the best networks by eval\/loss, of iteration/);
    const newest = await runHebb(["evaluate", "whole", "--device=cpu", "--checkpoint=newest"], {
      folder,
    });
    assert.match(newest.stdout, /network after 12 updates/);
    assert.ok(score(best.stdout));
    assert.notEqual(score(best.stdout), score(newest.stdout));
    assert.match(
      Deno.readTextFileSync(join(folder, "whole", "report.html")),
      /Tested and drawn: the best/,
    );

    await train(folder, ...args, "--iterations=6", "--out=parts");
    const parts = await train(folder, "--resume=parts", "--iterations=12");
    const line = (text: string) => text.split("\n").find((line) => line.startsWith("best eval"));
    assert.equal(line(parts.stdout), line(whole.stdout));
    const file = (run: string) =>
      readCheckpoint(join(folder, run, "checkpoints", "best.safetensors"));
    const weights = (run: string) => file(run).tensors.get("i2o/weight");
    assert.deepEqual(weights("parts"), weights("whole"));

    await refused(
      folder,
      [...tiny, "--keep-best=eval/los"],
      /--keep-best: expected a metric .*eval\/loss/,
    );
    await refused(
      folder,
      ["--task=continual_scene", "--keep-best=loss", "--device=cpu"],
      /--keep-best: networks of different levels cannot be compared/,
    );
  }),
);
