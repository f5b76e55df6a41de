/** Reads TOML 1.0, with the line of what is wrong. */
import { quote } from "./plain_text.ts";

/**
 * The value of a TOML text. Its numbers are those of JSON and YAML; dates have no meaning in settings.
 *
 * @throws SyntaxError if the text is no TOML, says a key twice, or holds a date.
 *
 *     await parseToml("[model]\nhidden_size = 64"); // { model: { hidden_size: 64 } }
 */
export async function parseToml(text: string): Promise<unknown> {
  const { parse, TomlDate, TomlError } = await import("../deps/toml.ts");
  try {
    return withoutDates(parse(text.replace(/^\ufeff/, "")), TomlDate);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [first] = error.message.replace(/^Invalid TOML document: /, "").split("\n", 1);
    throw new SyntaxError(`${first} (line ${error.line})`, { cause: error });
  }
}

function withoutDates(value: unknown, TomlDate: new (...args: never[]) => Date): unknown {
  if (value instanceof TomlDate) {
    throw new SyntaxError(`${quote(value.toISOString())} is a date, expected a text in quotes`);
  }
  if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) withoutDates(part, TomlDate);
  }
  return value;
}
