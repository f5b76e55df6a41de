import type { Value } from "./elementwise.ts";
import { add, matvec } from "./language.ts";
import type { LayerRole, Plasticity } from "./node.ts";
import { shapeError } from "./shape_error.ts";

/** What a layer is made of. */
export interface LinearOptions {
  /** W, [post, pre]; fast where `plasticity` says how it changes inside a sequence. */
  readonly weight: Value;
  /** b, [post]; default: none. */
  readonly bias?: Value;
  /** x, [pre]. */
  readonly input: Value;
  /** f, applied to W x + b; a local rule may need its derivative. Default: none. */
  readonly activation?: (x: Value) => Value;
  /** What a local rule may do with the layer; default: `hidden`. */
  readonly role?: LayerRole;
  /** How its fast weights change; default: they are slow. */
  readonly plasticity?: Plasticity;
}

/**
 * f(W x + b), [post, pre] x [pre] + [post] -> [post], recorded as a layer: the layer's parameters, input
 * and output, so that a local rule can train any model without knowing it.
 *
 * @throws RangeError if a shape does not fit, or if two layers of a model have the same name.
 * @example
 * const hidden = linear("hidden", { weight: w, bias: b, input: x, activation: tanh });
 * const output = linear("readout", { weight: readout, input: hidden, role: "output" });
 */
export function linear(
  name: string,
  { weight, bias, input, activation, role = "hidden", plasticity }: LinearOptions,
): Value {
  const { layers } = weight.graph;
  if (layers.some((layer) => layer.name === name)) {
    throw shapeError("linear", `two layers are named "${name}"; expected one layer a name`);
  }
  const product = matvec(weight, input);
  const output = bias ? add(product, bias) : product;
  const activity = activation?.(output);
  const said = activity ? { activity } : {};
  layers.push({ name, role, weight, bias, input, output, ...said, plasticity });
  return activity ?? output;
}
