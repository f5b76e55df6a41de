/** Starts a program beside this file, with no permission but to read and write one folder. */
export function spawnDeno(
  script: string,
  { folder, args }: { folder: string; args: string[] },
): Deno.ChildProcess {
  return new Deno.Command(denoCommand(), {
    args: [
      "run",
      "--no-lock",
      "--no-prompt",
      `--allow-read=${folder}`,
      `--allow-write=${folder}`,
      new URL(script, import.meta.url).href,
      ...args,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** The path of this Deno, or `deno` where the permission to run programs is for that name only. */
function denoCommand(): string {
  const command = Deno.execPath();
  const { state } = Deno.permissions.querySync({ name: "run", command });
  return state === "granted" ? command : "deno";
}
