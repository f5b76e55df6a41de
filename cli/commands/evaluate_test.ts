import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { runHebb } from "../../tests/testing/run_hebb.ts";
import { tinyArguments } from "../../tests/testing/tiny_run.ts";
import type { LevelEvaluation, SequenceEvaluation } from "../../analysis/evaluate/evaluation.ts";
import { writeSampleRun } from "../../report/visualization/testing/sample_run.ts";
import { levelConfig, writeLevelRun } from "../../analysis/evaluate/testing/level_run.ts";
import { linesOf, runMain } from "../testing/run_main.ts";

async function evaluate(...args: string[]) {
  const { code, out, err } = await runMain("evaluate", ...args);
  return { code, out: linesOf(out), err: linesOf(err) };
}

const quick = ["--device=reference", "--scenes=60"];

/** Every file below a folder, with its bytes. */
function contents(folder: string): Map<string, string> {
  return new Map([...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = join(folder, name);
    return isDirectory ? [...contents(path)] : [[path, Deno.readFileSync(path).toHex()]];
  }));
}

const readEvaluation = (folder: string) =>
  JSON.parse(Deno.readTextFileSync(join(folder, "evaluation.json")));

Deno.test(
  "evaluate: a line a level, two files, and nothing else in the folder changes",
  inTemporaryFolder(async (folder) => {
    writeLevelRun(join(folder, "run"), { config: levelConfig(), levels: [1, 2] });
    const before = contents(join(folder, "run"));
    const { code, stdout, stderr } = await runHebb(["evaluate", "run", ...quick], { folder });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^device: reference/);
    assert.match(stderr, /^movie 1 of 2: 60 scenes at R = 1, network of level 1, seed 1$/m);
    const [title, heads, first, second, last] = stdout.split("\n");
    assert.equal(title, "fresh movies of 60 scenes, seed 1:");
    assert.match(heads!, /^R +updates +accuracy +FP % +FN % +holds$/);
    const rate = String.raw`\d+\.\d\d \[\d+\.\d\d, \d+\.\d\d\]`;
    const row = String.raw`0\.\d{4} \[0\.\d{4}, 0\.\d{4}\] +${rate} +${rate} +no$`;
    assert.match(first!, new RegExp(`^1 +100 +${row}`));
    assert.match(second!, new RegExp(`^2 +200 +${row}`));
    assert.equal(last, "evaluation: run/evaluation.html");

    const after = contents(join(folder, "run"));
    for (const name of ["evaluation.html", "evaluation.json"]) {
      assert.ok(after.delete(join(folder, "run", name)), name);
    }
    assert.deepEqual(after, before);
    const evaluation: LevelEvaluation = readEvaluation(join(folder, "run"));
    assert.deepEqual(evaluation.bounds, {
      accuracy: 0.985,
      false_positive_rate: 0.01,
      false_negative_rate: 0.03,
    });
    assert.deepEqual(evaluation.movies.map(({ level, interval }) => [level, interval]), [[1, 1], [
      2,
      2,
    ]]);
    assert.deepEqual(evaluation.curve, []);
  }),
);

Deno.test(
  "evaluate: options choose the networks, the R of the movies, and the seed",
  inTemporaryFolder(async (folder) => {
    const config = levelConfig({ seeds: [3, 8] });
    writeLevelRun(folder, { config, levels: [1, 2, 4] });
    const judged = async (...args: string[]) => {
      const { code, out, err } = await evaluate(folder, ...quick, "--json", ...args);
      assert.equal(code, 0, err.join("\n"));
      const evaluation: LevelEvaluation = JSON.parse(out.join("\n"));
      assert.deepEqual(evaluation, readEvaluation(folder));
      const key = ({ seed, level, interval }: LevelEvaluation["movies"][number]) =>
        `${seed}: ${level} at ${interval}`;
      return { movies: evaluation.movies.map(key), curve: evaluation.curve.map(key), evaluation };
    };
    const everything = await judged();
    assert.deepEqual(
      everything.movies,
      [3, 8].flatMap((seed) => [1, 2, 4].map((level) => `${seed}: ${level} at ${level}`)),
    );
    const highest = await judged("--interval", "7,9", "--seed", "8");
    assert.deepEqual(highest.movies, ["8: 4 at 7", "8: 4 at 9"]);
    const chosen = await judged("--level=1-2", "--interval=5", "--seed=3");
    assert.deepEqual(chosen.movies, ["3: 1 at 5", "3: 2 at 5"]);
    assert.deepEqual(chosen.curve, []);

    const curve = await judged("--level=2", "--seed=3", "--curve", "--curve-scenes=40");
    assert.deepEqual(curve.curve, [1, 2, 3, 4].map((interval) => `3: 2 at ${interval}`));
    assert.ok(curve.evaluation.curve.every(({ scenes }) => scenes === 40));
    const asked = await judged("--seed=3", "--curve", "2,6", "--curve-scenes=40");
    assert.deepEqual(asked.curve, ["3: 4 at 2", "3: 4 at 6"]);
    // As many R as the short movies have room for.
    const short = await judged("--seed=3", "--curve", "--curve-scenes=5");
    assert.equal(short.curve.length, 4);
    assert.deepEqual(await judged(), everything);
  }),
);

