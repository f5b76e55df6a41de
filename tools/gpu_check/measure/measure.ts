/**
 * One measurement of `deno task gpu:check`, in this process alone. Prints what it finds as lines of JSON, as soon as it
 * is known: whoever ends the process early has what was found so far.
 *
 *     measure.ts workload '{"name": "memo-50-50-t400", "seriesMs": 250}'
 */
import { withErrorLine } from "../../../cli/error_boundary.ts";
import { exitCodes } from "../../../core/training/exit_codes.ts";
import { measureAdapter } from "./adapter.ts";
import { measureGolden } from "./golden.ts";
import { measureWorkload } from "./workload.ts";

/** Every measurement: says what it finds. */
const kinds = { adapter: measureAdapter, golden: measureGolden, workload: measureWorkload };

/** The name of a measurement, and what it is given. */
export type Kind = keyof typeof kinds;
export type OptionsOf<K extends Kind> = Parameters<typeof kinds[K]>[1];

if (import.meta.main) {
  const [kind, options] = Deno.args as [Kind, string];
  const measure = kinds[kind] as (say: (facts: object) => void, options: unknown) => Promise<void>;
  Deno.exit(
    await withErrorLine(async () => {
      await measure((facts) => console.log(JSON.stringify(facts)), JSON.parse(options));
      return exitCodes.ok;
    }),
  );
}
