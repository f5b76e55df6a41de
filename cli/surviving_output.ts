/** Printing that ends no work and steers no terminal. */
import { plainText } from "../config/plain_text.ts";

/**
 * From now on `console` never throws, though the disk behind a stream be full or its terminal gone: what
 * a command computes is worth more than the lines about it. Names of files and settings may be anybody's,
 * so characters that a terminal obeys are escaped.
 *
 * @returns a function that gives the first reason why standard output was lost, if it was. A reader that
 * has seen enough and closed its pipe is no reason.
 */
export function survivingOutput(): () => string | undefined {
  let lost: string | undefined;
  for (const name of ["log", "error", "warn"] as const) {
    const print = console[name].bind(console);
    console[name] = (...values: unknown[]) => {
      try {
        print(...values.map(plain));
      } catch (error) {
        const isClosed = error instanceof Deno.errors.BrokenPipe;
        if (name === "log" && !isClosed) lost ??= (error as Error).message;
      }
    };
  }
  return () => lost;
}

/** The value, or a text with its lines and columns as they are. */
const plain = (value: unknown): unknown =>
  typeof value === "string" ? value.replace(/[^\n\t]+/g, plainText) : value;