Deno.test(
  "evaluate: what cannot be judged is one line and exit code 2, and writes nothing",
  inTemporaryFolder(async (folder) => {
    const [run, empty, untrained] = ["run", "empty", "untrained"].map((name) => join(folder, name));
    writeLevelRun(run!, { config: levelConfig(), levels: [1, 2, 3, 5] });
    writeLevelRun(untrained!, { config: levelConfig(), levels: [] });
    Deno.mkdirSync(empty!);
    const cases: [args: string[], says: RegExp][] = [
      [[], /^error: evaluate: .*DIR/],
      [[run!, "--scenes=many"], /^error: evaluate: .*integer/],
      [[empty!], /^error: cannot read .*empty: it holds no run \(no config\.json\)$/],
      [[join(empty!, "none")], /it holds no run/],
      [[join(run!, "config.json")], /it is a file, expected a folder of a run$/],
      [[untrained!], /^error: cannot read .*: it has no checkpoint yet$/],
      [
        [untrained!, "--level=2"],
        /^error: --level 2: the run has not passed it; passed: none yet$/,
      ],
      [[run!, "--level=newest"], /^error: cannot read .*: it has no checkpoint yet$/],
      [[run!, "--level=newest,2"], /^error: --level: "newest" is no number/],
      [[run!, "--level", "4"], /^error: --level 4: the run has not passed it; passed: 1-3, 5$/],
      [[run!, "--seed", "2"], /^error: --seed 2: the run has no such seed; it has 1$/],
      [[run!, "--interval", "x"], /^error: --interval: "x" is no number/],
      [
        [run!, "--interval", "60", "--scenes", "60"],
        /^error: R = 60 is too large for a movie of 60 scenes: .* --scenes of at least 61$/,
      ],
      [[run!, "--scenes=5"], /^error: R = 5 is too large for a movie of 5 scenes/],
      [
        [run!, "--curve=30", "--curve-scenes=20", "--scenes=60"],
        /^error: R = 30 is too large .* --curve-scenes of at least 31$/,
      ],
      [
        [run!, "--sequences=5"],
        /^error: --sequences has no meaning here: .* are movies, --scenes says how long$/,
      ],
      [[run!, "--curve-scenes=9"], /^error: --curve-scenes has no meaning here: .* no --curve$/],
    ];
    const before = contents(folder);
    for (const [args, says] of cases) {
      const { code, out, err } = await evaluate("--device=reference", ...args);
      assert.equal(code, 2, args.join(" "));
      assert.deepEqual(out, [], args.join(" "));
      assert.equal(err.length, 1, err.join("\n"));
      assert.match(err[0]!, says);
    }
    assert.deepEqual(contents(folder), before);
  }),
);

