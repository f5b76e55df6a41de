/** Damage to the meaning of a text of settings or numbers: JSON, lines of JSON, or YAML. */
import type { RandomStream } from "../../core/random.ts";

/** What may stand where a value stood. */
const values: readonly string[] = [
  ..."0 -1 -0 1.5 1e400 -1e400 1e-400 5e-324 1e39 9007199254740993 99999999999999999999".split(" "),
  ..."4294967296 1e7 0x10 010 NaN -Infinity Infinity .nan .inf true false null [] {}".split(" "),
  ...['""', '"NaN"', '"12"', '"__proto__"', '"\\u001b[2J"', '"\\ud800"', '"a\\nb"', "[null]"],
  ...["[1,2,3]", "[[1]]", '{"a":1}', '{"__proto__":{"a":1}}', '["a","a"]', "undefined", "'x'"],
  `"${"long ".repeat(2000)}"`,
  `[${"1,".repeat(3000)}1]`,
  "[".repeat(100) + "]".repeat(100),
  '{"a":'.repeat(20_000) + "1" + "}".repeat(20_000),
];

const names: readonly string[] = [
  '""',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"\\u001b[31m"',
  '"nobody_knows"',
  `"${"n".repeat(5000)}"`,
];

const token =
  /"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\b(?:true|false|null)\b|(?<=: )[\w.-]+/g;

interface Token {
  readonly text: string;
  readonly begin: number;
  readonly end: number;
  readonly isName: boolean;
}

const tokensOf = (text: string): Token[] =>
  [...text.matchAll(token)].map(({ 0: found, index }) => {
    const end = index + found.length;
    return { text: found, begin: index, end, isName: /^\s*:/.test(text.slice(end, end + 20)) };
  });

const replaced = (text: string, { begin, end }: Token, by: string): string =>
  text.slice(0, begin) + by + text.slice(end);

type Mutation = (text: string, random: RandomStream) => string;

/** Replaces one of the tokens that fit; a text without any is left as it is. */
const replacing = (
  fits: (token: Token) => boolean,
  by: (token: Token, random: RandomStream) => string,
): Mutation =>
(text, random) => {
  const tokens = tokensOf(text).filter(fits);
  if (tokens.length === 0) return text;
  const chosen = random.sample(tokens);
  return replaced(text, chosen, by(chosen, random));
};

const isNumber = ({ text, isName }: Token) => !isName && /^-?\d/.test(text);

export const textMutations: Readonly<Record<string, Mutation>> = {
  "another value": replacing(({ isName }) => !isName, (_, random) => random.sample(values)),
  "another name": replacing(({ isName }) => isName, (_, random) => random.sample(names)),
  "a name twice": replacing(({ isName }) => isName, ({ text }) => `${text}: 1, ${text}`),
  "a number with more digits": replacing(
    isNumber,
    ({ text }, random) => text + "0".repeat(1 + random.below(30)),
  ),
  "a number of the other sign": replacing(isNumber, ({ text }) => `-${text}`.replace("--", "")),
  "a number as a text": replacing(isNumber, ({ text }) => `"${text}"`),
  "a value of elsewhere": (text, random) => {
    const tokens = tokensOf(text).filter(({ isName }) => !isName);
    return tokens.length === 0
      ? text
      : replaced(text, random.sample(tokens), random.sample(tokens).text);
  },
};
