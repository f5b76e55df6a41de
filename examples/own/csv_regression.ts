/**
 * A number from a row of readings, of a table of CSV beside this file. `recordings.csv` is made up: 320 rows with
 * eight readings and the dose that a leak leaves of them (0.8 of it from reading to reading), with noise of 0.05.
 */
import {
  abs,
  dataset,
  defineTask,
  huber,
  less,
  type Loss,
  mul,
  readCsv,
  type Sequence,
  sub,
  where,
  z,
} from "hebb";

const table = readCsv(new URL("recordings.csv", import.meta.url));
const readings = table.vectors(table.names.filter((name) => /^r\d+$/.test(name)));
const dose = table.numbers("dose");
const rows = readings.map((x, row) => ({ x, y: dose[row]! }));
const steps = readings[0]!.length;

/** Huber's loss (1964) of the answer: squared near 0, so that noise is averaged; straight for outliers. */
const huberOfAnswer: Loss = {
  name: "huber-of-answer",
  inputs: { target: [], answer: [] },
  step({ output, targets: { target, answer } }) {
    const isAnswer = less(0, answer!);
    const error = where(isAnswer, sub(output, target!), 0);
    const loss = huber(error);
    return { loss, weight: isAnswer, sums: { loss, error: abs(error), answers: mul(isAnswer, 1) } };
  },
  metrics: { loss: ["loss", "answers"], absolute_error: ["error", "answers"] },
  means: ["absolute_error"],
  notes: {
    absolute_error: {
      summary: "Mean distance of the answer from the dose, in deviations of the dose",
      better: "less",
    },
  },
};

export default defineTask({
  name: "csv_regression",
  summary: "Tell the dose from eight readings",
  aliases: [],
  config: z.strictObject({
    validation: z.number().positive().default(0.15).describe("Share of the rows for validation"),
    test: z.number().positive().default(0.15).describe("Share of the rows for the test"),
  }),
  build(split, facts) {
    const data = dataset(rows, { split });
    const input = data.scale(({ x }) => x);
    const output = data.scale(({ y }) => [y]);
    return {
      ...facts,
      steps,
      sizes: { inputs: 2 },
      // x: a reading, and whether it is there. The answer is asked for at the last step.
      inputs: { x: [2], target: [], answer: [] },
      output: [],
      loss: huberOfAnswer,
      score: "loss",
      chance: NaN,
      bestLoss: NaN,
      notes: [data.summary],
      heldOut: data.heldOut,
      sequence(random, draw): Sequence {
        const { x, y } = data.row(random, draw);
        const scaled = input.apply(x);
        const target = new Float32Array(steps).fill(output.apply([y])[0]!, -1);
        const pairs = Array.from(scaled, (value, t) => [value, Number(!Number.isNaN(x[t]))]);
        return {
          x: Float32Array.from(pairs.flat()),
          target,
          answer: new Float32Array(steps).fill(1, -1),
        };
      },
    };
  },
});
