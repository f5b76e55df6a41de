/** Notes of the report on first values and optimizer: what differs from the published run. */
import { formatCount } from "../../report/format.ts";
import { type Method, type Optimizer, optimizerOf, publishedMethod } from "./configurations.ts";

/** Whether a method is the published one. */
export const isPublished = (method: Method): boolean =>
  JSON.stringify(method) === JSON.stringify(publishedMethod);

/** An optimizer in words, such as "Adam with a rate of 0.001 throughout"; t is the number of updates. */
function describe(optimizer: Optimizer): string {
  const { learning_rate, learning_rate_half_time: half, grad_clip, average_share } = optimizer;
  const rate = half === 0
    ? `a rate of ${learning_rate} throughout`
    : `a rate of ${learning_rate} over 1 + (t / ${
      formatCount(half)
    })^${optimizer.learning_rate_decay_power}`;
  const clip = grad_clip === 0 ? "" : `, the norm of its gradient clipped at ${grad_clip}`;
  const average = average_share === 0
    ? ""
    : `; judged are weights averaged over about the latest ${
      Number((100 * average_share).toPrecision(3))
    }% of all updates`;
  return `Adam with ${rate}${clip}${average}`;
}

const firstRates: Readonly<Record<Method["initialRates"], string>> = {
  anti_hebbian:
    "signs that make a familiar input excite a unit less (anti-Hebbian; random in Nonl_RO)",
  random: "random signs",
};

/** One note that describes the method, and where it is not published, the published one beside it. */
export function methodNotes(method: Method): string[] {
  const description = [
    `Optimizer: ${describe(method.optimizer)}.`,
    ...Object.keys(method.fixedReadout).length === 0
      ? []
      : [`Of Nonl_RO: ${describe(optimizerOf(method, { networkType: "Nonl_RO" }))}.`],
    `First rates η: ${firstRates[method.initialRates]}.`,
  ].join(" ");
  if (isPublished(method)) return [`${description} Both as published.`];
  return [
    `${description} The published run took ${describe(publishedMethod.optimizer)}, and first ` +
    `rates of ${firstRates[publishedMethod.initialRates]}: a difference in R can be that of the ` +
    "method. With --published all networks are trained as published.",
  ];
}
