// A worker has no main module.
const mainModule: string | undefined = Deno.mainModule;

/** What stands before the name of a command on a command line: the installed `hebb`, or `deno task`. */
export const programName: "hebb" | "deno task" = mainModule?.endsWith("/cli/hebb.ts")
  ? "hebb"
  : "deno task";
