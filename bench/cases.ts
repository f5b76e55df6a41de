/** The programs that benches time: every model with every learning rule, at a few sizes. */
import { z } from "zod";
import { crossEntropy } from "../core/losses/cross_entropy.ts";
import type { Program } from "../core/program/program.ts";
import type { Task } from "../core/training/task.ts";
import { models } from "../models/mod.ts";
import { findTask } from "../tasks/mod.ts";
import { updaters } from "../updaters/mod.ts";

export interface BenchCase {
  readonly name: string;
  readonly task: Task;
  readonly program: Program;
}

const sizes = [
  { hidden: 32, batch: 1 },
  { hidden: 64, batch: 16 },
];

/** Whether a model reads one-hot symbols, as the task of these benches makes them. */
const readsSymbols = (model: string): boolean => {
  const { config } = models[model]!;
  return config instanceof z.ZodObject && "symbols" in config.shape;
};

/** @param only a part of the names wanted; all by default. */
export function benchCases(only = ""): BenchCase[] {
  const task = findTask("long_range_memory").build();
  return Object.keys(models).flatMap((model) =>
    Object.keys(updaters).flatMap((updater) =>
      sizes.map(({ hidden, batch }) => ({ model, updater, hidden, batch }))
    )
  ).filter(({ model, updater, batch }) =>
    readsSymbols(model) && (updater !== "rtrl" || model === "rnn" && batch === 1)
  ).map(({ model, updater, hidden, batch }) => ({
    name: `${model}-${updater}-h${hidden}-b${batch}`,
    model,
    updater,
    hidden,
    batch,
  }))
    .filter(({ name }) => name.includes(only))
    .map(({ name, model, updater, hidden, batch }) => {
      const extents = { replicas: 1, sequences: batch, steps: task.steps };
      const instance = models[model]!.instantiate({
        symbols: task.sizes["symbols"]!,
        hidden_size: hidden,
      });
      const program = updaters[updater]!.build({ model: instance, loss: crossEntropy, extents }, {
        learning_rate: 1e-3,
      });
      return { name, task, program };
    });
}
