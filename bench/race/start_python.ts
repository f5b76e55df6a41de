/**
 * Starts a Python with the arguments that follow it, and ends as it does.
 *
 * A task cannot name a program that its user will choose. So this is a process of its own, which may start that one
 * program and nothing else.
 */
const [python, ...args] = Deno.args as [string, ...string[]];
try {
  const children: Deno.ChildProcess[] = [];
  // Whoever ends this process means that one, also in the moment in which it starts.
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGTERM", () => children.forEach((child) => child.kill("SIGKILL")));
  }
  const child = new Deno.Command(python, { args, stdin: "null" }).spawn();
  children.push(child);
  const { code } = await child.status;
  Deno.exit(code);
} catch (error) {
  if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable)) {
    throw error;
  }
  console.error(`there is no ${python}`);
  Deno.exit(127);
}
