/** Virtual sequences of rtrl, one per trained number: which ones run together, and the number of each. */
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
  where,
} from "../core/program/language.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { CannotTrain, type Learning } from "./updater.ts";

/** A parameter that has numbers in a group. */
export interface Span {
  readonly name: string;
  readonly shape: Shape;
  /** The virtual sequence of the parameter's first number; negative if that is in an earlier group. */
  readonly offset: number;
  /** Whether the parameter's first number is in this group. */
  readonly isStart: boolean;
}

/** Trained numbers that one run through the sequence differentiates by. */
export type NumberGroup = readonly Span[];

/** Most bytes of tangents, by default. */
const GROUP_BYTES = 256e6;
/** Virtual sequences have float32 numbers, which must be exact with 1/2 added. */
const MOST_NUMBERS = 1 << 22;

/**
 * Splits the trained numbers into groups of equal size.
 *
 * @param wanted most numbers of a group; 0: as many as fit into `GROUP_BYTES`.
 * @returns the groups, and their size. The last group may have fewer numbers than virtual sequences.
 * @throws CannotTrain if there are too many trained numbers.
 */
export function groupsOf(
  { model, extents }: Learning,
  wanted: number,
): { groups: NumberGroup[]; size: number } {
  const trained = Object.entries(model.parameters).filter(([, parameter]) =>
    parameter.trained && !parameter.perStep
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
  const fitting = Math.floor(GROUP_BYTES / (4 * extents.replicas * (states + lengths + 1)));
  const largest = Math.min(total, wanted || Math.max(1, fitting));
  const count = Math.max(1, Math.ceil(total / Math.max(1, largest)));
  const size = Math.max(1, Math.ceil(total / count));
  const groups = Array.from({ length: count }, (_, index): NumberGroup => {
    let start = -index * size;
    return trained.flatMap(([name, { shape }]) => {
      const offset = start;
      start += sizeOf(shape);
      if (start <= 0 || offset >= size) return [];
      return [{ name, shape, offset, isStart: offset >= 0 }];
    });
  });
  return { groups, size };
}

const directionSlots = (name: string) =>
  [`train/direction/post/${name}`, `train/direction/pre/${name}`] as const;

/** Where the number of each virtual sequence is along the axes of a parameter; 0 is the number of a scalar. */
function indicesOf(numbers: Value, shape: Shape): Value[] {
  const [, columns] = shape;
  if (columns === undefined) return [numbers];
  // Devices may round a quotient down. With 1/2 added it stays above the whole number.
  const post = floor(div(add(numbers, 0.5), columns));
  return [post, sub(numbers, mul(post, columns))];
}

/** 1 at an index, 0 elsewhere. */
const oneHot = (index: Value, extent: number | undefined): Value =>
  equal(extent === undefined ? 0 : iota(index, extent), index);

/** Most sequences of a replica for which a workgroup of a GPU has a lane each. */
const MOST_LANES = 1024;

/**
 * Stores the number that each virtual sequence stands for: a one-hot, as two factors of a matrix. Where a lane of a GPU owns
 * each sequence, only the indices of vectors are stored, since lanes have few registers. Elsewhere a vector is read faster
 * than it is made.
 */
export function storeDirections(
  builder: ProgramBuilder,
  stage: StageBuilder,
  { group, device, extents }: Pick<Learning, "device" | "extents"> & { group: NumberGroup },
): void {
  const storesIndices = device === "gpu" && extents.sequences <= MOST_LANES;
  for (const { name, shape, offset } of group) {
    const numbers = sub(sequenceIndex(stage.load("learning_rate")), offset);
    indicesOf(numbers, shape).forEach((index, axis) => {
      const value = storesIndices && shape.length > 0 ? index : oneHot(index, shape[axis]);
      const slot = directionSlots(name)[axis]!;
      builder.slot(slot, { kind: "state", shape: value.shape, hasBatchAxis: true });
      stage.store(slot, value);
    });
  }
}

/** The tangent of a parameter: 1 at the number that a virtual sequence stands for, 0 elsewhere. */
export function directionOf(stage: StageBuilder, { name, shape }: Span): Value {
  const [post, pre] = directionSlots(name);
  const factor = (slot: string, extent: number | undefined): Value => {
    const stored = stage.load(slot);
    const isIndex = extent !== undefined && stored.shape.length === 0;
    return isIndex ? oneHot(stored, extent) : stored;
  };
  const [rows, columns] = shape;
  return columns === undefined
    ? factor(post, rows)
    : outer(factor(post, rows), factor(pre, columns));
}

/** Puts the value of each virtual sequence at its number in a parameter: one that is NaN spoils no other. */
export const scatter = (stage: StageBuilder, values: Value, span: Span): Value =>
  batchSum(where(directionOf(stage, span), values, 0));
