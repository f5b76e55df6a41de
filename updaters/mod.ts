/** The table of learning rules. Help, tests and benches go over it, so a new rule is one more line here. */
import { backprop } from "./backprop.ts";
import { bptt } from "./bptt.ts";
import { dfa } from "./dfa.ts";
import { rtrl } from "./rtrl.ts";
import type { Updater } from "./updater.ts";

/**
 * Every learning rule, by the name that commands call it.
 *
 * @example
 * const extents = { replicas: 1, sequences: 8, steps: task.steps };
 * const program = updaters.bptt!.build({ model, loss: task.loss, extents }, { learning_rate: 1e-3 });
 */
export const updaters: Readonly<Record<string, Updater>> = { dfa, backprop, bptt, rtrl };
