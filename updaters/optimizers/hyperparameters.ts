/** Numbers that optimizers take, under the names of PyTorch. */
import { z } from "../../deps/zod.ts";

/** What an optimizer of the table may be told; what is missing is as in PyTorch. */
export interface Hyperparameters {
  /** What the running means of the gradient and of its square keep of themselves in an update. */
  readonly betas?: readonly number[];
  /** What is added to the root that a gradient is divided by. */
  readonly eps?: number;
  /** L2 penalty that is added to gradients; of adamw and lion the decoupled decay. */
  readonly weight_decay?: number;
  /** What the velocity keeps of itself in an update. */
  readonly momentum?: number;
  /** Whether a step looks ahead along the velocity. */
  readonly nesterov?: boolean;
  /** What the running mean of the square keeps of itself in an update. */
  readonly alpha?: number;
  /** Whether the square of the mean gradient is taken from that mean. */
  readonly centered?: boolean;
}

const share = z.number().min(0).lt(1);

/** The settings of optimizers. */
export const hyperparameters = {
  betas: z.array(share).length(2).optional().describe(
    "What Adam, AdamW and Lion keep of two running means in an update (default: 0.9,0.999; lion 0.9,0.99)",
  ),
  eps: z.number().min(0).optional().describe(
    "Added to the root that Adam, AdamW and RMSprop divide by (default: 1e-8)",
  ),
  weight_decay: z.number().min(0).optional().describe(
    "Share of a weight that is added to its gradient, an L2 penalty; of adamw and lion decoupled from the gradient (default: 0; adamw 0.01)",
  ),
  momentum: share.optional().describe(
    "What the velocity of sgd and rmsprop keeps of itself in an update (default: 0; nesterov 0.9)",
  ),
  nesterov: z.boolean().optional().describe(
    "Let sgd look ahead along its velocity (default: false)",
  ),
  alpha: share.optional().describe(
    "What the mean square of rmsprop keeps of itself in an update (default: 0.99)",
  ),
  centered: z.boolean().optional().describe(
    "Let rmsprop divide by the deviation of the gradient, not by its root mean square (default: false)",
  ),
};

/** The names of all hyperparameters. */
export const hyperparameterNames = Object.keys(hyperparameters) as (keyof Hyperparameters)[];
