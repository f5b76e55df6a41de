/** Makes modules into scripts of a page. */
import assert from "node:assert/strict";
import { denoCommand } from "../testing/run_hebb.ts";

/**
 * A module and all that it imports, as one script. Deno fetches its bundler once, as it does packages.
 *
 * @throws AssertionError with what the bundler says, if it fails.
 */
export async function bundle(
  entry: string,
  { config }: { config?: string } = {},
): Promise<string> {
  const folder = await Deno.makeTempDir();
  const output = `${folder}/page.js`;
  const flags = ["--quiet", "--no-lock", "--platform=browser", `--output=${output}`];
  const args = ["bundle", ...flags, ...config ? [`--config=${config}`] : [], entry];
  const { success, stderr } = await new Deno.Command(denoCommand(), { args, stderr: "piped" })
    .output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const script = await Deno.readTextFile(output);
  await Deno.remove(folder, { recursive: true });
  return script;
}

/** A script whose names from Node are undefined: what reads files or asserts has no use in a page. */
export const withoutNode = (script: string): string =>
  script
    .replaceAll(/^import \{([^}]*)\} from "node:[^"]+";$/gm, (_, names: string) =>
      `const {${names.replaceAll(" as ", ": ")}} = {};`)
    .replaceAll(/^import (\w+) from "node:[^"]+";$/gm, "const $1 = undefined;");
