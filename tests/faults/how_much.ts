/** How much of the fault harness a test does: `deno task faults` does all of it. */

/** @returns `full` where the variable HEBB_FAULTS says full, `sampled` elsewhere. */
export const howMany = <T>(sampled: T, full: T): T =>
  Deno.env.get("HEBB_FAULTS") === "full" ? full : sampled;
