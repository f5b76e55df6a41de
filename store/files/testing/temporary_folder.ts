/** Runs a test with a folder of its own, removed afterwards. */
export function inTemporaryFolder(
  run: (folder: string) => void | Promise<void>,
): () => Promise<void> {
  return async () => {
    const folder = Deno.makeTempDirSync({ prefix: "hebb_" });
    try {
      await run(folder);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}
