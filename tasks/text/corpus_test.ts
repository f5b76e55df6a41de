import assert from "node:assert/strict";
import type { Split } from "../../core/training/task.ts";
import {
  type Corpus,
  type CorpusSource,
  createCorpus,
  publishedAlphabet,
  splitOf,
} from "./corpus.ts";
import { startOf } from "./documents.ts";

const splits: readonly Split[] = ["train", "validation", "test"];

/** Numbered documents, enough for every split. */
const many = (make: (n: number) => string, count = 200) =>
  Array.from({ length: count }, (_, n) => make(n));

const corpusOf = (texts: readonly string[], more: Partial<CorpusSource> = {}) =>
  createCorpus({ name: "some", documents: () => texts, alphabet: "published", ...more });

/** The documents of a split as texts. */
function textsOf({ alphabet, splits }: Corpus, split: Split): string[] {
  const documents = splits[split];
  return Array.from(documents.ends, (end, document) =>
    Array.from(
      documents.symbols.subarray(startOf(documents, document), end),
      (symbol) => alphabet[symbol],
    ).join(""));
}

const allTexts = (corpus: Corpus) => splits.flatMap((split) => textsOf(corpus, split)).sort();

Deno.test("corpus: the published alphabet has 73 characters", () => {
  assert.equal(publishedAlphabet.length, 73);
  assert.equal(new Set(publishedAlphabet).size, 73);
  for (const one of "azAZ09,.;:'\"?!\n- ") assert.ok(publishedAlphabet.includes(one), one);
});

Deno.test("corpus: every document is in the split that its text says, whatever stands around it", () => {
  const texts = many((n) => `document number ${n}`);
  const corpus = corpusOf(texts);
  assert.deepEqual(allTexts(corpus), [...texts].sort());
  for (const split of splits) {
    for (const text of textsOf(corpus, split)) assert.equal(splitOf(text), split);
  }
  const shuffled = corpusOf([...texts].reverse().concat(texts));
  for (const split of splits) {
    assert.deepEqual(new Set(textsOf(shuffled, split)), new Set(textsOf(corpus, split)));
  }
  // 1000 documents with a share of .1: 100 +- 9.5.
  const counts = splits.map((split) =>
    textsOf(corpusOf(many((n) => `d ${n}`, 1000)), split).length
  );
  assert.ok(counts.slice(1).every((count) => count > 60 && count < 140), counts.join());
});

Deno.test("corpus: short documents get spaces, empty ones are none", () => {
  const corpus = corpusOf([...many((n) => `text ${n}`), "", "   ", "a", "bc", "€€"]);
  const texts = allTexts(corpus);
  assert.equal(texts.length, 202);
  assert.ok(texts.includes("a  ") && texts.includes("bc "));
  assert.equal(corpus.longest, 8);
  const marked = corpusOf(["a", ...many((n) => `text ${n}`)], { lineEnds: true });
  assert.ok(allTexts(marked).includes("a\n "));
  assert.ok(allTexts(marked).includes("text 7\n"));
});

Deno.test("corpus: characters outside the alphabet are left out and counted, composed ones are one", () => {
  const corpus = corpusOf(many((n) => `cafe\u0301 😀 (${n})`));
  assert.ok(allTexts(corpus).includes("caf  7"));
  assert.deepEqual([...corpus.dropped].sort(), [["(", 200], [")", 200], ["é", 200], ["😀", 200]]);
});

Deno.test("corpus: documents that are equal without what is left out are in one split", () => {
  const alike = many((n) => `text ${n}`).flatMap((text) => [text, `${text}€`, `(${text}😀)`]);
  const published = corpusOf(alike);
  // Held-out documents alone may have characters that an alphabet from the data lacks.
  const rare = many((n) => String.fromCharCode(0x4e00 + n), 300);
  const fromData = corpusOf(
    [...many((n) => `text ${n}`), ...rare.map((one, n) => `text ${n % 200}${one}`)],
    { alphabet: "data" },
  );
  for (const corpus of [published, fromData]) {
    const held = [...textsOf(corpus, "validation"), ...textsOf(corpus, "test")];
    const trained = new Set(textsOf(corpus, "train"));
    assert.ok(held.length > 20);
    assert.deepEqual(held.filter((text) => trained.has(text)), []);
    const [validation, test] = [textsOf(corpus, "validation"), new Set(textsOf(corpus, "test"))];
    assert.deepEqual(validation.filter((text) => test.has(text)), []);
  }
});

Deno.test("corpus: an alphabet from the data is that of training", () => {
  const texts = many((n) => `cafe\u0301 ${n}`);
  const rare = many((n) => `only here: ${n}ß`, 2000).find((text) => splitOf(text) === "test")!;
  const corpus = corpusOf([...texts, rare, "😀".repeat(3)], { alphabet: "data" });
  assert.equal(corpus.alphabet, " 0123456789acfé");
  assert.ok(allTexts(corpus).includes("café 7"));
  assert.equal(corpus.dropped.get("ß"), 1);
  assert.equal(corpus.dropped.get("😀"), 3);
  // A short document anywhere needs the space that it gets.
  const tight = corpusOf([...many((n) => `${n + 100}`), "7"], { alphabet: "data", lineEnds: true });
  assert.equal(tight.alphabet, "\n 0123456789");
  // Without one it may be a single symbol, with nothing to predict.
  const lone = many((n) => `ßßß${String.fromCharCode(0x4e00 + n)}ß1`).filter((text) =>
    splitOf(text) !== "train"
  );
  const bare = corpusOf([...many((n) => `${n + 100}`), ...lone], { alphabet: "data" });
  assert.equal(bare.alphabet, "0123456789");
  assert.ok(lone.length > 20 && !allTexts(bare).includes("1"));
  const ideograph = (n: number) => String.fromCharCode(0x4e00 + n % 400);
  const three = (n: number) => ideograph(n) + ideograph(n + 1) + ideograph(n + 2);
  const wide = corpusOf(many(three, 400), { alphabet: "data" });
  assert.ok(wide.alphabet.length > 256 && wide.splits.train.symbols instanceof Uint16Array);
  assert.ok(allTexts(wide).includes(three(0)));
});

Deno.test("corpus: its hash says whether it is the same", () => {
  const texts = many((n) => `text ${n}`);
  const { hash } = corpusOf(texts);
  assert.match(hash(), /^[0-9a-f]{64}$/);
  assert.equal(hash(), corpusOf(texts).hash());
  assert.notEqual(hash(), corpusOf([...texts, "one more"]).hash());
  assert.notEqual(hash(), corpusOf(texts, { alphabet: "data" }).hash());
  assert.equal(hash(), corpusOf(texts.map((text) => `  ${text}`)).hash());
});

Deno.test("corpus: too few documents to hold some out are told in a line", () => {
  assert.throws(
    () => corpusOf(["a"]),
    /^RangeError: some: has 1 document with characters of the alphabet, too few to hold some out: \d of train, \d of validation, \d of test$/,
  );
  assert.throws(() => corpusOf([]), /has 0 documents/);
  assert.throws(() => corpusOf([], { alphabet: "data" }), /has 0 documents/);
});
