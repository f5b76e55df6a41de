/** What a run tells TensorBoard: curves, weights, settings, and the metrics of its test. */
import type { Replica } from "../config/replicas.ts";
import { pathsOfKey } from "../config/sweep.ts";
import type { Program } from "../core/program/program.ts";
import { isFinished } from "../core/training/end_of_training.ts";
import type { EndReason } from "../core/training/exit_codes.ts";
import { meanOf, type Metrics } from "../core/training/sums.ts";
import { stopReasons, type TrainRow } from "../core/training/train_options.ts";
import type { CheckpointContent } from "./files/checkpoint_format.ts";
import {
  histogram,
  hparams,
  hparamsEnd,
  type HparamValue,
  markdown,
  scalar,
  type Summary,
} from "./files/summaries.ts";
import { openEventFile } from "./files/tfevents.ts";

/** Replicas that each get a curve; of more replicas only the mean is drawn. */
const mostCurves = 16;

export interface TensorboardLog {
  row(row: TrainRow): void;
  /** Draws the weights: at a checkpoint they have been read anyway. */
  checkpoint(content: CheckpointContent): void;
  /** Writes the metrics of the test, and how the run ended. */
  end(iteration: number, metrics: Metrics, reason: EndReason): void;
  sync(): void;
  close(): void;
}

/**
 * Starts an event file in a run folder.
 *
 * @param options.config the settings, by section; a new run writes them once.
 * @param options.resumeAt the iteration that a run goes on from; undefined: a new run.
 */
export function openTensorboardLog(
  folder: string,
  { config, program, replicas, resumeAt }: {
    config: object;
    program: Program;
    replicas: readonly Replica[];
    resumeAt: number | undefined;
  },
): TensorboardLog {
  const events = openEventFile(folder, resumeAt === undefined ? {} : { resumeAt });
  const now = () => Date.now() / 1000;
  if (resumeAt === undefined) {
    const json = JSON.stringify(config, null, 2);
    events.append({
      step: 0,
      values: [
        markdown("config", `\`\`\`json\n${json}\n\`\`\``),
        hparams(settingsOf(config), now()),
      ],
    });
  }
  return {
    row: ({ iteration: step, values }) => events.append({ step, values: curves(values, replicas) }),
    checkpoint({ iteration: step, tensors }) {
      const values = [...tensors].flatMap(([name, { data }]) =>
        program.slots.get(name)?.kind === "parameter" ? [histogram(`weights/${name}`, data)] : []
      );
      events.append({ step, values });
    },
    end(step, metrics, reason) {
      const tested = Object.entries(metrics).filter(([name]) => name.startsWith("test/"));
      const values = curves(Object.fromEntries(tested), replicas);
      // One that was stopped goes on, and TensorBoard takes the first end that it reads.
      const isStopped = stopReasons.some((other) => other === reason);
      const end = isStopped ? [] : [hparamsEnd(isFinished(reason), now())];
      events.append({ step, values: [...values, ...end] });
    },
    sync: events.sync,
    close: events.close,
  };
}

/** Points of curves: the mean of every metric, and its value for each replica, by the name of that. */
const curves = (metrics: Metrics, replicas: readonly Replica[]): Summary[] =>
  Object.entries(metrics).flatMap(([name, values]) => [
    scalar(name, meanOf(values)),
    ...values.length === 1 || values.length > mostCurves
      ? []
      : values.map((value, index) => scalar(`${name}/${replicas[index]!.label}`, value)),
  ]);

/** Settings by their paths, such as `model.hidden_size`; lists and groups as text. One that is swept has no value. */
function settingsOf(config: object): Record<string, HparamValue> {
  const stored = JSON.parse(JSON.stringify(config)) as Record<string, Record<string, unknown>>;
  const swept = Object.keys(stored["training"]?.["sweep"] ?? {}).flatMap(pathsOfKey);
  const paths = Object.entries(stored).flatMap(([section, settings]) =>
    Object.entries(settings).map(([key, value]) => [`${section}.${key}`, value] as const)
  );
  return Object.fromEntries(
    paths.filter(([path]) => !swept.includes(path)).map(([path, value]) => [
      path,
      ["number", "string", "boolean"].includes(typeof value)
        ? value as HparamValue
        : JSON.stringify(value),
    ]),
  );
}
