/** Runs a test with a new folder, which is removed afterwards. */
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
