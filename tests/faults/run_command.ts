/** Runs a command line in this process, and what holds of every one, whatever it was given. */
import { main } from "../../cli/main.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";

export interface Outcome {
  readonly code: number;
  /** Lines on standard error. */
  readonly lines: readonly string[];
  readonly output: string;
}

/** Most seconds of a command. */
export const mostSeconds = 20;

export async function runCommand(
  args: readonly string[],
  run: (args: readonly string[]) => Promise<number> = main,
): Promise<Outcome> {
  const { log, error } = console;
  const lines: string[] = [], output: string[] = [];
  console.error = (text: unknown) => lines.push(String(text));
  console.log = (text: unknown) => output.push(String(text));
  try {
    const code = await run(args);
    return { code, lines, output: output.join("\n") };
  } finally {
    Object.assign(console, { log, error });
  }
}

export const errorsOf = ({ lines }: Outcome): string[] =>
  lines.filter((line) => line.startsWith("error: "));

const documented = new Set<number>(Object.values(exitCodes));

/** What of a program's own trouble, and of no use to its user, may be in a line. */
const inner =
  /internal error|is not a function|is not iterable|Cannot (read|set|convert|destructure)|\[object |\bundefined\b|\bat \S+\.ts:\d|Maximum call stack|Invalid (array|typed array|string) length|out of bounds/;

/** What is wrong with how a command ended; undefined if nothing is. @param given what errors may quote. */
export function outcomeProblem(
  outcome: Outcome,
  seconds: number,
  given = "",
): string | undefined {
  const { code } = outcome;
  const errors = errorsOf(outcome);
  if (seconds > mostSeconds) return `took ${seconds.toFixed(1)} s`;
  if (!documented.has(code)) return `ended with code ${code}`;
  if (errors.length > 1) return `${errors.length} lines of error: ${errors.join(" | ")}`;
  if (code === exitCodes.usage && errors.length === 0) return "refused without a line of error";
  if (code === exitCodes.ok && errors.length > 0) return `ended well with ${errors[0]}`;
  // The program escapes whatever else it prints at the end of its way, which is not passed here.
  for (const line of errors) {
    // deno-lint-ignore no-control-regex
    if (/[\u0000-\u001f\u007f-\u009f\p{Cf}]/u.test(line)) {
      return `prints control characters: ${JSON.stringify(line)}`;
    }
    const shown = inner.exec(line)?.[0];
    if (shown !== undefined && !given.includes(shown)) {
      return `shows its inside: ${line.slice(0, 400)}`;
    }
  }
  const long = errors.find((line) => line.length > "error: ".length + 300);
  return long === undefined ? undefined : `a line of ${long.length} characters: ${long}`;
}
