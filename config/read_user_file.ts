/** Files that a user names. A link is followed, unlike in a run folder: its user knows where it leads. */

const MB = 1024 ** 2;

/**
 * The bytes of a file.
 *
 * @param mostBytes that are read.
 * @throws SyntaxError if there is no file, or a longer one: a pipe would wait, a device may have no end.
 * @throws Deno.errors, which name the path, where the system refuses.
 */
export function readUserFile(path: string | URL, mostBytes: number): Uint8Array<ArrayBuffer> {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new SyntaxError("there is no such file");
    throw error;
  }
  if (info.isDirectory) throw new SyntaxError("is a folder, expected a file");
  if (!info.isFile) throw new SyntaxError("is a pipe, socket or device, expected a file");
  if (info.size > mostBytes) {
    throw new SyntaxError(
      `is of ${Math.ceil(info.size / MB)} MB, expected at most ${mostBytes / MB}`,
    );
  }
  return Deno.readFileSync(path);
}
