/** What an optimizer makes of six numbers, update by update. */
import { referenceBackend } from "../../../core/backends/reference/reference.ts";
import { matrix, scalar, vector } from "../../../core/program/declaration.ts";
import { createProgram } from "../../../core/program/program.ts";
import { single } from "../../../core/testing/evaluate_stage.ts";
import { declareOptimizer, updateShared } from "../../shared_update.ts";
import type { Optimizer } from "../transform.ts";

export const rate = 0.05;
export const updates = 40;
/** The gradient of each number in each update, large at times. */
export const gradientAt = (update: number, index: number) =>
  Math.sin(1.7 * update + 2.3 * index) * (update % 7 === 3 ? 5 : 0.2);
export const start = Float64Array.of(0.3, -0.02, 0, 1.5, -0.7, 0.0004);

/** What the program makes of six numbers, a matrix of four and a vector of two, after every update. */
export async function trajectoryOf(optimizer: Optimizer): Promise<number[][]> {
  const parameters = { m: matrix(2, 2), v: vector(2) };
  const builder = createProgram(single);
  builder.declare("learning_rate", scalar(rate, { trained: false }));
  for (const [name, declaration] of Object.entries(parameters)) {
    builder.declare(name, declaration);
    builder.slot(`gradient/${name}`, { kind: "state", shape: declaration.shape });
  }
  declareOptimizer(builder, optimizer, parameters);
  builder.stage("main", { name: "main" }, (stage) => {
    const gradients = new Map(
      Object.keys(parameters).map((name) => [name, stage.load(`gradient/${name}`)]),
    );
    updateShared(stage, { gradients, optimizer, parameters });
  });
  const program = builder.build();
  const engine = await referenceBackend().prepare(program);
  engine.write("learning_rate", Float64Array.of(rate));
  engine.write("m", start.slice(0, 4));
  engine.write("v", start.slice(4));
  for (const [name, { kind }] of program.slots) {
    if (kind === "optimizer") {
      engine.write(name, new Float64Array((await engine.read([name])).get(name)!.length));
    }
  }
  const trajectory: number[][] = [];
  for (let update = 0; update < updates; update++) {
    const gradient = Float64Array.from(start, (_, index) => gradientAt(update, index));
    engine.write("gradient/m", gradient.slice(0, 4));
    engine.write("gradient/v", gradient.slice(4));
    await engine.run("main", { iterations: 1 });
    const read = await engine.read(["m", "v"]);
    trajectory.push([...read.get("m")!, ...read.get("v")!]);
  }
  engine.close();
  return trajectory;
}
