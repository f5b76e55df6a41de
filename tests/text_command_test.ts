/** `train --task text` as a user types it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { drawSequence, type Task } from "../core/training/task.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { text } from "../tasks/text/text.ts";
import { assertRefused } from "./testing/assert_refused.ts";
import { runHebb } from "./testing/run_hebb.ts";
import { outcome } from "./testing/tiny_run.ts";

const tiny = [
  "train",
  "--hidden-size=8",
  "--num-layers=1",
  "--batch-size=4",
  "--evaluation-sequences=8",
  "--device=cpu",
  "--threads=1",
  "--progress=none",
];

/** Numbered lines with some words, enough to hold some out. */
const story = (end: string) =>
  Array.from({ length: 150 }, (_, n) => `${n}: the whale and the ship, again and again ${n % 7}.`)
    .join(end);

/** Bits of a character that is foretold from how frequent characters are: what a network without input reaches. */
function entropyOfCharacters(task: Task): number {
  const counts = new Map<number, number>();
  let all = 0;
  for (let index = 0; index < task.heldOut!.test; index++) {
    const { target } = drawSequence(task, { seed: 1, split: "test", index });
    for (const symbol of target!) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    all += target!.length;
  }
  return [...counts.values()].reduce((sum, n) => sum - n / all * Math.log2(n / all), 0);
}

Deno.test(
  "text: names are learned at once, offline; report and output show texts, units and the n-gram level",
  inTemporaryFolder(async (folder) => {
    const args = [...tiny, "--dataset=names", "--model=rnn", "--updater=bptt", "--out=run"];
    args.push(
      "--iterations=200",
      "--test-sequences=200",
      "--samples=2",
      "--line-ends",
      "--learning-rate=0.01",
    );
    const { code, stdout, stderr } = await runHebb(args, { folder });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /note: task\.dataset names: 73 symbols; train \d+ documents/);
    assert.equal(stdout.match(/^text: "[A-Z].*"$/gm)?.length, 2);
    assert.match(stdout, /test\/bits_per_character: [\d.]+ bits/);
    const report = Deno.readTextFileSync(join(folder, "run/report.html"));
    assert.match(report, /<h2>Written by the network<\/h2>/);
    for (const words of ["5-gram", "Perplexity", "Bits per character", "task.dataset names"]) {
      assert.ok(report.includes(words), words);
    }
    const { metrics } = JSON.parse(Deno.readTextFileSync(join(folder, "run/status.json")));
    const [nats, bits, perplexity] = ["loss", "bits_per_character", "perplexity"]
      .map((name) => metrics[`test/${name}`]);
    assert.ok(
      Math.abs(bits * Math.LN2 - nats) < 1e-9 && Math.abs(Math.log(perplexity) - nats) < 1e-9,
    );
    assert.ok(bits < entropyOfCharacters(text.build({ line_ends: true })), `${bits} bits`);
  }),
);

Deno.test(
  "text: state that is carried goes on with the same bits after a resume",
  inTemporaryFolder(async (folder) => {
    Deno.writeTextFileSync(join(folder, "story.txt"), `\ufeff${story("\r\n\r\n")}\r\n`);
    const args = [...tiny, "--dataset=story.txt", "--length=8", "--model=rnn", "--updater=bptt"];
    args.push("--log-every=10", "--samples=0", "--test-sequences=8");
    const run = async (more: readonly string[]) => {
      const { code, stderr } = await runHebb(more, { folder });
      assert.equal(code, 0, stderr);
    };
    await run([...args, "--iterations=40", "--checkpoint-every=15", "--out=whole"]);
    await run([...args, "--iterations=15", "--checkpoint-every=15", "--out=half"]);
    await run(["train", "--resume=half", "--iterations=40", "--progress=none"]);
    const tensorsOf = (name: string) =>
      (outcome(join(folder, name)) as { tensors: ReadonlyMap<string, unknown> }).tensors;
    assert.deepEqual(tensorsOf("half"), tensorsOf("whole"));
    assert.ok([...tensorsOf("whole").keys()].some((name) => name.startsWith("carried/")));
  }),
);

const refusals: readonly {
  readonly what: string;
  readonly files?: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>;
  readonly args: readonly string[];
  readonly says: RegExp;
}[] = [
  {
    what: "a file with one character",
    files: { "a.txt": "a" },
    args: ["--dataset=a.txt"],
    says: /error: a\.txt: has 1 document with characters of the alphabet, too few to hold some out/,
  },
  {
    what: "an empty file",
    files: { "a.txt": "" },
    args: ["--dataset=a.txt"],
    says: /error: a\.txt: has 0 documents/,
  },
  {
    what: "an unknown column",
    files: { "a.csv": "id,story\n1,once\n" },
    args: ["--dataset=a.csv", "--column=text"],
    says: /error: --column: expected one of "id", "story", got "text"/,
  },
  {
    what: "no column of a table that has several",
    files: { "a.csv": "id,story\n1,once\n" },
    args: ["--dataset=a.csv"],
    says: /error: --column \(not given\): expected one of "id", "story", got none/,
  },
  {
    what: "a published name that is not there",
    args: ["--dataset=roneneldan/tinystories"],
    says:
      /error: --dataset: expected a data set on this machine .*--download fetches it.*, got rone/,
  },
  {
    what: "a download without permission for a network",
    args: ["--dataset=roneneldan/tinystories", "--download"],
    says: /error: --download: .*(HF_HOME has to name|may not use the network)/,
  },
  {
    what: "a file that is not there",
    args: ["--dataset=none.txt"],
    says: /error: --dataset: expected names, book, a published name .*, got none\.txt/,
  },
  {
    what: "a file that is not UTF-8",
    files: { "a.txt": Uint8Array.of(97, 10, 0xff) },
    args: ["--dataset=a.txt"],
    says: /error: a\.txt: line 2 is not UTF-8 text/,
  },
  {
    what: "averages of two networks with one state",
    args: ["--dataset=book", "--model=rnn", "--updater=bptt", "--average-share=0.1"],
    says: /error: bptt: average_share .*carry=false/,
  },
];

Deno.test("text: what cannot be read is refused in one line, and nothing is written", async (t) => {
  for (const { what, files = {}, args, says } of refusals) {
    await t.step(
      what,
      inTemporaryFolder(async (folder) => {
        for (const [name, content] of Object.entries(files)) {
          const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
          Deno.writeFileSync(join(folder, name), bytes);
        }
        await assertRefused(["train", ...args, "--out=new"], { folder, says });
      }),
    );
  }
});

Deno.test(
  "text: a run neither goes on nor is judged with data that have changed",
  inTemporaryFolder(async (folder) => {
    Deno.writeTextFileSync(join(folder, "story.txt"), story("\n"));
    const args = [
      ...tiny,
      "--dataset=story.txt",
      "--length=4",
      "--samples=0",
      "--test-sequences=4",
    ];
    const { code, stderr } = await runHebb([...args, "--iterations=4", "--out=run"], { folder });
    assert.equal(code, 0, stderr);
    const judge = ["evaluate", "run", "--sequences=4", "--device=cpu", "--threads=1"];
    const judged = await runHebb(judge, { folder });
    assert.equal(judged.code, 0, judged.stderr);
    Deno.writeTextFileSync(join(folder, "story.txt"), story("\n") + "\nAnd one line more.");
    const says = /error: cannot use run.*the data of task text are no longer those/;
    for (const again of [judge, ["train", "--resume=run", "--iterations=8"]]) {
      const { code, stderr } = await runHebb(again, { folder });
      assert.equal(code, 2, stderr);
      assert.match(stderr, says);
      assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
    }
  }),
);
