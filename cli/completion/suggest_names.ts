/** Completes the name of a command or of an action, with what it does. */
import { message, text } from "@optique/core/message";
import type { Suggestion } from "@optique/core/parser";

/** The names of a table that begin with a text. */
export const suggestNames = (
  table: Readonly<Record<string, { readonly summary: string }>>,
  prefix: string,
): Suggestion[] =>
  Object.entries(table)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, { summary }]) => ({
      kind: "literal",
      text: name,
      description: message`${text(summary)}`,
    }));
