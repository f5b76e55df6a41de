/** `figures.json`: what a report draws that no other file of the run holds. */
import { join } from "node:path";
import { sizeOf } from "../core/axes.ts";
import type { Engine } from "../core/backends/backend.ts";
import { judgedSlot } from "../core/program/average_slot.ts";
import { metricFacts } from "../core/losses/metric_facts.ts";
import type { Interval } from "../core/numerics/statistics.ts";
import type { ModelInstance } from "../core/program/model.ts";
import type { Slot } from "../core/program/node.ts";
import { writeJsonFile } from "./files/json_file.ts";
import { guessLoss } from "../core/training/guess_loss.ts";
import type { Task } from "../core/training/task.ts";
import { packFloats } from "./base64_floats.ts";
import type { Replica } from "../config/replicas.ts";
import { commonBound, commonGuessing } from "./common_bound.ts";

/** Larger matrices would make the report slow to load, and no eye can tell their elements apart. */
const MOST_VALUES = 1 << 18;
const MOST_REPLICAS = 8;

interface StoredMatrix {
  readonly name: string;
  readonly title: string;
  /** What the model says that it is. */
  readonly summary?: string;
  readonly rows: number;
  readonly columns: number;
  /** Base64 of little-endian float32. */
  readonly values: string;
  readonly replica?: number;
}

/** Writes what is known before training: what the tasks [P] and their loss declare, and what is to be said. */
export function writeBounds(
  folder: string,
  tasks: readonly Task[],
  notes: readonly string[] = [],
): void {
  write(folder, { tasks, matrices: [], notes: [...notes] });
}

/**
 * Writes what the tasks [P] and their loss declare, the weight matrices and masks that are on the device,
 * and the intervals of the score on fresh sequences, [P], if there are any.
 */
export async function writeFigures(
  folder: string,
  { tasks, replicas, engine, model, intervals, told = [] }: {
    tasks: readonly Task[];
    replicas: readonly Replica[];
    engine: Engine;
    model: ModelInstance;
    intervals: readonly Interval[] | undefined;
    /** What is to be said before all else. */
    told?: readonly string[];
  },
): Promise<void> {
  const { slots, extents } = engine.program;
  const weights = [...slots.values()].filter(isWeight);
  const smallWeights = weights.filter(({ shape }) => sizeOf(shape) <= MOST_VALUES);
  const source = ({ name }: Slot) => judgedSlot(slots, name);
  const values = await engine.read(smallWeights.map(source));
  const indices = drawnReplicas(replicas);
  const matrices = smallWeights.flatMap((slot) => {
    const size = sizeOf(slot.shape);
    const stride = size * (slot.hasBatchAxis ? extents.sequences : 1);
    const slotValues = values.get(source(slot))!;
    return indices.map((replica): StoredMatrix => ({
      name: slot.name,
      title: titleOf(slot),
      ...summaryOf(slot, model),
      rows: slot.shape[0]!,
      columns: slot.shape[1]!,
      values: packFloats(slotValues.subarray(replica * stride, replica * stride + size)),
      ...extents.replicas > 1 ? { replica } : {},
    }));
  });
  const notes = [...told];
  if (weights.some(({ hasBatchAxis }) => hasBatchAxis) && extents.sequences > 1) {
    notes.push("Fast weights are those of the first sequence of the last batch.");
  }
  const measured = engine.program.metrics.get("measure") ?? [];
  if (!measured.some((name) => /(^|_)gradient_norm$/.test(name))) {
    notes.push(
      "The norm of the gradient is not measured: the network is large, and nothing bounds it.",
    );
  }
  if (smallWeights.length < weights.length) {
    notes.push(`Matrices of more than ${MOST_VALUES} values are not drawn.`);
  }
  if (indices.length < replicas.length) {
    const which = indices.at(-1) === indices.length - 1 ? "the first " : "";
    notes.push(`Matrices of ${which}${indices.length} of ${replicas.length} replicas are drawn.`);
  }
  write(folder, { tasks, matrices, notes, intervals });
}

/**
 * Indices of the replicas that are drawn, rising. Where there are too many, every point of a sweep gets
 * one before any gets a second.
 */
function drawnReplicas(replicas: readonly Replica[]): number[] {
  const counts = new Map<number, number>();
  const ranked = replicas.map(({ point }, index) => {
    const rank = counts.get(point) ?? 0;
    counts.set(point, rank + 1);
    return { index, rank };
  });
  return ranked.sort((a, b) => a.rank - b.rank || a.index - b.index)
    .slice(0, MOST_REPLICAS).map(({ index }) => index).sort((a, b) => a - b);
}

function write(
  folder: string,
  { tasks, matrices, notes, intervals }: {
    tasks: readonly Task[];
    matrices: StoredMatrix[];
    notes: string[];
    intervals?: readonly Interval[];
  },
): void {
  const { name, summary, score, loss, levels, guessedBy } = tasks[0]!;
  const taskNotes = [...new Set(tasks.flatMap(({ notes = [] }) => notes))];
  const bounds = {
    score,
    chance: commonBound(tasks, "chance"),
    best_loss: commonBound(tasks, "bestLoss"),
    guessing: commonGuessing(tasks),
    ...guessedBy === undefined ? {} : { guessed_by: guessedBy },
    guess_loss: guessLoss(tasks[0]!),
  };
  const metrics = Object.fromEntries(
    Object.keys(loss.metrics).map((metric) => [metric, metricFacts(loss, metric)]),
  );
  writeJsonFile(join(folder, "figures.json"), {
    task: { name, summary, notes: taskNotes },
    metrics,
    bounds,
    ...levels
      ? {
        levels: {
          symbol: levels.symbol,
          first: levels.first,
          streak: levels.streak,
          is_verified: levels.check !== undefined,
        },
      }
      : {},
    ...intervals ? { intervals } : {},
    notes,
    matrices,
  });
}

/** What the model says of the parameter of a slot. */
function summaryOf({ name }: Slot, { parameters }: ModelInstance): { summary?: string } {
  const summary = parameters[name]?.summary;
  return summary === undefined ? {} : { summary };
}

const isWeight = ({ name, kind, shape, hasTimeAxis }: Slot): boolean =>
  shape.length === 2 && !hasTimeAxis && (kind === "parameter" || name.endsWith("/mask"));

function titleOf({ name }: Slot): string {
  const [, layer = name, what = ""] = /^(.*)\/(\w+)$/.exec(name) ?? [];
  if (what === "weight") return `Weights of ${layer}`;
  if (what === "mask") return `High-plasticity mask of ${layer}`;
  return name;
}
