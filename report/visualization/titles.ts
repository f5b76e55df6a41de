/** Names of a model's values as people read them. */

const patterns: readonly (readonly [RegExp, string])[] = [
  [/^weight_matrix_list\.(\d+)$/, "Weights W, layer $1"],
  [/^eta_matrix_list\.(\d+)$/, "Rates η, layer $1"],
  [/^w_final$/, "Readout weights"],
  [/^hidden_(\d+)$/, "Hidden activity, layer $1"],
  [/^plastic_(\d+)$/, "Plastic matrix P, layer $1"],
  [/^effective_(\d+)$/, "Effective weights, layer $1"],
  [/^(.+)\/weight$/, "Weights of $1"],
];

/** A name that no pattern knows stays as it is. */
export function titleOf(name: string): string {
  const match = patterns.find(([pattern]) => pattern.test(name));
  return match ? name.replace(match[0], match[1]) : name;
}
