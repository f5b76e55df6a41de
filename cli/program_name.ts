/** What stands before the name of a command on a command line: the installed `hebb`, or `deno task`. */
export const programName: "hebb" | "deno task" = Deno.mainModule.endsWith("/cli/hebb.ts")
  ? "hebb"
  : "deno task";
