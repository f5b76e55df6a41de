/** The terminal behind stderr. */

/** Writes a text to stderr. A closed reader of the stream does not end the program. */
export function writeStderr(text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    let written = 0;
    while (written < bytes.length) written += Deno.stderr.writeSync(bytes.subarray(written));
  } catch {
    // Nobody reads the rest.
  }
}

/** Size of the console in characters; 80 by 24 if it is unknown. */
export function consoleSize(): { columns: number; rows: number } {
  try {
    const { columns, rows } = Deno.consoleSize();
    return { columns: columns || 80, rows: rows || 24 };
  } catch {
    return { columns: 80, rows: 24 };
  }
}
