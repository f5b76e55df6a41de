/**
 * How the lanes of a workgroup with several sequences go over them: each lane visits its elements in one sequence after
 * the other, in rounds whose parts of sums fit.
 */
import {
  constantIndex,
  type Index,
  type IndexSymbol,
  symbolIndex,
  symbols,
} from "../../schedule/index.ts";
import { indent } from "./kernel_text.ts";
import type { LaneWriter } from "./lane_writer.ts";

/** Neighbouring sequences. */
export interface Round {
  readonly from: number;
  /** The one after the last. */
  readonly to: number;
  /** Whether a loop counts them. Else the text names each: its elements may be in registers. */
  readonly isLoop: boolean;
}

/** So many rounds, all about as long. */
export function roundsOf(
  sequences: number,
  { count, isLoop }: { count: number; isLoop: boolean },
): Round[] {
  const bounds = Array.from(
    { length: count + 1 },
    (_, round) => Math.round(round * sequences / count),
  );
  return bounds.slice(1).map((to, round) => ({ from: bounds[round]!, to, isLoop }));
}

/** The sequences of a workgroup by their numbers; an only one as what every pass calls it. */
export const sequenceIndices = (sequences: number): Index[] =>
  sequences === 1
    ? [symbolIndex(symbols.sequence)]
    : Array.from({ length: sequences }, (_, sequence) => constantIndex(sequence));

/** The sequence of a lane of a round. */
export const inRound = ({ from, to }: Round): Index =>
  symbolIndex({ ...symbols.sequence, count: to - from });

/** Writes the statements for each sequence of a round; without a round, for the only one of the workgroup. */
export function overRound(
  writer: LaneWriter,
  round: Round | undefined,
  write: (sequence: Index | undefined) => void,
): void {
  if (!round) return write(undefined);
  const { from, to, isLoop } = round;
  if (!isLoop) {
    for (let sequence = from; sequence < to; sequence++) write(constantIndex(sequence));
    return;
  }
  const name = "s";
  const counted: IndexSymbol = { kind: "loop", name, count: to - from };
  const body = writer.visit(to - from, () => write(symbolIndex(counted)));
  const loop = [
    `for (var ${name} = ${from}u; ${name} < ${to}u; ${name} += 1u) {`,
    ...indent(body),
    "}",
  ];
  for (const line of loop) writer.push(line);
}
