/** A sweep of 24 points for tests, whose sizes make four programs. */
import { tinyArguments } from "./tiny_run.ts";

/** Settings of all points: a run of them takes a moment. */
export const settingsOfGrid = (iterations: number): string[] => [
  ...tinyArguments.slice(1).filter((word) => !/^--(hidden-size|progress)/.test(word)),
  ...[`--iterations=${iterations}`, "--log-every=3", "--checkpoint-every=5"],
];

/** Its file. */
export const grid = `
method: grid
metric: { name: eval/loss, goal: minimize }
parameters:
  learning_rate: { values: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3] }
  hidden_size: { values: [3, 4, 5, 6] }
`;
