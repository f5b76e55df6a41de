/** Where a run tells what it does, and what came out. */
import { writeStderr } from "./progress/terminal.ts";

export interface RunOutput {
  /** Takes notes, warnings and errors, a line each. */
  say(line: string): void;
  /** Takes the result, a line at a time. */
  print(line: string): void;
  /** Takes the text of progress, line ends included. */
  write(text: string): void;
}

/** As a command does: the result to standard output, all else to standard error. */
export const commandOutput: RunOutput = {
  say: (line) => console.error(line),
  print: (line) => console.log(line),
  write: writeStderr,
};

/** As a script does, whose standard output is its own. */
export const scriptOutput: RunOutput = { ...commandOutput, print: (line) => console.error(line) };

/** Nowhere. */
export const noOutput: RunOutput = { say: () => {}, print: () => {}, write: () => {} };
