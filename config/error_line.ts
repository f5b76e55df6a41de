import { plainLine } from "./plain_text.ts";

/** The message of an error in one plain line of at most 300 characters. */
export const errorLine = (error: unknown): string =>
  plainLine(error instanceof Error ? error.message : String(error));
