/** Words of a POSIX shell. */
import { quote } from "../../config/plain_text.ts";
import { UsageError } from "../../config/usage_error.ts";

/**
 * A word as a shell reads it back.
 *
 * @throws UsageError if it has a line break or another control: a command is one line.
 */
export function shellWord(text: string): string {
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x1f\x7f]/.test(text)) {
    throw new UsageError(`${quote(text)} cannot be part of a command in one line`);
  }
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
