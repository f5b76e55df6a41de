/** The slot with what `evaluate` counts in each sequence, [K, P, B?, M], in the order of `metrics/evaluate`. */
export const sequenceSlot = "metrics/evaluate/sequences";
