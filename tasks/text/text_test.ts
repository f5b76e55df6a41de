import assert from "node:assert/strict";
import { join } from "node:path";
import { checkDrawn } from "../../core/training/draw_checked.ts";
import { drawSequence, type Split, type Task } from "../../core/training/task.ts";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { publishedAlphabet } from "./corpus.ts";
import { text } from "./text.ts";

const splits: readonly Split[] = ["train", "validation", "test"];

/** The text of a sequence that was drawn: what it reads, and the last target. */
function textOf({ alphabet }: Task, drawn: ReturnType<typeof drawSequence>): string {
  const read = [...drawn["symbol"]!, drawn["target"]!.at(-1)!];
  return read.map((symbol) => alphabet![symbol]).join("");
}

/** Documents of one character from the alphabet, as many as every split needs, of these lengths. */
function writeDocuments(folder: string, lengthOf: (n: number) => number): string {
  const path = join(folder, "documents.txt");
  const line = (n: number) => `${n}:`.padEnd(lengthOf(n), "abcdefgh");
  Deno.writeTextFileSync(path, Array.from({ length: 120 }, (_, n) => line(n)).join("\r\n"));
  return path;
}

Deno.test("text: its default is the list of names, one a window", () => {
  const task = text.build();
  assert.equal(task.steps, 14);
  assert.equal(task.alphabet, publishedAlphabet);
  assert.equal(task.sizes["symbols"], 73);
  assert.equal(task.score, "bits_per_character");
  assert.deepEqual([task.chance, task.bestLoss], [undefined, undefined]);
  const seen = new Map(splits.map((split) => [split, new Set<string>()]));
  for (const split of splits) {
    for (let index = 0; index < 300; index++) {
      const drawn = drawSequence(task, { seed: 1, split, index });
      checkDrawn(task, drawn, { seed: 1, split, index });
      assert.ok(drawn["mask"]!.every((mask) => mask === 1));
      assert.deepEqual(drawn["symbol"]!.subarray(1), drawn["target"]!.subarray(0, -1));
      const name = textOf(task, drawn);
      assert.match(name, /^[A-Z][A-Za-z' -]{2,}$/);
      seen.get(split)!.add(name);
    }
  }
  const [train, validation, test] = splits.map((split) => seen.get(split)!);
  assert.ok(train!.isDisjointFrom(validation!) && train!.isDisjointFrom(test!));
  assert.equal(test!.size, 300);
});

Deno.test(
  "text: windows of a document continue, and join to the document",
  inTemporaryFolder((folder) => {
    const dataset = writeDocuments(folder, (n) => 20 + n % 13);
    const task = text.build({ dataset, length: 8 });
    const documents = new Set(Deno.readTextFileSync(dataset).split("\r\n"));
    const batch = 4;
    for (let row = 0; row < batch; row++) {
      let document = "";
      let whole = 0;
      for (let turn = 0; turn < 40; turn++) {
        const drawn = drawSequence(task, { seed: 2, index: turn * batch + row, batch });
        const window = textOf(task, drawn);
        const [continues] = drawn["continues"]!;
        if (!continues && documents.has(document)) whole++;
        document = continues ? document + window.slice(1) : window;
        assert.ok([...documents].some((text) => text.includes(document)), document);
      }
      assert.ok(whole > 5, `${whole} whole documents`);
    }
    const held = drawSequence(task, { seed: 2, split: "test", index: 3 });
    assert.deepEqual([...held["continues"]!], [0]);
    assert.ok(!("continues" in text.build({ dataset, length: 8, carry: false }).inputs));
  }),
);

Deno.test(
  "text: held-out windows are counted, rows limited, and notes say what there is",
  inTemporaryFolder((folder) => {
    const dataset = writeDocuments(folder, () => 9);
    const task = text.build({ dataset, length: 4 });
    const [note, ...others] = task.notes!;
    const counts = /train (\d+) documents.*; validation (\d+) documents.*; test (\d+) documents/
      .exec(note!)!
      .slice(1).map(Number);
    assert.equal(counts.reduce((sum, count) => sum + count), 120);
    assert.deepEqual(task.heldOut, { validation: 2 * counts[1]!, test: 2 * counts[2]! });
    assert.deepEqual(others, []);
    Deno.writeTextFileSync(dataset, "a€b_c\u202e\n" + Deno.readTextFileSync(dataset));
    const [, left] = text.build({ dataset, length: 4 }).notes!;
    assert.equal(
      left,
      'dataset: 3 characters are outside the alphabet and left out: "€" 1, "_" 1, U+202E 1',
    );
    assert.throws(() => text.build({ dataset, rows: 1 }), /documents\.txt: has 1 document/);
  }),
);

Deno.test("text: the n-gram model is a level in every unit of the loss, and far below a guess", () => {
  const { loss, bits_per_character, perplexity } = text.build().guessing!;
  assert.ok(Math.abs(bits_per_character! * Math.LN2 - loss!) < 1e-12);
  assert.ok(Math.abs(Math.log(perplexity!) - loss!) < 1e-12);
  assert.ok(bits_per_character! > 2.5 && bits_per_character! < 2.9, `${bits_per_character}`);
});

Deno.test("text: prompts are beginnings of documents of the test, or the one given", () => {
  const { samples } = text.build({ dataset: "book", samples: 2, temperature: 0 });
  assert.equal(samples!.prompts.length, 2);
  assert.ok(samples!.prompts.every((prompt) => prompt.length === 8));
  const named = text.build({ prompt: "A€da", line_ends: true }).samples!;
  assert.deepEqual([named.prompts, named.end], [["Ada", "Ada", "Ada"], "\n"]);
  const short = text.build({ length: 64, sample_length: 5 }).samples!;
  assert.ok(short.prompts.every((prompt) => prompt.length >= 1 && prompt.length < 5));
  assert.throws(
    () => text.build({ prompt: "Ada", sample_length: 3 }),
    /sample_length: expected more than the 3 characters of the prompt, got 3/,
  );
  assert.throws(() => text.build({ prompt: "€" }), /prompt: expected characters of the alphabet/);
});

Deno.test(
  "text: a file of 100 MB is read in a few bytes a character",
  inTemporaryFolder((folder) => {
    const dataset = join(folder, "large.txt");
    const lines = Array.from(
      { length: 1000 },
      (_, n) => `${n}: ${"a story of a whale ".repeat(50 + n % 9)}`,
    );
    const part = new TextEncoder().encode(lines.join("\r\n") + "\r\n");
    const file = Deno.openSync(dataset, { write: true, create: true });
    let bytes = 0;
    for (; bytes < 100e6; bytes += part.length) file.writeSync(part);
    file.close();
    const before = Deno.memoryUsage().rss;
    const started = performance.now();
    const task = text.build({ dataset });
    const seconds = (performance.now() - started) / 1000;
    const [note] = task.notes!;
    const characters = [...note!.matchAll(/(\d+) characters/g)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    );
    const documents = bytes / part.length * 1000;
    // Without line ends, and the spaces in front of them.
    assert.equal(characters, bytes - 3 * documents);
    assert.ok(Deno.memoryUsage().rss - before < 5 * bytes);
    assert.ok(seconds < 30, `${seconds} s`);
  }),
);
