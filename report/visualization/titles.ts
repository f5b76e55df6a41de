/** Titles of a model's values, by the patterns of their names. */

const patterns: readonly (readonly [RegExp, string])[] = [
  [/^weight_matrix_list\.(\d+)$/, "Weights W, layer $1"],
  [/^eta_matrix_list\.(\d+)$/, "Rates η, layer $1"],
  [/^w_final$/, "Readout weights"],
  [/^hidden_(\d+)$/, "Hidden activity, layer $1"],
  [/^plastic_(\d+)$/, "Plastic matrix P, layer $1"],
  [/^effective_(\d+)$/, "Effective weights, layer $1"],
  [/^(.+)\/weight$/, "Weights of $1"],
];

/** The title of a value; a name that fits no pattern is its title. */
export function titleOf(name: string): string {
  const match = patterns.find(([pattern]) => pattern.test(name));
  return match ? name.replace(match[0], match[1]) : name;
}
