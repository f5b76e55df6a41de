/** `lineage.json`: what a run began from that is not the draw of its seeds. */
import { join } from "node:path";
import { z } from "../deps/zod.ts";
import { firstProblem } from "../config/explain_issue.ts";
import { cut, plainText, quote } from "../config/plain_text.ts";
import { DamagedFileError } from "./files/damaged_file_error.ts";
import { readJsonFile, writeJsonFile } from "./files/json_file.ts";
import { plainFile } from "./files/plain_path.ts";

/** A run that goes on from a checkpoint of another one, with other settings. */
export interface ForkRecord {
  readonly kind: "fork";
  /** Path of the other run, as it was given. */
  readonly from: string;
  /** Name of the file of the checkpoint. */
  readonly checkpoint: string;
  /** Iterations done there. */
  readonly iteration: number;
  /** SHA-256 of the file. */
  readonly sha256: string;
  /** The settings that differ, old and new value by path. */
  readonly changed: Readonly<Record<string, readonly [unknown, unknown]>>;
  /** Slots that began anew, since the other run has none of them, or other first values. */
  readonly anew: readonly string[];
  /** What the other run began from. */
  readonly before?: Lineage | undefined;
}

/** A run whose first weights are from a file. */
export interface InitRecord {
  readonly kind: "init";
  /** Path of the file, as it was given. */
  readonly from: string;
  /** SHA-256 of the file. */
  readonly sha256: string;
  /** The parameters that the file gave. */
  readonly taken: readonly string[];
  /** Those that were drawn from the seed. */
  readonly drawn: readonly string[];
}

export type Lineage = ForkRecord | InitRecord;

const lineagePath = (folder: string): string => join(folder, "lineage.json");

const texts = z.array(z.string());
const schema: z.ZodType<Lineage> = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("fork"),
    from: z.string(),
    checkpoint: z.string(),
    iteration: z.int().min(0),
    sha256: z.string(),
    changed: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])),
    anew: texts,
    get before(): z.ZodOptional<z.ZodType<Lineage>> {
      return z.optional(schema);
    },
  }),
  z.object({
    kind: z.literal("init"),
    from: z.string(),
    sha256: z.string(),
    taken: texts,
    drawn: texts,
  }),
]);

export const writeLineage = (folder: string, lineage: Lineage): void =>
  writeJsonFile(lineagePath(folder), lineage);

/** What a run began from; undefined: from the draw of its seeds. @throws DamagedFileError */
export function readLineage(folder: string): Lineage | undefined {
  const path = lineagePath(folder);
  if (!plainFile(path)) return undefined;
  const stored = readJsonFile(path);
  const { data, error } = schema.safeParse(stored);
  if (data) return data;
  throw new DamagedFileError(path, firstProblem(error, stored));
}

/** What a run began from, newest first: a sentence each. A file may be of somebody else, so they are plain text. */
export function lineageLines(lineage: Lineage | undefined): string[] {
  if (!lineage) return [];
  return [
    plainText(sentence(lineage)),
    ...lineage.kind === "fork" ? lineageLines(lineage.before) : [],
  ];
}

function sentence(lineage: Lineage): string {
  const from = cut(lineage.from);
  if (lineage.kind === "init") {
    const { taken, drawn } = lineage;
    const rest = drawn.length === 0 ? "" : `; ${drawn.join(", ")} drawn from the seed`;
    return `First weights from ${from}: ${taken.join(", ")}${rest}.`;
  }
  const { iteration, changed } = lineage;
  const text = (value: unknown) => value === null ? "none" : quote(value);
  const changes = Object.entries(changed).map(([path, [old, now]]) =>
    `${cut(path)} ${text(old)} to ${text(now)}`
  );
  const what = changes.length === 0 ? "nothing changed" : changes.join(", ");
  return `Forked from ${from} at iteration ${iteration}: ${what}.`;
}
