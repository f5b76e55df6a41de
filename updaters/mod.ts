/** The table of learning rules. Help, tests and benches go over it, so a new rule is one more line here. */
import { backprop } from "./backprop.ts";
import { bptt } from "./bptt.ts";
import { dfa } from "./dfa.ts";
import { rtrl } from "./rtrl.ts";
import type { BackpropSettings, BpttSettings, DfaSettings, RtrlSettings } from "./settings.ts";
import type { Updater } from "./updater.ts";

/** The table of learning rules, each with the type of its settings. */
export type Updaters = {
  /** Direct feedback alignment. */
  readonly dfa: Updater<DfaSettings>;
  /** Back-propagation within a step. */
  readonly backprop: Updater<BackpropSettings>;
  /** Back-propagation through time. */
  readonly bptt: Updater<BpttSettings>;
  /** Real-time recurrent learning. */
  readonly rtrl: Updater<RtrlSettings>;
};

/**
 * Every learning rule, by the name that commands call it.
 *
 * @example
 * const extents = { replicas: 1, sequences: 8, steps: task.steps };
 * const program = updaters.bptt.build({ model, loss: task.loss, extents }, { learning_rate: 1e-3 });
 */
export const updaters: Updaters = { dfa, backprop, bptt, rtrl };

/**
 * The learning rule with a name that is known only when the program runs.
 *
 * @throws RangeError that lists all rules.
 * @example
 * const program = findUpdater(Deno.args[0] ?? "bptt").build({ model, loss: task.loss, extents });
 */
export function findUpdater(name: string): Updater {
  const table: Readonly<Record<string, Updater>> = updaters;
  if (Object.hasOwn(table, name)) return table[name]!;
  const names = Object.keys(table).join(", ");
  throw new RangeError(`No updater is named ${JSON.stringify(name)}; updaters are ${names}`);
}
