/** One virtual sequence for every trained number: which are run together, and where each belongs. */
import { type Shape, sizeOf } from "../core/axes.ts";
import type { Value } from "../core/program/elementwise.ts";
import {
  add,
  batchSum,
  div,
  equal,
  floor,
  iota,
  mul,
  outer,
  sequenceIndex,
  sub,
} from "../core/program/language.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { CannotTrain, type Learning } from "./updater.ts";

/** The part of a parameter's numbers that a chunk has. */
export interface Span {
  readonly name: string;
  readonly shape: Shape;
  /** The virtual sequence of the parameter's first number; negative if an earlier chunk had it. */
  readonly offset: number;
  /** Whether this chunk has the parameter's first number. */
  readonly isStart: boolean;
}

/** Numbers differentiated by in one run through the sequence. */
export type Chunk = readonly Span[];

const CHUNK_BYTES = 256e6;
/** Virtual sequences are numbered in float32, a half more included. */
const MOST_NUMBERS = 1 << 22;

/**
 * Splits the trained numbers into chunks of about the same size.
 *
 * @param wanted numbers of a chunk; 0: what fits into `CHUNK_BYTES`.
 * @returns `size`, the virtual sequences of a chunk; the last ones of the last may stand for nothing.
 * @throws CannotTrain if there are too many trained numbers.
 */
export function chunksOf(
  { model, extents }: Learning,
  wanted: number,
): { chunks: Chunk[]; size: number } {
  const trained = Object.entries(model.parameters).filter(([, each]) =>
    each.trained && !each.perStep
  );
  const total = trained.reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0);
  if (total > MOST_NUMBERS) {
    throw new CannotTrain(
      `rtrl: model ${model.name} has ${total} trained numbers, expected at most ${MOST_NUMBERS}; use bptt`,
    );
  }
  const states = Object.values(model.state).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const lengths = trained.reduce(
    (sum, [, { shape }]) => sum + shape.reduce<number>((a, b) => a + b, 0),
    0,
  );
  const fitting = Math.floor(CHUNK_BYTES / (4 * extents.replicas * (states + lengths + 1)));
  const largest = Math.min(total, wanted || Math.max(1, fitting));
  const count = Math.max(1, Math.ceil(total / Math.max(1, largest)));
  const size = Math.max(1, Math.ceil(total / count));
  const chunks = Array.from({ length: count }, (_, index): Chunk => {
    let start = -index * size;
    return trained.flatMap(([name, { shape }]) => {
      const offset = start;
      start += sizeOf(shape);
      if (start <= 0 || offset >= size) return [];
      return [{ name, shape, offset, isStart: offset >= 0 }];
    });
  });
  return { chunks, size };
}

const directionSlots = (name: string) =>
  [`train/direction/post/${name}`, `train/direction/pre/${name}`] as const;

/** Stores which number of each parameter a virtual sequence stands for, as factors of a one-hot. */
export function storeDirections(builder: ProgramBuilder, stage: StageBuilder, chunk: Chunk): void {
  for (const { name, shape, offset } of chunk) {
    const [postSlot, preSlot] = directionSlots(name);
    const index = sub(sequenceIndex(stage.load("learning_rate")), offset);
    if (shape.length === 0) {
      builder.slot(postSlot, { kind: "state", hasBatchAxis: true });
      stage.store(postSlot, equal(index, 0));
      continue;
    }
    const [rows, columns = 1] = shape;
    // Devices may round a quotient down: half a number more keeps it above the whole one.
    const post = floor(div(add(index, 0.5), columns));
    builder.slot(postSlot, { kind: "state", shape: [rows], hasBatchAxis: true });
    stage.store(postSlot, equal(iota(index, rows), post));
    if (shape.length === 1) continue;
    builder.slot(preSlot, { kind: "state", shape: [columns], hasBatchAxis: true });
    stage.store(preSlot, equal(iota(index, columns), sub(index, mul(post, columns))));
  }
}

/** The tangent of a parameter: 1 at the number that a virtual sequence stands for, if it has one. */
export function directionOf(stage: StageBuilder, { name, shape }: Span): Value {
  const [post, pre] = directionSlots(name);
  return shape.length === 2 ? outer(stage.load(post), stage.load(pre)) : stage.load(post);
}

/** Puts one number of each virtual sequence where it belongs in a parameter; 0 elsewhere. */
export function gather(stage: StageBuilder, values: Value, { name, shape }: Span): Value {
  const [postSlot, preSlot] = directionSlots(name);
  const post = mul(stage.load(postSlot), values);
  return batchSum(shape.length === 2 ? outer(post, stage.load(preSlot)) : post);
}
