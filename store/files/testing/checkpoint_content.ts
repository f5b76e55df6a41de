/** Content of a test checkpoint, different for every iteration. */
import type { CheckpointContent } from "../checkpoint_format.ts";
import type { Tensor } from "../tensor.ts";

export function checkpointContent(
  iteration: number,
  { size = 6, metadata = { run: "r1" } }: { size?: number; metadata?: Record<string, string> } = {},
): CheckpointContent {
  const tensors = new Map<string, Tensor>([
    ["w", { dtype: "F32", shape: [size], data: new Float32Array(size).fill(iteration) }],
    ["counter", { dtype: "U32", shape: [], data: Uint32Array.of(iteration) }],
  ]);
  return { iteration, tensors, metadata };
}
