/** A task of one's own that reads a table, through the commands; what is held out is never trained. */
import assert from "node:assert/strict";
import { join } from "node:path";
import regression from "../examples/own/csv_regression.ts";
import leaky from "../examples/own/leaky_rnn.ts";
import { drawAhead } from "../config/build/draw_ahead.ts";
import { createBatches } from "../core/training/batches.ts";
import { drawSequence, type Split } from "../core/training/task.ts";
import { recordings } from "../data/testing/recordings.ts";
import { openRun } from "../runner/open_run.ts";
import { decodeCheckpoint } from "../store/files/checkpoint_format.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { forwardProgram } from "../updaters/forward_only.ts";
import { assertRefused } from "./testing/assert_refused.ts";
import { runHebb } from "./testing/run_hebb.ts";

const ownFolder = new URL("../examples/own/", import.meta.url);
const code = ["--model", "own/leaky_rnn.ts", "--task", "own/csv_regression.ts"];
const short = [
  "--device=cpu",
  "--threads=1",
  "--hidden=4",
  "--batch-size=128",
  "--test-sequences=1000",
  "--evaluation-sequences=0",
  "--progress=none",
];

function copyOwn(folder: string): void {
  Deno.mkdirSync(join(folder, "own"));
  for (const name of ["leaky_rnn.ts", "csv_regression.ts", "recordings.csv"]) {
    Deno.copyFileSync(new URL(name, ownFolder), join(folder, "own", name));
  }
}

/** @returns all that it prints. */
async function succeeds(args: readonly string[], folder: string): Promise<string> {
  const { code, stdout, stderr } = await runHebb(args, { folder });
  assert.equal(code, 0, stderr);
  return stderr + stdout;
}

Deno.test("own data: the table of the example is the one that is stated", () => {
  assert.equal(Deno.readTextFileSync(new URL("recordings.csv", ownFolder)), recordings());
});

Deno.test("own data: no row of the test or of validation is drawn in training", () => {
  const task = regression.build();
  const drawn = (split: Split, seed: number) =>
    Array.from({ length: 1000 }, (_, index) => {
      const { x, target } = drawSequence(task, { seed, split, index });
      return [...x!, ...target!].join(" ");
    });
  const [train, validation, test] = (["train", "validation", "test"] as const).map((split) =>
    new Set([1, 2].flatMap((seed) => drawn(split, seed)))
  );
  // The twelve rows that repeat others are in the split of these.
  assert.equal(train!.size + validation!.size + test!.size, 320);
  assert.ok(train!.isDisjointFrom(test!.union(validation!)));
  assert.ok(test!.isDisjointFrom(validation!));
});

Deno.test("own data: a thread that reads the table again draws the same sequences", () => {
  const task = regression.build();
  const program = forwardProgram({
    model: leaky.instantiate({ ...task.sizes, hidden: 2 }),
    loss: task.loss,
    extents: { replicas: 2, sequences: 150, steps: task.steps },
  });
  const options = { seeds: [5, 6], chunk: 2 };
  const url = new URL("csv_regression.ts", ownFolder).href;
  const inPlace = createBatches(program, task, options);
  const settings = [{ name: "own" }, { name: "own" }];
  const ahead = drawAhead(settings, { name: "own", entry: regression, url })(
    program,
    task,
    options,
  );
  try {
    for (const first of [0, 2, 9]) {
      const expected = inPlace.draw("train", { first, iterations: 2 });
      assert.deepEqual(ahead.draw("train", { first, iterations: 2 }), expected);
    }
  } finally {
    ahead.close?.();
  }
});

Deno.test(
  "own data: trained, judged, and resumed to the same bits; a changed table is named",
  inTemporaryFolder(async (folder) => {
    copyOwn(folder);
    const train = (...args: string[]) => succeeds(["train", ...code, ...short, ...args], folder);
    const [said] = await Promise.all([
      train("--iterations=5", "--out=run"),
      train("--iterations=10", "--out=whole"),
    ]);
    assert.match(said, /rows: \d+ for training, \d+ for validation, \d+ for the test; 12 repeat/);
    const judged = await succeeds(["evaluate", "run", ...code, "--sequences=1000"], folder);
    assert.match(judged, /^53 held-out sequences, all that there are, network after 5 updates$/m);
    assert.match(judged, /absolute.error/);
    const run = await openRun(join(folder, "run"), { model: leaky, task: regression });
    using network = await run.network({ device: "cpu" });
    const texts = network.heldOut(1000).map(({ x, target }) => [...x!, ...target!].join(" "));
    assert.deepEqual([texts.length, new Set(texts).size], [53, 53]);
    const resume = ["train", "--resume", "run", ...code, "--progress=none"];
    await succeeds([...resume, "--iterations=10"], folder);
    const tensors = (run: string) => {
      const path = join(folder, run, "checkpoints/step-000000000010.safetensors");
      return decodeCheckpoint(Deno.readFileSync(path), path).tensors;
    };
    assert.deepEqual(tensors("run"), tensors("whole"));

    const table = join(folder, "own/recordings.csv");
    const text = Deno.readTextFileSync(table);
    Deno.writeTextFileSync(table, text.replace("p7,", "p7000,"));
    await assertRefused([...resume, "--iterations=11"], {
      folder,
      says: /own\/csv_regression\.ts: its code has changed since/,
    });

    Deno.writeTextFileSync(table, text.replace(/^(p3,.*,)[^,]*$/m, "$1high"));
    await assertRefused(["train", ...code], {
      folder,
      says: /recordings\.csv: line 5, column "dose": "high" is no number; expected one of/,
    });
  }),
);
