/** The table of learning rules: help, tests and benches go over it. */
import { backprop } from "./backprop.ts";
import { bptt } from "./bptt.ts";
import { dfa } from "./dfa.ts";
import { rtrl } from "./rtrl.ts";
import type { Updater } from "./updater.ts";

export const updaters: Readonly<Record<string, Updater>> = { dfa, backprop, bptt, rtrl };
