/** Which ways to treat fast weights are asked for, and whether the networks of a run know any but one. */
import { didYouMean } from "../../core/similar_name.ts";
import { quote } from "../../config/plain_text.ts";
import { type FastWeightMode, fastWeightModes } from "../../updaters/fast_weights.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { UsageError } from "../../config/usage_error.ts";
import type { Program } from "../../core/program/program.ts";
import type { ModelInstance } from "../../core/program/model.ts";
import { buildJudged } from "./judge_sequences.ts";

/** The ways that a list names. @param origin begins the error. @throws UsageError for an unknown or repeated one. */
export function parseFastWeights(names: readonly string[], origin: string): FastWeightMode[] {
  const modes = names.map((name) => {
    const mode = fastWeightModes.find((mode) => mode === name.trim());
    if (mode) return mode;
    const hint = didYouMean(name, fastWeightModes);
    throw new UsageError(
      `${origin}: expected some of ${fastWeightModes.join(", ")}, got ${quote(name)}${hint}`,
    );
  });
  const again = modes.find((mode, index) => modes.indexOf(mode) < index);
  if (again) throw new UsageError(`${origin}: ${again} is given twice`);
  return modes;
}

/** @throws UsageError unless the rule of the run writes fast weights inside a sequence, and can leave that. */
export function checkFastWeights(config: RunConfig): void {
  const { model, updater } = config;
  const { program, model: network } = buildJudged(config);
  const written = writtenInSequence(program, network);
  if (written.length === 0) {
    const memories = Object.entries(network.state).filter(([, { shape }]) => shape.length === 2);
    const stored = memories.length === 0
      ? ""
      : `; what its equations write (${memories.map(([name]) => name).join(", ")}) is state`;
    throw new UsageError(
      `fast weights: updater ${updater.name} writes none of model ${model.name} while a sequence runs${stored}`,
    );
  }
  const still = writtenInSequence(buildJudged(config, "off").program, network);
  if (still.length > 0) {
    throw new UsageError(
      `fast weights: updater ${updater.name} writes ${still[0]} whatever Learning.fastWeights says`,
    );
  }
}

/** The fast weights that `evaluate` writes step by step. */
function writtenInSequence({ procedures }: Program, { parameters }: ModelInstance): string[] {
  const loops = (procedures.get("evaluate") ?? []).filter(({ loop }) => loop !== "none");
  return loops.flatMap(({ stores }) => stores.map(({ slot }) => slot.name))
    .filter((name) => parameters[name]?.fast);
}
