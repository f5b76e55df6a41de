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
  const key = duplicateKey(text);
  if (key !== undefined) throw new SyntaxError(`${quote(key)} is given twice`);
  return value;
}
