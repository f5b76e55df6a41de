/** Packages of Python for tests, installed once into a folder for temporary files. */
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Some packages with fixed versions, without those that they would like to have beside. */
export class PythonPackages {
  readonly #folder: string;

  constructor(
    name: string,
    readonly packages: readonly string[],
    /** A statement that needs all of them. */
    readonly check: string,
  ) {
    this.#folder = join(tmpdir(), `hebb-tests-${name}`);
  }

  /** Runs Python with these packages. @returns its standard output. @throws Error with what it says instead. */
  async run(
    args: readonly string[],
    { cwd, seconds = 60 }: { cwd?: string; seconds?: number } = {},
  ): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("python3", {
      args: [...args],
      ...cwd === undefined ? {} : { cwd },
      env: { PYTHONPATH: this.#folder },
      stdin: "null",
      signal: AbortSignal.timeout(1000 * seconds),
    }).output();
    if (success) return new TextDecoder().decode(stdout);
    throw new Error(new TextDecoder().decode(stderr).trimEnd());
  }

  /** Why they cannot be had; undefined if they are there, or could be installed. */
  async problem(): Promise<string | undefined> {
    const done = join(this.#folder, "done");
    if (existsSync(done)) return undefined;
    const target = ["--target", this.#folder, "--upgrade", "--no-deps", "--only-binary=:all:"];
    try {
      await this.run(["-m", "pip", "install", "-q", ...target, ...this.packages], { seconds: 180 });
      await this.run(["-c", this.check]);
      Deno.writeTextFileSync(done, "");
      return undefined;
    } catch (error) {
      return (error as Error).message.split("\n").at(-1);
    }
  }
}
