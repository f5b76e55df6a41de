import { withPlace } from "../core/code_error.ts";
import { userPlace } from "../core/code_place.ts";
import { plainLine } from "./plain_text.ts";

/**
 * The message of an error in one plain line of at most 300 characters, and the line of a user's own code that
 * threw it or led to it.
 */
export const errorLine = (error: unknown): string =>
  withPlace(plainLine(messageOf(error)), userPlace(error));

/** The message of an error: of a schema in words, of a missing permission without advice for whoever types deno. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (hasIssues(error)) return error.issues.map(describeIssue).join("; ");
  const [, asked] = /^Requires (.*), run again with the --allow-/s.exec(error.message) ?? [];
  return asked === undefined ? error.message : `this command has no permission for ${asked}`;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Whether a zod schema threw an error. Its message is a list of objects. */
const hasIssues = (error: Error): error is Error & { readonly issues: readonly Issue[] } =>
  error.name === "ZodError" && "issues" in error && Array.isArray(error.issues);

const describeIssue = ({ path, message }: Issue): string =>
  path.length > 0 ? `${path.map(String).join(".")}: ${message}` : message;
