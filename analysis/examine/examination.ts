/** What the tests of trained attractor networks find: the content of `examination.json`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DamagedFileError } from "../../store/files/damaged_file_error.ts";
import { readJsonFile } from "../../store/files/json_file.ts";

const number = z.number();

/** So many of so many, with its 95 % Wilson interval. */
const proportion = z.object({
  count: number,
  of: number,
  share: number.nullable(),
  low: number,
  high: number,
});

/** What is left of a pattern at the end of tries with damaged cues. */
const recall = z.object({
  /** Tries that end with every sign right. */
  exact: proportion,
  /** Tries that end in the inverse of the pattern, every sign wrong. */
  inverse: proportion,
  /** Mean of m·h/N at the end, and of its absolute value. */
  overlap: number,
  absolute_overlap: number,
});

const cueTest = z.object({
  /** clean; noise: deviation, clamped afterwards; flips: probability of each bit of the input. */
  kind: z.enum(["clean", "noise", "flips"]),
  level: number,
  /** Mean overlap after the presentation, signed. */
  retention: number,
  /** Mean of the largest overlap during it. */
  reaction: number,
  ...recall.shape,
});

const basinPoint = z.object({
  /** Share of the bits of the first state that are flipped, exactly so many. */
  flips: number,
  ...recall.shape,
});

/** A matrix in place of the learned one. */
const rule = z.object({
  /** Of the elements off the diagonal with those of the learned matrix. */
  correlation: number.nullable(),
  /** The factor on the rule's matrix that comes nearest to the learned one. */
  scale: number.nullable(),
  /** The factor at which its basins were measured. */
  gain: number,
  /** Patterns whose signs the rule leaves as they are. */
  fixed: proportion,
  basins: z.array(basinPoint),
});

const memory = z.object({
  retention: number,
  absolute_retention: number,
  reaction: number,
  absolute_reaction: number,
  /** Whether one step from the pattern leaves all its signs. */
  fixed: z.boolean(),
});

const stable = z.object({
  /** Random first states. */
  starts: number,
  /** Of these, those that end in a state whose signs stay; the others still change. */
  settled: number,
  /**
   * Different states that were found, by what they are, and how many starts ended there. A spurious
   * state and its inverse are two: without biases both are stable.
   */
  memory: z.object({ states: number, starts: number }),
  inverse: z.object({ states: number, starts: number }),
  spurious: z.object({ states: number, starts: number }),
});

/** A run from a first state: values after each step. */
const trajectory = z.object({
  memory: number,
  flips: number,
  energy: z.array(number),
  overlap: z.array(number),
});

const network = z.object({
  seed: number,
  /** Which replica it is, in words, and the number of its point in the sweep. */
  label: z.string(),
  point: number,
  neurons: number,
  memories: z.array(memory),
  fixed: proportion,
  /** Empty of a network that was not trained with inputs. */
  cues: z.array(cueTest),
  basins: z.array(basinPoint),
  stable,
  hebb: rule.nullable(),
  /** Null where the patterns have no inverse. */
  pseudo_inverse: rule.nullable(),
  /** Of the first network of each point of a sweep, as all that is below. */
  trajectories: z.array(trajectory).optional(),
  /** Overlap with each memory at the steps `at` of a presentation and after. */
  retention_over_time: z.object({
    at: z.array(number),
    shown: number,
    overlap: z.array(z.array(number)),
  }).optional(),
  /** W [N, N], base64 of little-endian float32; not of large networks. */
  weights: z.string().optional(),
});

export const examinationSchema = z.object({
  /** Of the form of this file: an older one is made again. */
  version: z.literal(2),
  /** Updates done by the networks, all those of the newest checkpoint. */
  updates: number,
  device: z.string(),
  networks: z.array(network),
});

export type Examination = z.output<typeof examinationSchema>;
export type NetworkExamination = z.output<typeof network>;
export type Recall = z.output<typeof recall>;
export type BasinPoint = z.output<typeof basinPoint>;
export type CueTest = z.output<typeof cueTest>;
export type RuleExamination = z.output<typeof rule>;
export type Proportion = z.output<typeof proportion>;

export const examinationPath = (folder: string): string => join(folder, "examination.json");

/**
 * The examination of a run; undefined where there is none, or one of an older form.
 *
 * @throws DamagedFileError if the file is not an examination.
 */
export function readExamination(folder: string): Examination | undefined {
  const path = examinationPath(folder);
  if (!existsSync(path)) return undefined;
  const stored = readJsonFile(path);
  if (stored["version"] !== examinationSchema.shape.version.value) return undefined;
  const parsed = examinationSchema.safeParse(stored);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DamagedFileError(path, `${issue!.path.join(".")}: ${issue!.message}`);
}
