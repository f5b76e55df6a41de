/** Six numbers, a matrix of four and a vector of two, trained with the settings of slow weights. */
import type { Backend } from "../../../core/backends/backend.ts";
import { initialValues } from "../../../core/backends/initial_values.ts";
import { isPersistent } from "../../../core/backends/layout.ts";
import { matrix, scalar, vector } from "../../../core/program/declaration.ts";
import { createProgram } from "../../../core/program/program.ts";
import { single } from "../../../core/testing/evaluate_stage.ts";
import type { Learning } from "../../updater.ts";
import { updateSlowWeights } from "../../shared_update.ts";
import type { SlowWeightConfig } from "../config.ts";
import { storeRateFactor } from "../rate_factor.ts";
import { scheduleOf } from "../schedule_settings.ts";

const parameters = { m: matrix(2, 2), v: vector(2) };
/** What `updateSlowWeights` reads of what is learned. */
const learning = { model: { parameters }, extents: single } as unknown as Learning;

/**
 * The numbers after every batch.
 *
 * @param options.gradient of the numbers before a batch, 0, 1, 2, ...
 */
export async function trainNumbers(
  settings: Partial<SlowWeightConfig>,
  { backend, rate, start, iterations, gradient }: {
    backend: Backend;
    rate: number;
    start: readonly number[];
    iterations: number;
    gradient: (numbers: readonly number[], batch: number) => readonly number[];
  },
): Promise<number[][]> {
  const builder = createProgram(single);
  builder.declare("learning_rate", scalar(rate, { trained: false }));
  for (const [name, declaration] of Object.entries(parameters)) {
    builder.declare(name, declaration);
    builder.slot(`gradient/${name}`, { kind: "constant", shape: declaration.shape });
  }
  const schedule = scheduleOf(settings, iterations);
  if (schedule) {
    builder.stage("train", { name: "reset" }, (stage) => {
      storeRateFactor(stage, { builder, schedule });
    });
  }
  builder.stage("train", { name: "finish" }, (stage) => {
    const gradientOf = (name: string) => stage.load(`gradient/${name}`);
    updateSlowWeights(stage, { builder, learning, config: settings, gradClip: 0, gradientOf });
  });
  const program = builder.build();
  const engine = await backend.prepare(program);
  for (const slot of [...program.slots.values()].filter(isPersistent)) {
    engine.write(slot.name, initialValues(program, slot.name, [1]));
  }
  // First values are of float32, on every backend.
  engine.write("learning_rate", Float64Array.of(rate));
  const write = (prefix: string, values: readonly number[]) => {
    engine.write(`${prefix}m`, Float64Array.from(values.slice(0, 4)));
    engine.write(`${prefix}v`, Float64Array.from(values.slice(4)));
  };
  write("", start);
  const trajectory: number[][] = [];
  for (let batch = 0; batch < iterations; batch++) {
    write("gradient/", gradient(trajectory.at(-1) ?? start, batch));
    await engine.run("train", { iterations: 1 });
    const read = await engine.read(["m", "v"]);
    trajectory.push([...read.get("m")!, ...read.get("v")!]);
  }
  engine.close();
  return trajectory;
}
