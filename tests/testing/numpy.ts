/** Runs scripts of Python that need NumPy, where it is installed. */
import assert from "node:assert/strict";

let isThere: boolean | undefined;

/** Whether tests may start `python3`, and it has NumPy; says once if not. */
export function hasNumpy(): boolean {
  if (isThere === undefined) {
    isThere = start(["-c", "import numpy"])?.success ?? false;
    if (!isThere) console.log("not run: what needs python3 with NumPy");
  }
  return isThere;
}

function start(args: readonly string[]): Deno.CommandOutput | undefined {
  try {
    return new Deno.Command("python3", { args: [...args], stdout: "null", stderr: "null" })
      .outputSync();
  } catch {
    return undefined;
  }
}

/**
 * Runs a script, which has NumPy as `np` and leaves an object in `result`.
 *
 * @param folder where it runs, and finds modules.
 * @param input becomes `data`, as JSON.
 * @returns the result, as JSON; undefined where there is no NumPy.
 * @throws AssertionError with what Python says, if it fails.
 */
export async function runNumpy(
  folder: string,
  script: string,
  input: unknown = null,
): Promise<unknown> {
  if (!hasNumpy()) return undefined;
  const program =
    `import json, sys\nsys.path.insert(0, "")\nimport numpy as np\ndata = json.load(sys.stdin)\n` +
    `${script}\njson.dump(result, sys.stdout)\n`;
  const child = new Deno.Command("python3", {
    args: ["-B", "-c", program],
    cwd: folder,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(input)));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
