/** Checkpoints whose seal is right and whose content is not: of another version, or made by hand. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { writeSampleRun } from "../../report/visualization/testing/sample_run.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../store/files/checkpoint_format.ts";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { errorsOf, outcomeProblem, runCommand } from "./run_command.ts";

/** Runs a command line; expects one line on standard error and exit code 2. */
async function refused(args: readonly string[], says: RegExp): Promise<void> {
  const outcome = await runCommand(args);
  assert.equal(outcomeProblem(outcome, 0), undefined);
  assert.equal(outcome.code, 2, `${args.join(" ")}: ${outcome.lines.join("\n")}`);
  assert.match(errorsOf(outcome)[0]!, says);
}

const device = "--device=reference";
const checkpoint = "checkpoints/step-000000000040.safetensors";

Deno.test(
  "checkpoints that are sealed but wrong are refused with file, tensor and reason",
  inTemporaryFolder(async (root) => {
    const run = join(root, "run");
    writeSampleRun(run, { checkpoint: true });
    const path = join(run, checkpoint);
    const whole = decodeCheckpoint(Deno.readFileSync(path), path);
    const [name, tensor] = [...whole.tensors].find(([, { shape }]) =>
      shape.length === 3 && shape[0] !== shape[2]
    )!;
    const resume = ["train", "--resume", run, "--progress=none"];
    const judge = ["evaluate", run, device];
    const write = (changes: Partial<typeof whole>) =>
      Deno.writeFileSync(path, encodeCheckpoint({ ...whole, ...changes }));
    const tensors = new Map(whole.tensors);
    const { curriculum: _, ...metadata } = whole.metadata;

    tensors.delete(name);
    write({ tensors });
    const missing = new RegExp(`safetensors: does not hold "${name}" .*there is no such tensor`);
    for (const command of [resume, judge]) await refused(command, missing);

    const turned = { ...tensor, shape: [...tensor.shape].reverse() };
    write({ tensors: new Map(whole.tensors).set(name, turned) });
    const shape = new RegExp(`"${name}" .*its shape is \\[${turned.shape.join(", ")}\\], expected`);
    for (const command of [resume, judge]) await refused(command, shape);

    write({ metadata });
    for (const command of [resume, judge]) await refused(command, /has no curriculum, which its/);

    write({ metadata: { ...metadata, curriculum: '{"level":[1]}' } });
    for (const command of [resume, judge]) {
      await refused(command, /its curriculum: streak: expected a list$/);
    }

    const curriculum = JSON.parse(whole.metadata["curriculum"]!);
    for (const wrong of [{ level: [0] }, { level: [1e9], passed: [1e9] }, { since: [41] }]) {
      write({
        metadata: { ...metadata, curriculum: JSON.stringify({ ...curriculum, ...wrong }) },
      });
      for (const command of [resume, judge]) {
        await refused(command, /its curriculum says of replica 0 what 40 updates do not come to/);
      }
    }

    write({ metadata: { ...whole.metadata, high_loss_intervals: "1e300" } });
    await refused(resume, /its high_loss_intervals is "1e300", expected a whole number/);

    const late = JSON.stringify([{ replica: 0, iteration: 41, names: [] }]);
    write({ metadata: { ...whole.metadata, divergences: late } });
    for (const command of [resume, judge]) {
      await refused(command, /its divergences name a replica twice, or an update after 40/);
    }

    write({ metadata: { ...whole.metadata, owed_row: '{"train/loss": "soon"}' } });
    await refused(resume, /its owed_row\.train\/loss is no number/);

    write({ metadata: { ...whole.metadata, seconds: "soon" } });
    await refused(resume, /its seconds is "soon", expected/);

    const broken = { ...tensor, data: tensor.data.slice().fill(NaN, 1, 2) };
    write({ tensors: new Map(whole.tensors).set(name, broken) });
    const nan = new RegExp(`safetensors: tensor ${name} is NaN at 1`);
    for (const command of [resume, judge]) await refused(command, nan);
  }),
);

Deno.test(
  "a checkpoint without the averages that its networks are judged by is refused",
  inTemporaryFolder(async (root) => {
    const run = join(root, "run");
    writeSampleRun(run, {
      checkpoint: true,
      settings: {
        task: { name: "continual_scene", vec_len: 7 },
        model: { name: "hybrid", hidden_dims: [6, 4] },
        updater: { name: "bptt", average_share: 0.9 },
        training: { iterations: 40 },
      },
    });
    const path = join(run, checkpoint);
    const whole = decodeCheckpoint(Deno.readFileSync(path), path);
    const without = [...whole.tensors].filter(([name]) => !name.startsWith("average/"));
    Deno.writeFileSync(path, encodeCheckpoint({ ...whole, tensors: new Map(without) }));
    for (const command of [["train", "--resume", run, "--progress=none"], ["evaluate", run]]) {
      await refused(
        [...command, "--device=cpu"],
        /does not hold "average\/.*there is no such tensor$/,
      );
    }
  }),
);
