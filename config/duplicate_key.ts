/**
 * The first object key that appears twice in one object of a JSON text, or undefined.
 *
 * `JSON.parse` silently keeps the last of two equal keys, so two readers of a file could see different
 * content. It loops instead of recursing, so that deep nesting cannot exhaust the call stack.
 *
 * @param json a text that `JSON.parse` accepts.
 */
export function duplicateKey(json: string): string | undefined {
  const open: (Set<string> | null)[] = [];
  const mark = /["{}[\]]/g;
  while (mark.test(json)) {
    const position = mark.lastIndex - 1;
    const character = json[position];
    if (character === "{") open.push(new Set());
    else if (character === "[") open.push(null);
    else if (character !== '"') open.pop();
    else {
      const end = stringEnd(json, position);
      mark.lastIndex = end;
      if (!isKey(json, end)) continue;
      const text = json.slice(position + 1, end - 1);
      const key = text.includes("\\") ? JSON.parse(`"${text}"`) as string : text;
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}

/** Position after the closing quote of the string that starts at `start`. */
function stringEnd(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1);; end = json.indexOf('"', end + 1)) {
    let before = end;
    while (json[before - 1] === "\\") before--;
    // An odd number of backslashes ends in one that belongs to the quote.
    if ((end - before) % 2 === 0) return end + 1;
  }
}

function isKey(json: string, end: number): boolean {
  let position = end;
  while (json.charCodeAt(position) <= 0x20) position++;
  return json[position] === ":";
}
