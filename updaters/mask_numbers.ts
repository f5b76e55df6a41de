/** Rates of a layer that are one number on its mask. */
import type { Value } from "../core/program/elementwise.ts";
import { max, square, sub } from "../core/program/language.ts";
import { constant, type LinearLayer, numberOf, type Plasticity } from "../core/program/node.ts";
import { isInner, type PlasticRule } from "./plastic_update.ts";
import type { Learning } from "./updater.ts";

/** What an update does to highly plastic weights, as numbers of a replica: W <- keep W + rate change. */
export interface MaskNumbers {
  readonly rate: Value;
  readonly keep: Value;
}

/**
 * The numbers of a layer whose rate is 1 and whose forgetting is 0 beside the mask, and each one number on it;
 * undefined of any other layer.
 */
export function maskNumbers(
  layer: LinearLayer,
  { learning, rule }: { learning: Learning; rule: Pick<PlasticRule, "plasticityTwice"> },
): MaskNumbers | undefined {
  const plasticity = layer.plasticity!;
  const { forgetting } = plasticity;
  const given = onMask(plasticity.rate, plasticity, 1);
  const lost = onMask(forgetting, plasticity, 0) ??
    (isDrawnOnMask(plasticity, learning) ? max(max(forgetting, "pre")) : undefined);
  if (!given || !lost) return undefined;
  const rate = rule.plasticityTwice ? square(given) : given;
  return { rate: isInner(layer) ? rate : constant(given.graph, 1), keep: sub(1, lost) };
}

/** The number that a matrix is on the mask, if it is written as another number elsewhere. */
function onMask(
  { operation, inputs }: Value,
  { mask }: Plasticity,
  elsewhere: number,
): Value | undefined {
  if (operation.op !== "where" || inputs[0] !== mask || numberOf(inputs[2]!) !== elsewhere) {
    return undefined;
  }
  const [, matrix] = inputs as [Value, Value];
  const number = matrix.operation.op === "broadcast" ? matrix.inputs[0]! : matrix;
  return number.shape.length === 0 ? number : undefined;
}

/** Whether forgetting is drawn with the random numbers of the mask: one number there, 0 elsewhere. */
function isDrawnOnMask({ mask, forgetting }: Plasticity, learning: Learning): boolean {
  const [drawn, other] = [mask, forgetting].map((matrix) => drawOf(matrix, learning));
  return drawn !== undefined && drawn === other;
}

/** What says where a random binary matrix is 0, as text. */
function drawOf({ operation }: Value, { model }: Learning): string | undefined {
  if (operation.op !== "load") return undefined;
  const { name } = operation.slot;
  const initial = model.parameters[name]?.initial;
  const [stream, draw] = initial?.kind === "drawnAs"
    ? [initial.name, initial.values]
    : [name, initial];
  return draw?.kind === "bernoulli"
    ? JSON.stringify([stream, draw.probability, draw.symmetric])
    : undefined;
}
