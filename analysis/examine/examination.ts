/** Results of the tests of trained attractor networks: the content of `examination.json`. */
import { join } from "node:path";
import { z } from "../../deps/zod.ts";
import { DamagedFileError } from "../../store/files/damaged_file_error.ts";
import { firstProblem } from "../../config/explain_issue.ts";
import { readJsonFile } from "../../store/files/json_file.ts";
import { sizeLimits } from "../../store/files/open_file.ts";
import { plainFile } from "../../store/files/plain_path.ts";

const number = z.number();

/** A count out of a number of trials, with the 95 % Wilson interval of the share. */
const proportion = z.object({
  count: number,
  of: number,
  share: number.nullable(),
  low: number,
  high: number,
});

/** How well patterns come back, over tries with damaged cues. */
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
  /** Share of the bits of the first state that are flipped, the same number in every try. */
  flips: number,
  ...recall.shape,
});

/** The matrix of a rule in place of the learned one. */
const rule = z.object({
  /** Pearson correlation with the learned matrix, off the diagonal. */
  correlation: number.nullable(),
  /** The factor on the rule's matrix that comes nearest to the learned one. */
  scale: number.nullable(),
  /** The factor at which its basins were measured. */
  gain: number,
  /** Patterns whose signs one step with this matrix keeps. */
  fixed: proportion,
  basins: z.array(basinPoint),
});

const memory = z.object({
  retention: number,
  absolute_retention: number,
  reaction: number,
  absolute_reaction: number,
  /** Whether one step from the pattern keeps all its signs. */
  fixed: z.boolean(),
});

const stable = z.object({
  /** Random first states. */
  starts: number,
  /** Starts that end in a state whose signs stay; the others still change. */
  settled: number,
  /**
   * Different stable states of each kind, and how many starts ended in them. A spurious state and its
   * inverse count as two: without biases both are stable.
   */
  memory: z.object({ states: number, starts: number }),
  inverse: z.object({ states: number, starts: number }),
  spurious: z.object({ states: number, starts: number }),
});

/** Values after each step from a damaged pattern. */
const trajectory = z.object({
  memory: number,
  flips: number,
  energy: z.array(number),
  overlap: z.array(number),
});

const network = z.object({
  seed: number,
  /** The replica in words. */
  label: z.string(),
  /** Number of its point in the sweep. */
  point: number,
  neurons: number,
  memories: z.array(memory),
  fixed: proportion,
  /** Empty for a network that was not trained with inputs. */
  cues: z.array(cueTest),
  basins: z.array(basinPoint),
  stable,
  hebb: rule.nullable(),
  /** Null if the patterns depend on each other. */
  pseudo_inverse: rule.nullable(),
  /** Only for the first network of each point of a sweep, like all that follows. */
  trajectories: z.array(trajectory).optional(),
  /** Overlap with each memory at the steps `at` of a presentation and after. */
  retention_over_time: z.object({
    at: z.array(number),
    shown: number,
    overlap: z.array(z.array(number)),
  }).optional(),
  /** W [N, N], base64 of little-endian float32; not for large networks. */
  weights: z.string().optional(),
});

export const examinationSchema = z.object({
  /** Version of the format of this file; files of older versions are made again. */
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

/** Where the examination of a run lies. */
export const examinationPath = (folder: string): string => join(folder, "examination.json");

/**
 * The examination of a run; undefined if there is none of this version of the format.
 *
 * @throws DamagedFileError if the file is not an examination.
 */
export function readExamination(folder: string): Examination | undefined {
  const path = examinationPath(folder);
  if (plainFile(path) === null) return undefined;
  const stored = readJsonFile(path, { limit: sizeLimits.numbers });
  if (stored["version"] !== examinationSchema.shape.version.value) return undefined;
  const parsed = examinationSchema.safeParse(stored);
  if (parsed.success) return parsed.data;
  throw new DamagedFileError(path, firstProblem(parsed.error, stored));
}
