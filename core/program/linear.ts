import type { Value } from "./elementwise.ts";
import { add, matvec } from "./language.ts";
import type { LayerRole, Plasticity } from "./node.ts";
import { shapeError } from "./shape_error.ts";

/**
 * W x + b, [post, pre] x [pre] + [post] -> [post], recorded as a layer: the layer's parameters, input
 * and output, so that a local rule can train any model without knowing it.
 *
 * @throws RangeError if a shape does not fit, or if two layers of a model have the same name.
 */
export function linear(
  name: string,
  { weight, bias, input, role = "hidden", plasticity }: {
    weight: Value;
    bias?: Value;
    input: Value;
    role?: LayerRole;
    plasticity?: Plasticity;
  },
): Value {
  const { layers } = weight.graph;
  if (layers.some((layer) => layer.name === name)) {
    throw shapeError("linear", `two layers are named "${name}"; expected one layer a name`);
  }
  const product = matvec(weight, input);
  const output = bias ? add(product, bias) : product;
  layers.push({ name, role, weight, bias, input, output, plasticity });
  return output;
}
