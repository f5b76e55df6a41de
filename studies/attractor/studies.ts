/** The studies: the phases of the published description in their order, then the next steps that it names. */
import type { Study } from "../experiment.ts";

export const studies = [
  { name: "single-memory", title: "Phase 1: one memory" },
  { name: "two-memories", title: "Phase 2: two memories" },
  { name: "activation-sweep", title: "Phase 3: activation functions" },
  { name: "structure-ablation", title: "Phase 4: what each part of the training does" },
  { name: "memory-sweep", title: "Phase 5: 5 to 20 memories" },
  { name: "noise", title: "Phase 6: damaged cues" },
  {
    name: "hebb-comparison",
    title: "Learned weights against the Hebb rule and the pseudo-inverse",
  },
  { name: "capacity", title: "How many patterns can be exact fixed points" },
  { name: "noise-aware", title: "Training with damaged cues" },
  { name: "network-size", title: "Networks of 64, 128 and 256 neurons" },
  { name: "correlation", title: "Correlated patterns" },
  { name: "sparsity", title: "Sparse connections" },
  { name: "firing-rate", title: "A price on activity" },
] as const satisfies readonly Study[];

export type StudyName = typeof studies[number]["name"];
