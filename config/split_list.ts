/** Splits what is typed as a list of values. */

/**
 * The values of a typed list; none of an empty text. Commas inside brackets belong to one value.
 *
 *     splitList("[1,2],[3]"); // ["[1,2]", "[3]"]
 */
export function splitList(text: string): string[] {
  if (text.trim() === "") return [];
  const values = [""];
  let depth = 0;
  for (const part of text.split(/([,[\]])/)) {
    if (part === "[") depth++;
    if (part === "]") depth--;
    if (part === "," && depth === 0) values.push("");
    else values[values.length - 1] += part;
  }
  return values.map((value) => value.trim());
}
