import type { Extents } from "../../core/axes.ts";
import { describeInput } from "../../core/program/input.ts";
import type { ModelInstance } from "../../core/program/model.ts";
import { createProgram, type Program } from "../../core/program/program.ts";

/** The time step of a model alone, as a program of one stage: no loss, no learning rule. */
export function stepProgram(model: ModelInstance, extents: Extents): Program {
  const builder = createProgram(extents);
  for (const [name, declaration] of Object.entries(model.parameters)) {
    builder.declare(name, declaration);
  }
  for (const [name, { shape }] of Object.entries(model.state)) {
    builder.slot(name, { kind: "state", shape, hasBatchAxis: true });
  }
  for (const [name, declaration] of Object.entries(model.inputs)) {
    const { shape, perStep } = describeInput(declaration);
    builder.slot(name, { kind: "input", shape, hasBatchAxis: true, hasTimeAxis: perStep });
  }
  builder.stage("run", { name: "step", loop: "forward" }, (stage) => {
    const { nextState, output } = model.trace(stage);
    for (const [name, value] of Object.entries(nextState)) stage.store(name, value);
    // Often the output is the new activity, and stored as that.
    if (Object.values(nextState).includes(output)) return;
    builder.slot("output", { kind: "state", shape: output.shape, hasBatchAxis: true });
    stage.store("output", output);
  });
  return builder.build();
}
