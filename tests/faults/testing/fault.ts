/** What can befall a call that changes the disk. */

export type CallKind = "open" | "mkdir" | "write" | "truncate" | "sync" | "rename" | "remove";

export interface Call {
  readonly kind: CallKind;
  /** Of the file or folder; of a renamed one the new path. */
  readonly path: string;
}

/** Errors of Linux, as Deno words them. */
export const errors = {
  EIO: { number: 5, text: "Input/output error" },
  ENOSPC: { number: 28, text: "No space left on device" },
  EDQUOT: { number: 122, text: "Disk quota exceeded" },
} as const;

/** `kill`: the process dies in the call. */
export type Fault = "kill" | keyof typeof errors;

/** Whether a call fails on a full disk: what gives names and room back does not. */
export const needsRoom = (kind: CallKind): boolean => kind !== "remove" && kind !== "truncate";

/** Begins a line that tells of a call. */
export const callMark = "\u0001";

/** The line of a process that waits for its end. */
export const killMark = "\u0002";
