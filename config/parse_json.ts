/** The one reader of JSON: what it takes means the same to every reader. */
import { isTooDeep, tooDeep } from "./depth.ts";
import { duplicateKey } from "./duplicate_key.ts";
import { quote } from "./plain_text.ts";

/**
 * The value of a JSON text.
 *
 * @throws SyntaxError, in one line, if it is none, says a key twice, or is nested too deep.
 *
 *     parseJson('{"a": 1, "a": 2}'); // SyntaxError: "a" is given twice
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isTooDeep(value)) throw tooDeep();
  // Each key has a colon: only where there are more colons than keys can one be lost.
  const key = colonsOf(text) > keysOf(value) ? duplicateKey(text) : undefined;
  if (key !== undefined) throw new SyntaxError(`${quote(key)} is given twice`);
  return value;
}

function colonsOf(text: string): number {
  let count = 0;
  for (let at = text.indexOf(":"); at >= 0; at = text.indexOf(":", at + 1)) count++;
  return count;
}

function keysOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
  let count = Array.isArray(value) ? 0 : parts.length;
  for (const part of parts) if (typeof part === "object") count += keysOf(part);
  return count;
}
