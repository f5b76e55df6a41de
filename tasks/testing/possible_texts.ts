/** Every text that a task can make, written independently of the generators. */

const NINE = "0?!123,. ";

/** A possible text, how likely it is, and its recall positions. */
export interface Possible {
  readonly text: string;
  readonly probability: number;
  readonly recall: readonly number[];
}

/** All words of a length over some letters. */
function words(letters: string, length: number): string[] {
  if (length === 0) return [""];
  return words(letters, length - 1).flatMap((word) => [...letters].map((letter) => word + letter));
}

export function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

function reversed(text: string): string {
  return [...text].reverse().join("");
}

export function listLongRangeMemory(): Possible[] {
  return [..."123,. "].flatMap((key) =>
    range(1, 6).flatMap((before) =>
      range(1, 3).map((between) => {
        const text = "0".repeat(before) + "?" + key + "0".repeat(between) + "!" + key;
        return { text, probability: 1 / 60, recall: [text.length - 1] };
      })
    )
  );
}

export function listResequences(n: number, length: number): Possible[] {
  return range(1, n + 1).flatMap((m) => {
    const periods = words(NINE, m).filter((word) => new Set(word).size === m);
    return periods.map((period) => ({
      text: range(0, length).map((position) => period[position % m]).join(""),
      probability: 1 / n / periods.length,
      recall: [length - 1],
    }));
  });
}

export function listPalindromes(): Possible[] {
  return words(NINE, 3).map((word) => ({
    text: word + reversed(word.slice(0, 2)),
    probability: 9 ** -3,
    recall: [3, 4],
  }));
}

export function listVaryingPalindromes(n: number, letters: string): Possible[] {
  return range(1, n + 1).flatMap((half) =>
    words(letters, half).map((word) => ({
      text: word + "." + reversed(word) + " ".repeat(2 * (n - half)),
      probability: 1 / n / letters.length ** half,
      recall: range(half + 1, 2 * half + 1),
    }))
  );
}

/** Which sequences of a key-value task are listed. */
interface KeyValueCase {
  readonly pairs: number;
  readonly rewrites: number;
  readonly keys: string;
  readonly values: string;
  readonly distractors: number;
  readonly queries: number;
}

/** The writes, pairs of a key and a value, that may come after some others. */
function listWrites(
  before: readonly string[],
  { keys, values, more }: { keys: string; values: string; more: number },
): string[][] {
  if (more === 0) return [[...before]];
  return [...keys].flatMap((key) => {
    const present = before.findLast((write) => write[0] === key)?.[1];
    return [...values].filter((value) => value !== present).flatMap((value) =>
      listWrites([...before, key + value], { keys, values, more: more - 1 })
    );
  });
}

export function listKeyValues(
  { pairs, rewrites, keys, values, distractors, queries }: KeyValueCase,
): Possible[] {
  const noises = words(".,;:", distractors);
  const texts = orders(keys, pairs).flatMap((order) =>
    words(values, pairs).flatMap((first) =>
      listWrites(range(0, pairs).map((i) => order[i]! + first[i]!), {
        ...{ keys: order, values, more: rewrites },
      }).flatMap((writes) =>
        interleaved(writes, distractors).flatMap((units) =>
          noises.flatMap((noise) => {
            let next = 0;
            const written = units.map((unit) => unit ?? noise[next++]).join("") + "?";
            return orders(order, queries).map((asked) => ({
              text: written + [...asked].map((key) => key + latest(writes, key)).join(""),
              recall: range(0, queries).map((query) => written.length + 2 * query + 1),
            }));
          })
        )
      )
    )
  );
  return texts.map((possible) => ({ ...possible, probability: 1 / texts.length }));
}

const latest = (writes: readonly string[], key: string): string =>
  writes.findLast((write) => write[0] === key)![1]!;

/** Some things in their order, with so many gaps among them. */
function interleaved<V>(things: readonly V[], gaps: number): (V | undefined)[][] {
  if (gaps === 0) return [[...things]];
  const [first, ...others] = things;
  return [
    ...interleaved(things, gaps - 1).map((rest) => [undefined, ...rest]),
    ...first === undefined ? [] : interleaved(others, gaps).map((rest) => [first, ...rest]),
  ];
}

export function listStreams(
  { keys, values, pairs, switching }: {
    keys: string;
    values: string;
    pairs: number;
    switching: number;
  },
): Possible[] {
  let streams: Possible[] = [{ text: "", probability: 1, recall: [] }];
  for (let pair = 0; pair < pairs; pair++) {
    streams = streams.flatMap(({ text, probability, recall }) =>
      [...keys].flatMap((key) => {
        const at = text.lastIndexOf(key);
        const present = at < 0 ? undefined : text[at + 1];
        return [...values].map((value) => ({
          text: text + key + value,
          probability: probability / keys.length * (present === undefined
            ? 1 / values.length
            : value === present
            ? 1 - switching
            : switching / (values.length - 1)),
          recall: value === present ? [...recall, text.length + 1] : recall,
        }));
      })
    );
  }
  return streams;
}

export function listMultiQueries(
  { pairs, length, keys, values }: { pairs: number; length: number; keys: string; values: string },
): Possible[] {
  const places = range(0, length / 2 - pairs);
  const texts = orders(keys, pairs).flatMap((chosen) =>
    orders(values, pairs).flatMap((answers) => {
      const written = range(0, pairs).map((i) => chosen[i]! + answers[i]!);
      return orders(places.map((place) => String.fromCharCode(place)).join(""), pairs).map(
        (asked) => {
          const rest = places.map((place) =>
            written[asked.indexOf(String.fromCharCode(place))] ?? ".."
          );
          return {
            text: written.join("") + rest.join(""),
            recall: range(0, rest.length).filter((i) => rest[i] !== "..").map((i) =>
              2 * (pairs + i) + 1
            ),
          };
        },
      );
    })
  );
  return texts.map((possible) => ({ ...possible, probability: 1 / texts.length }));
}

export function listSelectiveCopies(count: number, noise: number, letters: string): Possible[] {
  const texts = words(letters, count).flatMap((data) =>
    interleaved([...data], noise).map((units) => ({
      text: units.map((unit) => unit ?? ".").join("") + ":" + data,
      recall: range(0, count).map((index) => count + noise + 1 + index),
    }))
  );
  return texts.map((possible) => ({ ...possible, probability: 1 / texts.length }));
}

/** All words of different letters. */
const orders = (letters: string, length: number): string[] =>
  length === 0
    ? [""]
    : [...letters].flatMap((letter) =>
      orders(letters.replace(letter, ""), length - 1).map((word) => letter + word)
    );
