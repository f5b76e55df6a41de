/** Runs a tiny program on a device, in the way of a training run. */
import { errorLine } from "../../config/error_line.ts";
import { openBackend, type OpenBackendOptions } from "../../core/backends/open_backend.ts";
import { add, finite, matvec, tanh } from "../../core/program/language.ts";
import { createProgram, type Program } from "../../core/program/program.ts";

const weights = [0.5, -1, 2, 0.25];
const input = [1, -0.5];
const expected = [Math.tanh(1) + 1, Math.tanh(1.875) + 1];

function tinyProgram(): Program {
  const builder = createProgram({ replicas: 1, sequences: 1, steps: 1 });
  builder.slot("w", { kind: "parameter", shape: [2, 2] });
  builder.slot("x", { kind: "parameter", shape: [2] });
  builder.slot("y", { kind: "parameter", shape: [2] });
  builder.stage("main", { name: "main" }, (stage) => {
    const y = tanh(matvec(stage.load("w"), stage.load("x")));
    stage.store("y", add(y, finite(y)));
  });
  return builder.build();
}

/** Undefined if the device computes right; otherwise a line that says what went wrong. */
export async function tryDevice(options: OpenBackendOptions): Promise<string | undefined> {
  try {
    const { backend } = await openBackend(options);
    try {
      const engine = await backend.prepare(tinyProgram());
      try {
        engine.write("w", Float32Array.from(weights));
        engine.write("x", Float32Array.from(input));
        await engine.run("main", { iterations: 1 });
        const y = [...(await engine.read(["y"])).get("y")!];
        const isRight = y.every((value, index) => Math.abs(value - expected[index]!) < 1e-5);
        return isRight ? undefined : `computes ${y.join(", ")}, expected ${expected.join(", ")}`;
      } finally {
        engine.close();
      }
    } finally {
      backend.close();
    }
  } catch (error) {
    return errorLine(error);
  }
}
