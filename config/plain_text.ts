/** Text of others, as a terminal may show it. */

/** Most characters of a line of error, and of a value in it. */
const lineLength = 300;
const valueLength = 100;
/** Most characters of a text whose marks are looked at. */
const mostRead = 10 * lineLength;
/** What a word is cut to in a line that is too long, until it is not. */
const wordLengths = [valueLength, 60];

/**
 * What a terminal obeys instead of showing it: controls (C0, DEL, C1), marks that turn the direction of
 * writing or are not seen, line separators, and halves of a character.
 */
// deno-lint-ignore no-control-regex
const obeyed = /[\u0000-\u001f\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text with every character that a terminal obeys written as JSON would, `\u001b`. */
export const plainText = (text: string): string =>
  text.replace(
    obeyed,
    (character) =>
      character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
        .join(""),
  );

/**
 * The text in one plain line of at most 300 characters. Long words of it, such as paths, are shortened
 * each by itself, so that what stands between them is kept; else its beginning and its end say most.
 */
export function plainLine(text: string): string {
  const bounded = text.length > mostRead ? cut(cutWords(text, valueLength), mostRead) : text;
  let line = plainText(bounded.trim().replace(/\s*[\r\n]\s*/g, " "));
  for (const length of wordLengths) {
    if (line.length > lineLength) line = cutWords(line, length);
  }
  return cut(line, lineLength);
}

const cutWords = (text: string, length: number): string =>
  // A path says most at its end.
  text.replace(/\S+/g, (word) => cut(word, length, Math.floor(length * 2 / 3)));

/**
 * Cuts a long text, such as the name of a setting, in its middle.
 *
 * @param end characters that are kept at the end.
 */
export function cut(text: string, length = valueLength, end = Math.floor(length / 3)): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - end - 3)}...${text.slice(text.length - end)}`;
}

/**
 * A value as an error shows it: as JSON, but numbers that JSON lacks keep their names, and a long text is
 * cut.
 *
 *     quote([1, NaN]); // [1,NaN]
 */
export const quote = (value: unknown): string =>
  typeof value === "string" ? plainText(JSON.stringify(cut(value))) : cut(plainText(shown(value)));

function shown(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return `[${value.map(shown).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? String(value);
  const parts = Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}:${shown(part)}`);
  return `{${parts.join(",")}}`;
}
