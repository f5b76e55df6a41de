/** `figures.json`: what a report draws that no other file of the run holds. */
import { join } from "node:path";
import { sizeOf } from "../core/axes.ts";
import type { Engine } from "../core/backends/backend.ts";
import { judgedSlot } from "../core/program/average_slot.ts";
import type { Slot } from "../core/program/node.ts";
import { writeJsonFile } from "./files/json_file.ts";
import type { Task } from "../core/training/task.ts";
import { packFloats } from "./base64_floats.ts";
import type { Replica } from "../config/replicas.ts";
import { commonBound } from "./common_bound.ts";

/** Larger matrices would make the report heavy and show nothing. */
const MOST_VALUES = 1 << 18;
const MOST_REPLICAS = 8;

interface StoredMatrix {
  readonly name: string;
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
  /** Base64 of little-endian float32. */
  readonly values: string;
  readonly replica?: number;
}

/** Writes the bounds of the tasks, [P], alone: what is known before training. */
export function writeBounds(folder: string, tasks: readonly Task[]): void {
  write(folder, { tasks, matrices: [], notes: [] });
}

/** Writes the bounds, and the weight matrices and masks as they are on the device. */
export async function writeFigures(
  folder: string,
  { tasks, replicas, engine }: {
    tasks: readonly Task[];
    replicas: readonly Replica[];
    engine: Engine;
  },
): Promise<void> {
  const { slots, extents } = engine.program;
  const weights = [...slots.values()].filter(isWeight);
  const shown = weights.filter(({ shape }) => sizeOf(shape) <= MOST_VALUES);
  const source = ({ name }: Slot) => judgedSlot(slots, name);
  const read = await engine.read(shown.map(source));
  const drawn = drawnReplicas(replicas);
  const matrices = shown.flatMap((slot) => {
    const size = sizeOf(slot.shape);
    const stride = size * (slot.hasBatchAxis ? extents.sequences : 1);
    const all = read.get(source(slot))!;
    return drawn.map((replica): StoredMatrix => ({
      name: slot.name,
      title: titleOf(slot),
      rows: slot.shape[0]!,
      columns: slot.shape[1]!,
      values: packFloats(all.subarray(replica * stride, replica * stride + size)),
      ...extents.replicas > 1 ? { replica } : {},
    }));
  });
  const notes: string[] = [];
  if (weights.some(({ hasBatchAxis }) => hasBatchAxis) && extents.sequences > 1) {
    notes.push("Fast weights are those of the first sequence of the last batch.");
  }
  if (shown.length < weights.length) {
    notes.push(`Matrices of more than ${MOST_VALUES} values are not drawn.`);
  }
  if (drawn.length < replicas.length) {
    const which = drawn.at(-1) === drawn.length - 1 ? "the first " : "";
    notes.push(`Matrices of ${which}${drawn.length} of ${replicas.length} replicas are drawn.`);
  }
  write(folder, { tasks, matrices, notes });
}

/** Places of those that are drawn: where that is not all, of every point of a sweep the first ones. */
function drawnReplicas(replicas: readonly Replica[]): number[] {
  const turns = new Map<number, number>();
  const all = replicas.map(({ point }, replica) => {
    const turn = turns.get(point) ?? 0;
    turns.set(point, turn + 1);
    return { replica, turn };
  });
  return all.sort((a, b) => a.turn - b.turn || a.replica - b.replica)
    .slice(0, MOST_REPLICAS).map(({ replica }) => replica).sort((a, b) => a - b);
}

function write(
  folder: string,
  { tasks, matrices, notes }: { tasks: readonly Task[]; matrices: StoredMatrix[]; notes: string[] },
): void {
  const bounds = {
    score: tasks[0]!.score,
    chance: commonBound(tasks, "chance"),
    best_loss: commonBound(tasks, "bestLoss"),
  };
  writeJsonFile(join(folder, "figures.json"), { bounds, notes, matrices });
}

const isWeight = ({ name, kind, shape, hasTimeAxis }: Slot): boolean =>
  shape.length === 2 && !hasTimeAxis && (kind === "parameter" || name.endsWith("/mask"));

function titleOf({ name }: Slot): string {
  const [, layer = name, what = ""] = /^(.*)\/(\w+)$/.exec(name) ?? [];
  if (what === "weight") return `Weights of ${layer}`;
  if (what === "mask") return `High-plasticity mask of ${layer}`;
  return name;
}