Deno.test(
  "evaluate: a damaged level file, or one of another network, is told by name",
  inTemporaryFolder(async (folder) => {
    writeLevelRun(folder, { config: levelConfig(), levels: [1, 2] });
    const path = join(folder, "levels", "level-0002-seed-1.safetensors");
    const bytes = Deno.readFileSync(path);
    const torn = bytes.slice();
    torn[torn.length - 5]! ^= 1;
    for (const damaged of [torn, bytes.subarray(0, -9), new Uint8Array()]) {
      Deno.writeFileSync(path, damaged);
      const { code, err } = await evaluate(folder, ...quick);
      assert.equal(code, 2);
      assert.equal(err.length, 1, err.join("\n"));
      assert.ok(err[0]!.startsWith(`error: ${path}: `), err[0]);
      // The other level is whole.
      assert.equal((await evaluate(folder, ...quick, "--level=1")).code, 0);
    }
    Deno.writeFileSync(path, bytes);
    const config = levelConfig();
    const wider = { ...config, model: { ...config.model, hidden_dims: [6, 5] } };
    Deno.writeTextFileSync(join(folder, "config.json"), JSON.stringify(wider));
    const { code, err } = await evaluate(folder, ...quick);
    assert.equal(code, 2);
    assert.match(err.at(-1)!, /^error: .*level-0001.*: does not hold "weight_matrix_list\.1" of/);
  }),
);

/** Settings of a run of a few units, for the writer of runs with a checkpoint. */
const tiny = (task: Readonly<Record<string, unknown>>, seeds = [5, 6]) => ({
  task: { name: "continual_scene", vec_len: 7, ...task },
  model: { name: "hybrid", hidden_dims: [6, 4] },
  updater: { name: "bptt" },
  training: { seeds, iterations: 40 },
});

Deno.test(
  "evaluate: before a level is passed, or as asked for, the newest checkpoint is judged",
  inTemporaryFolder(async (folder) => {
    writeSampleRun(folder, { checkpoint: true, settings: tiny({ interval: 3 }) });
    const judged = async (...args: string[]) => {
      const { code, out, err } = await evaluate(folder, ...quick, ...args);
      assert.equal(code, 0, err.join("\n"));
      const evaluation: LevelEvaluation = readEvaluation(folder);
      const key = ({ seed, level, passed, interval, updates }: LevelEvaluation["movies"][number]) =>
        `${seed}: ${passed ? "level" : "newest"} ${level} at ${interval}, ${updates}`;
      return {
        movies: evaluation.movies.map(key),
        curve: evaluation.curve.map(key),
        out,
        evaluation,
      };
    };
    const first = await judged();
    assert.deepEqual(first.movies, ["5: newest 3 at 3, 40", "6: newest 3 at 3, 40"]);
    assert.match(first.out[0]!, /^fresh movies of 60 scenes, level newest \(3\), updates 40:$/);
    assert.deepEqual((await judged("--level=newest")).evaluation, first.evaluation);
    const other = await judged("--seed=6", "--interval=2,9", "--curve=1,4", "--curve-scenes=30");
    assert.deepEqual(other.movies, ["6: newest 3 at 2, 40", "6: newest 3 at 9, 40"]);
    assert.deepEqual(other.curve, ["6: newest 3 at 1, 40", "6: newest 3 at 4, 40"]);
    assert.match(
      Deno.readTextFileSync(join(folder, "evaluation.html")),
      /The newest network, trained at R = 3, seed|The newest network, trained at R = 3 /,
    );
    // Seeds have networks of their own.
    const [seed5, seed6] = first.evaluation.movies;
    assert.notEqual(seed5!.loss, seed6!.loss);

    Deno.removeSync(folder, { recursive: true });
    writeSampleRun(folder, { levels: [3, 4], checkpoint: true, settings: tiny({ interval: 3 }) });
    assert.deepEqual((await judged()).movies, ["5: level 3 at 3, 30", "5: level 4 at 4, 40"]);
    assert.deepEqual((await judged("--level=newest", "--seed=5")).movies, ["5: newest 3 at 3, 40"]);
    assert.deepEqual((await judged("--seed=6")).movies, ["6: newest 3 at 3, 40"]);
  }),
);

