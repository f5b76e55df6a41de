/** Runs a program, the first argument, with the others, and ends with its code. */

const [program, ...args] = Deno.args;
try {
  const options = { args, stdin: "null", stdout: "inherit", stderr: "inherit" } as const;
  Deno.exit(new Deno.Command(program!, options).outputSync().code);
} catch (error) {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
  console.error("there is no such program here");
  Deno.exit(1);
}
