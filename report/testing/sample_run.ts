/** A made-up run for tests of the report; its numbers look like training but come from formulas. */
import type { RunTexts } from "../run_files.ts";

const usualName = "palindrome-dfa-29";

export interface SampleOptions {
  /** Stands for the run's name, and in every other text of the files. */
  readonly name?: string;
  /** P */
  readonly replicas?: number;
  /** Rows of metrics. */
  readonly lines?: number;
}

/** Files of a run of `replicas` networks that learn with slightly different speeds. */
export function sampleRun(options: SampleOptions = {}): RunTexts {
  const { name = usualName, replicas = 1, lines = 120 } = options;
  const rows = Array.from({ length: lines }, (_, line) => metricsRow(line, replicas));
  const last = Object.assign({}, ...rows) as ReturnType<typeof metricsRow>;
  const matrices = Array.from({ length: replicas }, (_, replica) => [
    matrix(name, "w_hh", "Recurrent weights W", { rows: 29, columns: 29, replica }),
    matrix(name, "alpha", "Plasticity α", { rows: 29, columns: 29, replica }),
    matrix(name, "w_ho", "Readout", { rows: 6, columns: 29, replica }),
  ]).flat();
  return {
    config: JSON.stringify(config(name, replicas)),
    environment: JSON.stringify({
      commit: "0123456789abcdef",
      versions: { hebb: "0.1.0", deno: "2.9.6" },
      device: { kind: "cpu", name: name === usualName ? "AMD EPYC" : name, workers: 8 },
      command: ["hebb", "train", "--name", name],
    }),
    status: JSON.stringify(status(name, last)),
    // The last line is torn, as a crash leaves it.
    metrics: rows.map((line) => JSON.stringify(line)).join("\n") + '\n{"iteration": 6050, "tr',
    figures: JSON.stringify({
      matrices,
      task: { name: name === usualName ? "palindrome" : name, summary: `Two symbols, of ${name}` },
      metrics: {
        loss: { kind: "mean", unit: "nats", better: "less", summary: `Mean loss of ${name}.` },
        recall_accuracy: { kind: "share", better: "more" },
        accuracy: { kind: "share", better: "more" },
        last_accuracy: { kind: "share", better: "more" },
        top2_accuracy: {
          kind: "share",
          better: "more",
          summary: `Within the best two of ${name}.`,
        },
      },
      bounds: { chance: 0.17, best_loss: 0.46 },
      notes: [`The loss of ${name} counts the first half, which cannot be predicted.`],
    }),
  };
}

/** One line of `metrics.jsonl`: a number for one replica, an array for several. */
function metricsRow(line: number, replicas: number) {
  const iteration = 50 * (line + 1);
  const perReplica = (value: (replica: number) => number) => {
    const values = Array.from({ length: replicas }, (_, replica) => rounded(value(replica)));
    return replicas === 1 ? values[0] : values;
  };
  const learned = (replica: number) => 1 / (1 + Math.exp(-(line - 45 - 6 * replica) / 9));
  const noise = (seed: number) => (replica: number) =>
    0.5 * Math.sin(12.9 * line + 78.2 * replica + 3.7 * seed);
  const recall = (replica: number) => 0.17 + 0.82 * learned(replica);
  return {
    iteration,
    sequences: 64 * iteration,
    seconds: rounded(0.9 + 0.021 * iteration),
    "train/loss": perReplica((p) => 0.46 + 0.9 * (1 - learned(p)) + 0.03 * noise(1)(p)),
    "train/recall_accuracy": perReplica((p) => recall(p) + 0.015 * noise(2)(p)),
    "train/accuracy": perReplica((p) => 0.6 + 0.38 * learned(p) + 0.01 * noise(3)(p)),
    "train/last_accuracy": perReplica((p) => 0.3 + 0.69 * learned(p) + 0.01 * noise(4)(p)),
    "train/top2_accuracy": perReplica((p) => 0.75 + 0.24 * learned(p) + 0.005 * noise(5)(p)),
    "plastic/weight_norm_high": perReplica((p) => 1 + 5 * learned(p)),
    "plastic/weight_norm_low": perReplica((p) => 8 + 0.5 * learned(p)),
    "plastic/update_norm_high": perReplica((p) => 0.03 + 0.02 * noise(6)(p)),
    "plastic/update_norm_low": perReplica((p) => 0.002 + 0.001 * noise(7)(p)),
    ...(line % 10 === 9
      ? {
        "eval/loss": perReplica((p) => 0.47 + 0.9 * (1 - learned(p))),
        "eval/recall_accuracy": perReplica((p) => recall(p) - 0.004),
        "eval/accuracy": perReplica((p) => 0.595 + 0.38 * learned(p)),
      }
      : {}),
  };
}

const config = (name: string, replicas: number) => ({
  task: { name: "palindrome", length: 3, alphabet: name === usualName ? "abcdef" : name },
  model: { name: "plastic-rnn", neurons: 29, activation: "tanh", layers: [29, 6] },
  updater: {
    name: "dfa",
    optimizer: { name: "adam", learning_rate: 1e-3, betas: [0.9, 0.99] },
  },
  batch: 64,
  replicas,
  seed: 1,
  ...(name === usualName ? {} : { [name]: { [name]: name } }),
});

/** @param last the last value of every column. */
function status(name: string, last: ReturnType<typeof metricsRow>) {
  const { iteration, sequences, seconds, ...metrics } = last;
  return {
    run: name,
    state: "finished",
    end_reason: name === usualName ? "iteration limit" : name,
    iterations: iteration,
    sequences,
    seconds,
    device: `cpu, 8 workers${name === usualName ? "" : name}`,
    metrics: name === usualName ? metrics : { ...metrics, [name]: 1 },
  };
}

interface MatrixOptions {
  readonly rows: number;
  readonly columns: number;
  readonly replica: number;
}

function matrix(run: string, name: string, title: string, options: MatrixOptions) {
  const { rows, columns, replica } = options;
  const values = Array.from({ length: rows * columns }, (_, index) => {
    const post = Math.floor(index / columns), pre = index % columns;
    const diagonal = post === pre ? 1.5 : 0;
    return rounded(Math.sin(0.7 * post + 0.31 * pre * (replica + 1)) * 0.3 + diagonal);
  });
  const names = run === usualName ? { name, title } : { name: name + run, title: run };
  return {
    ...names,
    rows,
    columns,
    replica,
    // Both forms that a file may use.
    values: name === "alpha" ? values : new Uint8Array(Float32Array.from(values).buffer).toBase64(),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
