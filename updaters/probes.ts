/** What a program with `probe` keeps for others to look at. */
import type { Value } from "../core/program/elementwise.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import type { Learning } from "./updater.ts";

/** Keeps values of every step in slots `<group>/<name>`, [T, P, B?, ...shape]. */
export function keepEveryStep(
  stage: StageBuilder,
  { builder, group, values, hasBatchAxis = true }: {
    builder: ProgramBuilder;
    group: string;
    values: Readonly<Record<string, Value>>;
    /** Whether each sequence has values of its own. */
    hasBatchAxis?: boolean;
  },
): void {
  for (const [name, value] of Object.entries(values)) {
    const slot = `${group}/${name}`;
    builder.slot(slot, {
      kind: "tape",
      shape: value.shape,
      hasBatchAxis,
      hasTimeAxis: true,
    });
    stage.store(slot, value);
  }
}

/** Keeps the gradient of every trained slow parameter in `probe/gradient/<name>`, [P, ...shape]. */
export function keepGradients(
  stage: StageBuilder,
  { builder, learning, gradientOf }: {
    builder: ProgramBuilder;
    learning: Learning;
    gradientOf: (name: string) => Value | undefined;
  },
): void {
  for (const [name, { shape, trained, fast }] of Object.entries(learning.model.parameters)) {
    if (!trained || fast) continue;
    const slot = `probe/gradient/${name}`;
    builder.slot(slot, { kind: "state", shape });
    stage.store(slot, gradientOf(name) ?? 0);
  }
}
