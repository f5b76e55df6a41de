/** Whether all cases run on every device, and tell how exact they are: `HEBB_FAULTS=full`. */
export const isFull =
  (await Deno.permissions.query({ name: "env", variable: "HEBB_FAULTS" })).state === "granted" &&
  Deno.env.get("HEBB_FAULTS") === "full";
