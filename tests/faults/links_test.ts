/** No command reads or writes through a link in a run folder, nor takes a folder for a file. */
import assert from "node:assert/strict";
import { mock } from "node:test";
import { basename, dirname, join } from "node:path";
import { main } from "../../cli/main.ts";
import { writeSampleRun } from "../../report/visualization/testing/sample_run.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../store/files/checkpoint_format.ts";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";

const secret = "the secret";

/** Runs a command line; expects one line on standard error and exit code 2. */
async function refused(args: readonly string[], says: RegExp): Promise<void> {
  const err = mock.method(console, "error", () => {});
  const out = mock.method(console, "log", () => {});
  try {
    const code = await main(args);
    const lines = err.mock.calls.map((call) => String((call.arguments as unknown[])[0]));
    const errors = lines.filter((line) => line.startsWith("error: "));
    assert.equal(code, 2, `${args.join(" ")}: ${lines.join("\n")}`);
    assert.equal(errors.length, 1);
    assert.match(errors[0]!, says);
    assert.doesNotMatch(errors[0]!, /\n|the secret/);
  } finally {
    err.mock.restore();
    out.mock.restore();
  }
}

const device = "--device=reference";
const checkpoint = "checkpoints/step-000000000040.safetensors";
const level = "levels/level-0001-seed-5.safetensors";

/** For each path of a run, the commands that read or write it. */
const users: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "config.json": [["report", "run"], ["evaluate", "run", device], ["train", "--resume", "run"]],
  "environment.json": [["report", "run"], ["train", "--resume", "run"]],
  "status.json": [["report", "run"], ["train", "--resume", "run"]],
  "metrics.jsonl": [["report", "run"], ["train", "--resume", "run"]],
  "figures.json": [["report", "run"], ["train", "--resume", "run"]],
  "report.html": [["report", "run"], ["train", "--resume", "run"]],
  ".lock": [["train", "--resume", "run"]],
  "evaluation.json": [["evaluate", "run", device]],
  "visualization.html": [["visualize", "run", device]],
  [checkpoint]: [["evaluate", "run", device, "--level=newest"], ["train", "--resume", "run"]],
  [level]: [["evaluate", "run", device], ["visualize", "run", device], [
    "train",
    "--resume",
    "run",
  ]],
  "checkpoints": [["evaluate", "run", device, "--level=newest"], ["train", "--resume", "run"]],
  "levels": [["evaluate", "run", device], ["train", "--resume", "run"]],
  "images/R_1": [["visualize", "run", device, "--images=svg"]],
  "images": [["visualize", "run", device, "--images=svg"]],
};

function entries(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test(
  "links and folders at every path of a run: every command that meets one is refused",
  inTemporaryFolder(async (root) => {
    const before = Deno.cwd();
    Deno.chdir(root);
    try {
      writeSampleRun("whole", { levels: [1], checkpoint: true });
      Deno.mkdirSync("elsewhere");
      Deno.writeTextFileSync("elsewhere/.tmp-1-ab", secret);
      Deno.writeTextFileSync("elsewhere/secret", secret);
      for (const [path, commands] of Object.entries(users)) {
        for (const kind of ["link", "folder"] as const) {
          const isFolder = !basename(path).includes(".");
          if (isFolder && kind === "folder") continue;
          await copyWithout("whole", path);
          const target = join("run", path);
          Deno.mkdirSync(dirname(target), { recursive: true });
          const linked = join(root, "elsewhere", isFolder ? "" : "secret");
          if (kind === "link") Deno.symlinkSync(linked, target);
          else Deno.mkdirSync(target);
          const problem = kind === "link" ? "a symbolic link" : "a folder";
          for (const command of commands) {
            await refused(command, new RegExp(`${basename(path)}.* is ${problem}, expected a`));
          }
          assert.deepEqual(entries("elsewhere"), [".tmp-1-ab", "secret"]);
          assert.equal(Deno.readTextFileSync("elsewhere/secret"), secret);
          Deno.removeSync("run", { recursive: true });
        }
      }
    } finally {
      Deno.chdir(before);
    }
  }),
);

/** Copies a run to `run`, without one of its paths. */
async function copyWithout(from: string, without: string, to = "run"): Promise<void> {
  Deno.mkdirSync(to);
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    const [path, copy] = [join(from, name), join(to, name)];
    if (copy === join("run", without)) continue;
    if (isDirectory) await copyWithout(path, without, copy);
    else Deno.copyFileSync(path, copy);
  }
}

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
    for (const command of [resume, judge]) await refused(command, /its curriculum\.streak: /);

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
