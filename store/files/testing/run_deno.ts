/** Starts a program beside this file, permitted to read and write one folder and nothing else. */
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

/** This very program, or the `deno` on the path where `--allow-run=deno` permits that name only. */
function denoCommand(): string {
  const command = Deno.execPath();
  const { state } = Deno.permissions.querySync({ name: "run", command });
  return state === "granted" ? command : "deno";
}