for (const name of ["continual_scene", "single_frame_familiarity"]) {
  Deno.test(
    `evaluate: a run of ${name} without levels is judged on movies`,
    inTemporaryFolder(async (folder) => {
      const settings = tiny({ name, curriculum: false, interval: 4 }, [5]);
      writeSampleRun(folder, { checkpoint: true, settings });
      for (const [args, intervals] of [[[], [4]], [["--interval=1,9"], [1, 9]]] as const) {
        const { code, err } = await evaluate(folder, ...quick, ...args);
        assert.equal(code, 0, err.join("\n"));
        const { movies }: LevelEvaluation = readEvaluation(folder);
        assert.deepEqual(movies.map(({ interval }) => interval), intervals);
        assert.ok(
          movies.every(({ scenes, level, passed }) => scenes === 60 && level === 4 && !passed),
        );
      }
      const { code, err } = await evaluate(folder, "--level=2");
      assert.equal(code, 2);
      assert.match(err[0]!, /^error: --level 2: the run has not passed it; passed: none yet$/);
    }),
  );
}

Deno.test(
  "evaluate: a target that cannot be written is told before anything is judged",
  inTemporaryFolder(async (folder) => {
    writeLevelRun(folder, { config: levelConfig(), levels: [1] });
    for (const name of ["evaluation.json", "evaluation.html"]) {
      Deno.mkdirSync(join(folder, name));
      const { code, out, err } = await evaluate(folder, ...quick);
      Deno.removeSync(join(folder, name));
      assert.equal(code, 2);
      assert.deepEqual(out, []);
      assert.equal(err.length, 1, err.join("\n"));
      assert.match(err[0]!, new RegExp(`^error: cannot write .*${name}: it is a folder`));
    }
    assert.equal((await evaluate(folder, ...quick)).code, 0);
  }),
);

for (const updater of ["dfa", "bptt"]) {
  Deno.test(
    `evaluate: a task without levels is judged by ${updater} itself, as at the end of the training`,
    inTemporaryFolder(async (folder) => {
      const args = [...tinyArguments, `--updater=${updater}`, "--device=reference"];
      const settings = ["--iterations=10", "--seed=4,9", "--out=run"];
      const trained = await runHebb([...args, ...settings], { folder });
      assert.equal(trained.code, 0, trained.stderr);
      const run = join(folder, "run");
      const { metrics } = JSON.parse(Deno.readTextFileSync(join(run, "status.json")));
      const { code, out, err } = await evaluate(run, "--device=reference", "--sequences=3");
      assert.equal(code, 0, err.join("\n"));
      // Batches of 2 make 4 of 3.
      assert.match(
        out[0]!,
        /^4 fresh sequences, network after 10 updates \(chance of recall_accuracy 0\.\d{4}, /,
      );
      assert.match(out[2]!, /^4 +recall_accuracy +[01]\.\d{4} \[.*\] +\d+ of \d+$/);
      const evaluation: SequenceEvaluation = readEvaluation(run);
      assert.deepEqual(evaluation.networks.map(({ seed }) => seed), [4, 9]);
      evaluation.networks.forEach(({ loss, proportions }, replica) => {
        assert.equal(loss, metrics["test/loss"][replica]);
        for (const [name, { share, low, high }] of Object.entries(proportions)) {
          assert.equal(share, metrics[`test/${name}`][replica], name);
          assert.ok(low <= share! && share! <= high);
        }
      });
      const one = await evaluate(run, "--device=cpu", "--threads=1", "--seed=9");
      assert.equal(one.code, 0, one.err.join("\n"));
      assert.deepEqual((readEvaluation(run) as SequenceEvaluation).networks.length, 1);

      for (
        const [refused, says] of [
          [["--seed=5"], /^error: --seed 5: the run has no such seed; it has 4, 9$/],
          [["--curve"], /^error: --curve has no meaning here: .* has no levels$/],
        ] as const
      ) {
        const { code, err } = await evaluate(run, ...refused);
        assert.equal(code, 2);
        assert.equal(err.length, 1);
        assert.match(err[0]!, says);
      }
      for (const { name } of Deno.readDirSync(join(run, "checkpoints"))) {
        Deno.truncateSync(join(run, "checkpoints", name), 100);
      }
      const torn = await evaluate(run);
      assert.equal(torn.code, 2);
      assert.match(torn.err.join("\n"), /^error: cannot read .*damaged checkpoint: .*$/);
      Deno.removeSync(join(run, "checkpoints"), { recursive: true });
      const none = await evaluate(run);
      assert.equal(none.code, 2);
      assert.match(none.err[0]!, /^error: cannot read .*: it has no checkpoint yet$/);
    }),
  );
}
