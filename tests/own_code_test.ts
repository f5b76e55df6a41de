/** A model and a task in a user's own folder, through every command that takes or needs them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { decodeCheckpoint } from "../store/files/checkpoint_format.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { assertRefused } from "./testing/assert_refused.ts";
import { type HebbResult, runHebb } from "./testing/run_hebb.ts";

const ownFolder = new URL("../examples/own/", import.meta.url);
const model = "own/hebbff.ts";
const task = "own/familiarity.ts";
const code = ["--model", model, "--task", task];
const small = ["--hidden=4", "--bits=5", "--steps=8", "--device=cpu", "--threads=1"];
const short = [
  "--test-sequences=20",
  "--evaluation-sequences=5",
  "--progress=none",
  "--log-every=10",
];

/** Copies the examples of own code into `own` below a folder. */
function copyOwn(folder: string): void {
  Deno.mkdirSync(join(folder, "own"));
  for (const name of ["hebbff.ts", "familiarity.ts"]) {
    const text = Deno.readTextFileSync(new URL(name, ownFolder));
    Deno.writeTextFileSync(join(folder, "own", name), text);
  }
}

const edit = (path: string, change: (text: string) => string) =>
  Deno.writeTextFileSync(path, change(Deno.readTextFileSync(path)));

async function succeeds(args: readonly string[], folder: string): Promise<HebbResult> {
  const result = await runHebb(args, { folder });
  assert.equal(result.code, 0, result.stderr);
  return result;
}

Deno.test(
  "own code: trained, judged, drawn and resumed from its files, and never without them",
  inTemporaryFolder(async (folder) => {
    copyOwn(folder);
    const iterations = (n: number) => `--iterations=${n}`;
    await succeeds(
      ["train", ...code, ...small, ...short, iterations(30), "--out", "run"],
      folder,
    );
    const config = JSON.parse(Deno.readTextFileSync(join(folder, "run/config.json")));
    assert.equal(config.model.name, model);
    assert.equal(config.updater.name, "bptt");
    assert.match(config.code.model, /^[0-9a-f]{64}$/);
    assert.equal(config.catalogue, undefined);

    const missing =
      /its task "own\/familiarity\.ts" is code of one's own; name its file.*--task FILE/;
    await assertRefused(["evaluate", "run"], { folder, says: missing });
    await assertRefused(["visualize", "run"], { folder, says: missing });
    await assertRefused(["train", "--resume", "run"], { folder, says: missing });
    await assertRefused(["evaluate", "run", "--task", task, "--model", "rnn"], {
      folder,
      says: /--model rnn: expected a file that ends in \.ts or \.js/,
    });

    const judged = await succeeds(["evaluate", "run", ...code, "--sequences=20"], folder);
    assert.match(judged.stdout, /accuracy/);
    await succeeds(["visualize", "run", ...code], folder);

    // The same code at another place is the same code.
    Deno.renameSync(join(folder, "own"), join(folder, "moved"));
    const moved = ["--model", "moved/hebbff.ts", "--task", "moved/familiarity.ts"];
    await succeeds(["train", "--resume", "run", ...moved, ...short, iterations(40)], folder);
    await succeeds(
      ["train", ...moved, ...small, ...short, iterations(40), "--out", "whole"],
      folder,
    );
    const tensors = (run: string) => {
      const path = join(folder, run, "checkpoints/step-000000000040.safetensors");
      return decodeCheckpoint(Deno.readFileSync(path), path).tensors;
    };
    assert.deepEqual(tensors("run"), tensors("whole"));

    // The settings of a run, for another one: its code is named again.
    const again = ["train", "--config", "run/config.json", "--dry-run"];
    const { stdout } = await succeeds([...again, ...moved], folder);
    assert.equal(JSON.parse(stdout).model.hidden, 4);
    await assertRefused([...again, ...moved.slice(0, 2)], {
      folder,
      says: /run\/config\.json: task\.name: the task is code of a file, "own\/fam.*--task FILE/,
    });

    edit(join(folder, "moved/hebbff.ts"), (text) => `${text}\n// Changed.\n`);
    const resume = ["train", "--resume", "run", ...moved, "--iterations=41"];
    await assertRefused(resume, { folder, says: /moved\/hebbff\.ts: its code has changed since/ });
    await succeeds([...resume, "--allow-changed-code"], folder);
  }),
);

Deno.test(
  "own code: a config file names it beside itself; its settings are options and are listed",
  inTemporaryFolder(async (folder) => {
    copyOwn(folder);
    const config = { model: { name: "hebbff.ts", hidden: 3 }, task: { name: "familiarity.ts" } };
    Deno.writeTextFileSync(join(folder, "own/run.json"), JSON.stringify(config));
    const shown = await succeeds(["train", "--config", "own/run.json", "--dry-run"], folder);
    const resolved = JSON.parse(shown.stdout);
    assert.deepEqual(resolved.model, { name: model, hidden: 3 });
    assert.equal(resolved.task.name, task);
    const help = await succeeds(["train", ...code, "--help"], folder);
    for (const flag of ["--hidden ", "--bits ", "--interval "]) {
      assert.ok(help.stdout.includes(flag), flag);
    }
    assert.ok(!help.stdout.includes("--residual-connection"));
    const summaries = [
      `Model ${model}: Feedforward network with Hebbian`,
      `Task ${task}: Tell patterns shown R`,
    ];
    for (const summary of summaries) assert.ok(help.stdout.includes(summary), summary);
  }),
);

Deno.test(
  "own code: files that are wrong are refused in one line, and nothing is written",
  inTemporaryFolder(async (folder) => {
    copyOwn(folder);
    const write = (name: string, text: string) =>
      Deno.writeTextFileSync(join(folder, "own", name), text);
    write("nothing.ts", "export const x = 1;\n");
    write("throws.ts", "const y = 1;\nthrow new Error('no luck' + y);\n");
    write("syntax.ts", "export const = 1;\n");
    write("net.ts", "await fetch('http://127.0.0.1:8099/');\n");
    const refusals: readonly [file: string, says: RegExp][] = [
      ["missing.ts", /own\/missing\.ts: there is no such file/],
      ["nothing.ts", /own\/nothing\.ts: it exports no model, expected what defineModel returns/],
      ["familiarity.ts", /own\/familiarity\.ts: it exports no model/],
      ["throws.ts", /own\/throws\.ts: no luck1 \(own\/throws\.ts:2:7\)/],
      ["syntax.ts", /own\/syntax\.ts: SyntaxError: Unexpected token .*\(own\/syntax\.ts:1:14\)/],
      ["net.ts", /own\/net\.ts: .*permission.*net access to "127\.0\.0\.1:8099"/],
    ];
    for (const [file, says] of refusals) {
      await assertRefused(["train", "--model", `own/${file}`, "--task", task], { folder, says });
    }
  }),
);
