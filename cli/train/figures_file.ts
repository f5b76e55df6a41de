/** `figures.json`: what a report draws that no other file of the run holds. */
import { join } from "node:path";
import { sizeOf } from "../../core/axes.ts";
import type { Engine } from "../../core/backends/backend.ts";
import type { Slot } from "../../core/program/node.ts";
import { writeJsonFile } from "../../core/run/json_file.ts";
import type { Task } from "../../core/task.ts";
import { packFloats } from "../stored/base64_floats.ts";

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

/** Writes the bounds of the task alone: what is known before training. */
export function writeBounds(folder: string, task: Task): void {
  write(folder, { task, matrices: [], notes: [] });
}

/** Writes the bounds, and the weight matrices and masks as they are on the device. */
export async function writeFigures(
  folder: string,
  { task, engine }: { task: Task; engine: Engine },
): Promise<void> {
  const { slots, extents } = engine.program;
  const weights = [...slots.values()].filter(isWeight);
  const shown = weights.filter(({ shape }) => sizeOf(shape) <= MOST_VALUES);
  const read = await engine.read(shown.map(({ name }) => name));
  const replicas = Math.min(extents.replicas, MOST_REPLICAS);
  const matrices = shown.flatMap((slot) => {
    const size = sizeOf(slot.shape);
    const stride = size * (slot.sequence ? extents.sequences : 1);
    const all = read.get(slot.name)!;
    return Array.from({ length: replicas }, (_, replica): StoredMatrix => ({
      name: slot.name,
      title: titleOf(slot),
      rows: slot.shape[0]!,
      columns: slot.shape[1]!,
      values: packFloats(all.subarray(replica * stride, replica * stride + size)),
      ...extents.replicas > 1 ? { replica } : {},
    }));
  });
  const notes: string[] = [];
  if (weights.some(({ sequence }) => sequence) && extents.sequences > 1) {
    notes.push("Fast weights are those of the first sequence of the last batch.");
  }
  if (shown.length < weights.length) {
    notes.push(`Matrices of more than ${MOST_VALUES} values are not drawn.`);
  }
  if (replicas < extents.replicas) {
    notes.push(`Matrices of the first ${replicas} of ${extents.replicas} replicas are drawn.`);
  }
  write(folder, { task, matrices, notes });
}

function write(
  folder: string,
  { task, matrices, notes }: { task: Task; matrices: StoredMatrix[]; notes: string[] },
): void {
  const bounds = { score: task.score, chance: task.chance, best_loss: task.bestLoss };
  writeJsonFile(join(folder, "figures.json"), { bounds, notes, matrices });
}

const isWeight = ({ name, kind, shape, step }: Slot): boolean =>
  shape.length === 2 && !step && (kind === "parameter" || name.endsWith("/mask"));

function titleOf({ name }: Slot): string {
  const [, layer = name, what = ""] = /^(.*)\/(\w+)$/.exec(name) ?? [];
  if (what === "weight") return `Weights of ${layer}`;
  if (what === "mask") return `High-plasticity mask of ${layer}`;
  return name;
}
