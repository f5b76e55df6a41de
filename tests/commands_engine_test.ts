/** Lines of commands.txt, each run by a shell from another folder, do what the pool of this machine does. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { runHebb } from "./testing/run_hebb.ts";
import { outcome } from "./testing/tiny_run.ts";

const comparison = [
  ...["compare", "--task", "1_small_palindrome", "--models", "rnn", "--updaters", "bptt"],
  ...["--vary", "updater.learning_rate=0.01,0.02,0.03", "--set", "model.hidden_size=3"],
  ...["--set", "training.batch_size=2", "--set", "training.evaluation_sequences=4"],
  ...["--seeds", "1,2", "--device", "reference", "--iterations", "30", "--progress", "none"],
];
const runs = ["0.01", "0.02", "0.03"].map((rate) => `rnn-bptt-learning-rate-${rate}-seeds-1-2`);

Deno.test({
  name: "commands: every line runs alone from any folder, again without harm, with equal bits",
  ignore: Deno.build.os === "windows",
  fn: inTemporaryFolder(async (folder) => {
    const compare = async (...more: string[]) => {
      const flags = ["--allow-run=deno"];
      const { code, stdout, stderr } = await runHebb([...comparison, ...more], { folder, flags });
      assert.equal(code, 0, stderr);
      return stdout;
    };
    const sh = async (line: string) => {
      const { code, stdout, stderr } = await new Deno.Command("sh", {
        args: ["-c", line],
        cwd: "/",
        // Without a path to Deno.
        env: { PATH: "/usr/bin:/bin" },
      }).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      assert.equal(code, 0, text(stderr));
      return text(stdout);
    };
    const listed = [...comparison, "--out", "runs/it's listed", "--engine", "commands"];
    const options = { folder, flags: ["--deny-run"] };
    const made = await runHebb([...listed, "--per-task", "2"], options);
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /^2 commands, one a line: runs\/it's listed\/commands.txt\n$/);
    assert.match(made.stderr, /^jobs: 3 new$/m);
    const text = Deno.readTextFileSync(join(folder, "runs/it's listed/commands.txt"));
    const lines = text.trimEnd().split("\n");
    assert.match(lines[1]!, / --shard 2\/2$/);
    assert.equal(await sh(lines[1]!), `done: ${runs[1]}, ${runs[2]}\n`);
    // What is done is not listed again.
    const again = await runHebb([...listed, "--per-task", "2", "--dry-run"], options);
    assert.equal(again.stdout, `${lines[0]}\n`);
    assert.equal(await sh(lines[0]!), `done: ${runs[0]}\n`);
    assert.equal(await sh(lines[0]!), `done: ${runs[0]}\n`);
    assert.match((await runHebb(listed, options)).stdout, /^nothing is left to do$/m);

    await compare("--out", "runs/local");
    for (const name of runs) {
      const [left, right] = ["it's listed", "local"].map((out) => join(folder, "runs", out, name));
      assert.deepEqual(outcome(left!), outcome(right!), name);
    }
  }),
});

Deno.test(
  "commands: a search has as many workers as its points take, a grid as many as its runs",
  inTemporaryFolder(async (folder) => {
    const parameters =
      "parameters: { learning_rate: { values: [0.01, 0.02, 0.03, 0.04, 0.05] } }\n";
    const metric = "metric: { name: loss, goal: minimize }\n";
    // The name of the job is one word, whatever the file says.
    const title = 'name: "rates\\n$(and) more"\n';
    Deno.writeTextFileSync(join(folder, "grid.yaml"), `${title}method: grid\n${parameters}`);
    Deno.writeTextFileSync(
      join(folder, "bayes.yaml"),
      `method: bayes\nrun_cap: 4\n${metric}${parameters}`,
    );
    const linesOf = async (file: string, ...more: string[]) => {
      const args = ["sweep", file, "--dry-run", ...more, "--"];
      const settings = ["--task=1_small_palindrome", "--model=rnn", "--updater=bptt"];
      const { code, stdout, stderr } = await runHebb([...args, ...settings], { folder });
      assert.equal(code, 0, stderr);
      return stdout.trim().split("\n").map((line) => line.replace(/.* sweep /, ""));
    };
    const worker = "--jobs 1 --threads 1 --device cpu --shard";
    assert.deepEqual(
      await linesOf("grid.yaml", "--engine=commands", "--networks=2", "--folder=runs/grid"),
      [1, 2, 3].map((number) => `--resume runs/grid ${worker} ${number}/3`),
    );
    assert.deepEqual(
      await linesOf("bayes.yaml", "--engine=commands", "--per-task=2"),
      [1, 2].map((number) => `--resume runs/bayes ${worker} ${number}/2`),
    );
    const script = await linesOf("grid.yaml", "--engine=slurm");
    assert.equal(script[2], "#SBATCH --job-name=rates_and_more");
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      "bayes.yaml",
      "grid.yaml",
    ]);
  }),
);
