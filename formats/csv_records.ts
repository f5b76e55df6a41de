/** Records of CSV, as RFC 4180 has them: quoted fields may hold delimiters, line breaks, and quotes that are doubled. */
import { withoutReturn } from "./file_lines.ts";

/** One record, and the line where it begins, from 1. */
export interface CsvRecord {
  /** From 1. */
  readonly line: number;
  /** Its texts, without the quotes around them. */
  readonly fields: readonly string[];
}

/**
 * The records of lines. Empty lines are left out.
 *
 * @throws SyntaxError that names the line of a quote that does not close, or stands in a bare field.
 */
export function* csvRecords(
  lines: Iterable<string>,
  { delimiter }: { delimiter: string },
): Generator<CsvRecord> {
  const field = fieldPattern(delimiter);
  let number = 0;
  let open: { readonly line: number; readonly parts: string[] } | undefined;
  for (const line of lines) {
    number++;
    // Quotes come in pairs, so an odd number opens a field that goes on, or closes it.
    const isOdd = quotesIn(line) % 2 === 1;
    if (!open && isOdd) {
      open = { line: number, parts: [line] };
      continue;
    }
    open?.parts.push(line);
    if (open && !isOdd) continue;
    const text = withoutReturn(open ? open.parts.join("\n") : line);
    const first = open?.line ?? number;
    open = undefined;
    if (text === "") continue;
    yield { line: first, fields: fieldsOf(text, { delimiter, field, line: first }) };
  }
  if (open) throw new SyntaxError(`line ${open.line}: a quote (") does not close`);
}

function quotesIn(line: string): number {
  let count = 0;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) count++;
  return count;
}

/** A field in quotes, or a bare one without any, and what ends it. */
function fieldPattern(delimiter: string): RegExp {
  const end = RegExp.escape(delimiter);
  return new RegExp(`(?:"((?:[^"]|"")*)"|([^"${end}]*))(${end}|$)`, "y");
}

function fieldsOf(
  text: string,
  { delimiter, field, line }: { delimiter: string; field: RegExp; line: number },
): string[] {
  if (!text.includes('"')) return text.split(delimiter);
  const fields: string[] = [];
  for (field.lastIndex = 0;;) {
    const start = field.lastIndex;
    const match = field.exec(text);
    if (!match) {
      const begins = JSON.stringify(text.slice(start, start + 20));
      throw new SyntaxError(
        `line ${line}, field ${fields.length + 1}: ${begins} has a ` +
          'quote (") inside; expected the whole field in quotes, with quotes in it written twice',
      );
    }
    const [, quoted, bare, end] = match;
    fields.push(quoted?.replaceAll('""', '"') ?? bare!);
    if (end === "") return fields;
  }
}
