/** What the reader of the report has to know of the optimizer before comparing. */
import { formatCount } from "../../report/format.ts";
import { type Optimizer, publishedOptimizer } from "./configurations.ts";

export const isPublished = (optimizer: Optimizer): boolean =>
  JSON.stringify(optimizer) === JSON.stringify(publishedOptimizer);

/** Such as "Adam with a rate of 0.001 throughout". */
function describe({ learning_rate, learning_rate_half_time: half, grad_clip }: Optimizer): string {
  const rate = half === 0
    ? `a rate of ${learning_rate} throughout`
    : `a rate of ${learning_rate} that has halved after ${formatCount(half)} updates`;
  const clip = grad_clip === 0 ? "" : `, the norm of its gradient clipped at ${grad_clip}`;
  return `Adam with ${rate}${clip}`;
}

export const optimizerNote = (optimizer: Optimizer): string =>
  isPublished(optimizer)
    ? `Optimizer: ${describe(optimizer)}, as published.`
    : `Optimizer: ${describe(optimizer)}. The published run took another, ` +
      `${describe(publishedOptimizer)}: a difference in R can be that of the optimizers. With ` +
      "--published all networks are trained with the published one.";
