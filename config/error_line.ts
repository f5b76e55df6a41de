import { plainLine } from "./plain_text.ts";

/** The message of an error in one plain line of at most 300 characters. */
export const errorLine = (error: unknown): string => plainLine(messageOf(error));

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Deno advises a flag, which whoever starts a task or an installed command does not type.
  const [, asked] = /^Requires (.*), run again with the --allow-/s.exec(error.message) ?? [];
  return asked === undefined ? error.message : `this command has no permission for ${asked}`;
}
