/** The made-up recordings that `examples/own/csv_regression.ts` reads. */
import { randomStream } from "../../core/random.ts";

const ROWS = 320;
const READINGS = 8;
/** What a row keeps of the dose from reading to reading. */
const KEPT = 0.8;

/**
 * A text of CSV: an id, readings r1 to r8 drawn from a normal distribution and clipped to +-3, some of them missing,
 * and the dose, sum over t of 0.8^(8 - t) max(r_t, 0), measured with a deviation of 0.05. The last rows repeat
 * earlier ones under their ids, as the tables of real laboratories do.
 */
export function recordings(): string {
  const random = randomStream({ seed: 1 });
  const rows = Array.from({ length: ROWS }, (_, id) => {
    const readings = Array.from(
      { length: READINGS },
      () => Math.max(-3, Math.min(3, random.normal())).toFixed(2),
    );
    const dose = readings.reduce((sum, reading) => KEPT * sum + Math.max(Number(reading), 0), 0);
    const shown = readings.map((reading) => random.uniform() < 0.02 ? "NA" : reading);
    return [`p${id}`, ...shown, (dose + 0.05 * random.normal()).toFixed(3)].join(",");
  });
  const names = Array.from({ length: READINGS }, (_, index) => `r${index + 1}`);
  const lines = [["id", ...names, "dose"].join(","), ...rows, ...rows.slice(0, 12)];
  return lines.map((line) => `${line}\n`).join("");
}
