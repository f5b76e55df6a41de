/** `evaluate --fast`: networks with their fast weights on, off and carried. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { SequenceEvaluation } from "../../analysis/evaluate/evaluation.ts";
import { writeSampleRun } from "../../report/visualization/testing/sample_run.ts";
import { openRun } from "../../runner/open_run.ts";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { runHebb } from "../../tests/testing/run_hebb.ts";
import { tinyArguments } from "../../tests/testing/tiny_run.ts";

const train = (folder: string, ...args: string[]) =>
  runHebb([...tinyArguments, "--device=reference", "--iterations=30", ...args], { folder });

Deno.test(
  "evaluate --fast: ways side by side, the same on the cpu, in files and for scripts",
  inTemporaryFolder(async (folder) => {
    const trained = await train(folder, "--seed=4,9", "--plast-clip=20", "--out=run");
    assert.equal(trained.code, 0, trained.stderr);
    const judged = async (device: string) => {
      const options = ["--sequences=20", "--fast=on,off,carried,all", `--device=${device}`];
      const { code, stdout, stderr } = await runHebb(["evaluate", "run", ...options], { folder });
      assert.equal(code, 0, stderr);
      const text = Deno.readTextFileSync(join(folder, "run", "evaluation.json"));
      return { lines: stdout.split("\n"), evaluation: JSON.parse(text) as SequenceEvaluation };
    };
    const { lines, evaluation } = await judged("reference");
    const ways = evaluation.fast_weights!;
    assert.deepEqual(ways.map(({ mode }) => mode), ["on", "off", "carried", "all"]);
    const [on, off, carried, all] = ways.map(({ networks }) => networks);
    all!.forEach(({ differences: _, ...network }, replica) =>
      assert.deepEqual(network, evaluation.networks[replica])
    );
    for (const replica of [0, 1]) {
      const losses = [on, off, carried, all].map((networks) => networks![replica]!.loss!);
      assert.equal(new Set(losses).size, 4, "each way is another network");
      assert.deepEqual(on![replica]!.differences, {});
      const { value, interval } = off![replica]!.differences["loss"]!;
      assert.ok(Math.abs(value! - (losses[0]! - losses[1]!)) < 1e-12);
      assert.ok(interval!.low < value! && value! < interval!.high);
    }
    const at = lines.indexOf("fast weights, on the same sequences:");
    assert.match(
      lines[at + 1]!,
      /^metric +seed +on \[95 %\] .* all \[95 %\] +on - off \[95 %\] +on - carried .* on - all/,
    );
    assert.match(lines[at + 4]!, /^recall_accuracy +mean of 2 /);
    assert.match(
      Deno.readTextFileSync(join(folder, "run", "evaluation.html")),
      /<h2>What the fast weights carry<\/h2>/,
    );
    const cpu = (await judged("cpu")).evaluation.fast_weights!;
    cpu.forEach(({ networks }, way) =>
      networks.forEach(({ loss }, replica) => {
        const expected = ways[way]!.networks[replica]!.loss!;
        assert.ok(Math.abs(loss! - expected) < 1e-4 * expected, `${cpu[way]!.mode}: ${loss}`);
      })
    );
    const script = await (await openRun(join(folder, "run"))).evaluate({
      ...{ seed: 9, sequences: 20, device: "reference", fastWeights: ["on", "off"] },
    });
    assert.ok(script.kind === "sequences");
    const [first, second] = script.fast_weights!;
    assert.deepEqual(first!.networks, [on![1]]);
    assert.deepEqual(second!.networks, [off![1]]);
  }),
);

Deno.test(
  "evaluate --fast: what has no fast weights to switch off is one line, and nothing is written",
  inTemporaryFolder(async (folder) => {
    assert.equal((await train(folder, "--updater=bptt", "--out=bptt")).code, 0);
    assert.equal((await train(folder, "--out=dfa")).code, 0);
    assert.equal((await train(folder, "--model=binding", "--out=binding")).code, 0);
    writeSampleRun(join(folder, "movies"), {
      checkpoint: true,
      settings: {
        task: { name: "continual_scene", vec_len: 7, interval: 3 },
        model: { name: "hybrid", hidden_dims: [6, 4] },
        updater: { name: "bptt" },
        training: { seeds: [5], iterations: 40 },
      },
    });
    const cases = [
      ["bptt", "on,off", /^error: fast weights: updater bptt writes none of model ethereal while/],
      ["binding", "on,off", /writes none of model binding .* \(forward1, .* backward2\) is state$/],
      ["dfa", "on,of", /^error: --fast: expected some of all, on, .*, got "of" \(did you mean/],
      ["dfa", "on,off,on", /^error: --fast: on is given twice$/],
      ["movies", "on,off", /^error: --fast has no meaning here: .* are movies/],
    ] as const;
    for (const [run, fast, says] of cases) {
      const options = [`--fast=${fast}`, "--device=reference"];
      const { code, stdout, stderr } = await runHebb(["evaluate", run, ...options], { folder });
      assert.deepEqual([code, stdout], [2, ""], stderr);
      assert.match(stderr.trim(), says);
      assert.ok(![...Deno.readDirSync(join(folder, run))].some(({ name }) => /^eval/.test(name)));
    }
  }),
);
