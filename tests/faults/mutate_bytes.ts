/** Damage to a file of any kind: what disks, networks and editors do to bytes. */
import type { RandomStream } from "../../core/random.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Mutation = (bytes: Bytes, random: RandomStream) => Bytes;

/** Sequences that a terminal, a parser or a decoder may obey. */
const hostileTexts = [
  "\u0000",
  "\u0007\u0008",
  "\r\n\r\n",
  "\u001b[2J\u001b[31m",
  "\u001b]0;title\u0007",
  "\u009b1A",
  "\u202e\u2066",
  "\u2028",
  "\ufeff",
];
/** No UTF-8. */
const hostileBytes: readonly (readonly number[])[] = [[0xff, 0xfe], [0xc0, 0x80], [
  0xed,
  0xa0,
  0x80,
]];

export const concatBytes = (...parts: readonly Uint8Array[]): Bytes => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** Begin and end of a span of at least one byte, if there is one. */
function spanOf({ length }: Bytes, random: RandomStream): [number, number] {
  const begin = random.below(Math.max(1, length));
  const longest = Math.max(1, Math.min(length - begin, random.sample([1, 8, 64, 4096])));
  return [begin, Math.min(length, begin + 1 + random.below(longest))];
}

const encode = (text: string) => new TextEncoder().encode(text);

export const byteMutations: Readonly<Record<string, Mutation>> = {
  "flipped bits"(bytes, random) {
    const flipped = bytes.slice();
    for (let count = 1 + random.below(8); count > 0; count--) {
      flipped[random.below(Math.max(1, bytes.length))]! ^= 1 << random.below(8);
    }
    return flipped;
  },
  "cut short": (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  "a span twice"(bytes, random) {
    const [begin, end] = spanOf(bytes, random);
    return concatBytes(bytes.subarray(0, end), bytes.subarray(begin));
  },
  "a span missing"(bytes, random) {
    const [begin, end] = spanOf(bytes, random);
    return concatBytes(bytes.subarray(0, begin), bytes.subarray(end));
  },
  "two spans swapped"(bytes, random) {
    const [begin, middle] = spanOf(bytes, random);
    const end = Math.min(bytes.length, 2 * middle - begin);
    return concatBytes(
      bytes.subarray(0, begin),
      bytes.subarray(middle, end),
      bytes.subarray(begin, middle),
      bytes.subarray(end),
    );
  },
  "a span of zeros": (bytes, random) => bytes.slice().fill(0, ...spanOf(bytes, random)),
  "something in between"(bytes, random) {
    const at = random.below(bytes.length + 1);
    const part = random.below(4) === 0
      ? Uint8Array.from(random.sample(hostileBytes))
      : encode(random.sample(hostileTexts));
    return concatBytes(bytes.subarray(0, at), part, bytes.subarray(at));
  },
  "something behind": (bytes, random) => concatBytes(bytes, encode(random.sample(hostileTexts))),
  "a byte order mark": (bytes) => concatBytes(Uint8Array.of(0xef, 0xbb, 0xbf), bytes),
  "UTF-16": (bytes) => {
    const words = Uint16Array.from(bytes);
    return concatBytes(Uint8Array.of(0xff, 0xfe), new Uint8Array(words.buffer));
  },
};
