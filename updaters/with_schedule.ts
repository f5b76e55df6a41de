/** A learning rule with a schedule of one's own, for a file that stands where an updater does. */
import { z } from "../deps/zod.ts";
import { CodeError } from "../core/code_error.ts";
import { callerPlace, definedAt } from "../core/code_place.ts";
import type { Schedule } from "./optimizers/schedule.ts";
import { schedulesOnly } from "./optimizers/schedule_settings.ts";
import type { Updater } from "./updater.ts";

/**
 * The same rule with another schedule of its learning rate; of its settings those that describe a schedule are gone, and
 * all others stay. A warm-up comes before the schedule.
 *
 * @param schedule the factor on the rate, by the iterations before this one.
 * @throws CodeError if the rule has no setting `schedule`.
 * @example
 * // own/restarts.ts, for --updater own/restarts.ts: half a cosine again and again (Loshchilov and Hutter, 2017).
 * export default withSchedule(updaters.bptt, (t) => {
 *   const angle = mul(sub(div(t, 500), floor(div(t, 500))), Math.PI);
 *   return div(add(cos(angle), 1), 2);
 * });
 */
export function withSchedule<Input>(updater: Updater<Input>, schedule: Schedule): Updater<Input> {
  const { name, config } = updater;
  const place = callerPlace();
  if (!(config instanceof z.ZodObject && Object.hasOwn(config.shape, "schedule"))) {
    throw new CodeError(`withSchedule: updater ${name} has no setting "schedule"`, place());
  }
  const gone = ["schedule", ...schedulesOnly];
  const settings = z.strictObject(
    Object.fromEntries(Object.entries(config.shape).filter(([key]) => !gone.includes(key))),
  );
  return definedAt({
    ...updater,
    name: `${name}_scheduled`,
    summary: `${updater.summary}, with a schedule of its own`,
    config: settings,
    build: (learning, given) =>
      updater.build(learning, { ...settings.parse(given ?? {}), schedule } as Input),
  }, place);
}
