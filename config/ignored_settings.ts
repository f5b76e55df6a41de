/** Settings that the published command line always takes, and that some combinations leave unused. */
import type { EntryNames } from "./run_config.ts";

const fastOnly = new Set(["clip_weights", "normalize"]);

/** Why a setting does nothing with these entries, or undefined if it acts. */
export function whyIgnored(key: string, { model, updater }: EntryNames): string | undefined {
  if (key === "self_grad" && updater !== "dfa") return "it acts in updater dfa only";
  if (model === "rnn" && key === "self_grad") return "model rnn has no self-gradient layer";
  if (model !== "ethereal" && fastOnly.has(key)) return "it acts on fast weights only";
  if (model === "ethereal" && updater === "bptt" && (fastOnly.has(key) || key === "grad_clip")) {
    return "updater bptt takes plain steps on fast weights";
  }
  return undefined;
}
