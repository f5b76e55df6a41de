/** A corpus: documents in the symbols of an alphabet, split once and for all. */
import { createHash } from "node:crypto";
import type { Split } from "../../core/training/task.ts";
import { createDocumentWriter, type Documents } from "./documents.ts";

/** Letters, digits and `,.;:'"?!\n-` and space: the 73 characters of the published text tasks. */
export const publishedAlphabet =
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,.;:'\"?!\n- ";

/** What may end a document. */
export const lineBreak = "\n";
/** The least characters of a document: shorter ones get spaces. */
const leastCharacters = 3;
/** Characters are those of the basic plane: one unit of UTF-16 each. */
const units = 1 << 16;
const noSymbol = 0xffff;
/** Halves of characters beyond the basic plane, and the unit that stands for no symbol. */
const neverUsed = /[\ud800-\udfff\uffff]/g;

/** What a corpus is made of. */
export interface CorpusSource {
  /** What errors call it. */
  readonly name: string;
  /** Reads the documents from the first one on; it may be called twice. */
  readonly documents: () => Iterable<string>;
  /** `data`: the characters of the documents of training. */
  readonly alphabet: "published" | "data";
  /** Whether every document ends with a line break; default: as it is. */
  readonly lineEnds?: boolean;
}

/** A corpus, ready to be read. */
export interface Corpus {
  /** Characters in symbol order. */
  readonly alphabet: string;
  /** The documents of each split, in the order of the file. */
  readonly splits: Readonly<Record<Split, Documents>>;
  /** Characters of the longest document. */
  readonly longest: number;
  /** Characters that are not in the alphabet, and so left out: how many of each, the most frequent first. */
  readonly dropped: ReadonlyMap<string, number>;
  /** SHA-256 of all of it, in hexadecimal digits; computed when it is asked for. */
  hash(): string;
}

const splits: readonly Split[] = ["train", "validation", "test"];

/**
 * Makes a corpus. Texts are composed (Unicode NFC); what is outside the alphabet is left out; documents without any
 * character are ignored. A hash of its text says which split a document belongs to: a tenth each is held out for
 * validation and test. So it is the same one on every machine and in any order, and documents that are equal without
 * what is left out are in one split.
 *
 * @throws RangeError, in one line, if a split has no documents.
 */
export function createCorpus(source: CorpusSource): Corpus {
  const { name, documents, lineEnds = false } = source;
  const alphabet = source.alphabet === "published"
    ? publishedAlphabet
    : alphabetOf(documents(), lineEnds ? lineBreak : "");
  const symbolOf = new Uint16Array(units).fill(noSymbol);
  for (let symbol = 0; symbol < alphabet.length; symbol++) {
    symbolOf[alphabet.charCodeAt(symbol)] = symbol;
  }
  const writers = Object.fromEntries(
    splits.map((split) => [split, createDocumentWriter(alphabet.length)]),
  ) as Record<Split, ReturnType<typeof createDocumentWriter>>;
  const dropped = new Map<string, number>();
  const space = alphabet.indexOf(" ");
  let longest = 0;
  let buffer = new Uint16Array(1 << 12);
  for (const document of documents()) {
    const text = composed(document);
    // With room for spaces and a line break.
    if (buffer.length < text.length + 1 + leastCharacters) {
      buffer = new Uint16Array(2 * (text.length + 1 + leastCharacters));
    }
    let length = encode(text, { symbolOf, buffer, dropped });
    if (length === 0) continue;
    const split = splitOfUnits(length, (at) => alphabet.charCodeAt(buffer[at]!));
    if (lineEnds) buffer[length++] = symbolOf[lineBreak.charCodeAt(0)]!;
    while (length < leastCharacters && space >= 0) buffer[length++] = space;
    // A single symbol of an alphabet without a space foretells nothing.
    if (length < 2) continue;
    longest = Math.max(longest, length);
    writers[split].add(buffer, length);
  }
  const made = Object.fromEntries(
    splits.map((split) => [split, writers[split].finish()]),
  ) as Record<Split, Documents>;
  requireAll(name, made);
  const counts = [...dropped].sort(([, a], [, b]) => b - a);
  let hash: string | undefined;
  return {
    alphabet,
    splits: made,
    longest,
    dropped: new Map(counts),
    hash: () => hash ??= hashOfAll(alphabet, made),
  };
}

function hashOfAll(alphabet: string, made: Corpus["splits"]): string {
  const hash = createHash("sha256").update(alphabet);
  for (const { symbols, ends } of splits.map((split) => made[split])) {
    for (const { buffer, byteOffset, byteLength } of [ends, symbols]) {
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  return hash.digest("hex");
}

/** White space at the ends of a line is none of its text; characters that look the same are the same. */
const composed = (document: string): string => document.trim().normalize("NFC");

/** Writes the symbols of a text, and counts what is none. @returns how many symbols there are. */
function encode(
  text: string,
  { symbolOf, buffer, dropped }: {
    symbolOf: Uint16Array;
    buffer: Uint16Array;
    dropped: Map<string, number>;
  },
): number {
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const symbol = symbolOf[text.charCodeAt(at)]!;
    if (symbol !== noSymbol) buffer[length++] = symbol;
    else at += drop(text, at, dropped);
  }
  return length;
}

/** Counts a character that is left out. @returns how many more units it has. */
function drop(text: string, at: number, dropped: Map<string, number>): number {
  const character = String.fromCodePoint(text.codePointAt(at)!);
  dropped.set(character, (dropped.get(character) ?? 0) + 1);
  return character.length - 1;
}

/** The characters of the documents of training and `more`, in the order of their codes; a space if one is short. */
function alphabetOf(documents: Iterable<string>, more: string): string {
  const isUsed = new Uint8Array(units);
  for (const character of more) isUsed[character.charCodeAt(0)] = 1;
  for (const document of documents) {
    const text = composed(document);
    if (text.length < leastCharacters) isUsed[" ".charCodeAt(0)] = 1;
    const kept = text.replaceAll(neverUsed, "");
    if (splitOf(kept) !== "train") continue;
    for (let at = 0; at < kept.length; at++) isUsed[kept.charCodeAt(at)] = 1;
  }
  let alphabet = "";
  for (let unit = 0; unit < units; unit++) {
    if (isUsed[unit]) alphabet += String.fromCharCode(unit);
  }
  return alphabet;
}

/** The split of a text. */
export const splitOf = (text: string): Split =>
  splitOfUnits(text.length, (at) => text.charCodeAt(at));

function splitOfUnits(length: number, unitAt: (at: number) => number): Split {
  const place = hashOf(length, unitAt) / 2 ** 32;
  return place < 0.1 ? "test" : place < 0.2 ? "validation" : "train";
}

/** FNV-1a over the units of a text, and the mixing at the end of MurmurHash3 (Appleby). */
function hashOf(length: number, unitAt: (at: number) => number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < length; at++) {
    hash = Math.imul(hash ^ unitAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return (hash ^ hash >>> 16) >>> 0;
}

function requireAll(name: string, made: Readonly<Record<Split, Documents>>): void {
  const counts = splits.map((split) => made[split].ends.length);
  if (counts.every((count) => count > 0)) return;
  const all = counts.reduce((sum, count) => sum + count, 0);
  throw new RangeError(
    `${name}: has ${all} ${
      all === 1 ? "document" : "documents"
    } with characters of the alphabet, too few to ` +
      `hold some out: ${splits.map((split, at) => `${counts[at]} of ${split}`).join(", ")}`,
  );
}
