/** Downloads a published data set into the hub's store on this machine, where `findDataset` looks. */
import { dirname, join } from "node:path";
import { chosenFiles, hubFolder, isPublishedName, storedName } from "./find_dataset.ts";

const host = "https://huggingface.co";

/** What a download needs of the machine. */
export interface DownloadOptions {
  /** Fetches an address. Default: that of the platform, which needs permission for the host. */
  readonly fetch?: (address: string) => Promise<Response>;
  /** The hub's store. Default: `hub` in the folder that `HF_HOME` names. */
  readonly hub?: string | undefined;
  /** Is told of each file. */
  readonly say: (line: string) => void;
}

/**
 * Downloads the files that are trained on, over https from huggingface.co, which nothing else does. Files that are
 * there already stay; half a file is never taken for a whole one.
 *
 * @returns the folder of the version.
 * @throws RangeError, in one line, if the name is no published one, `HF_HOME` is not set, the network may not be used
 * or does not answer, there is no such data set, or it cannot be stored.
 * @example
 * await downloadDataset("roneneldan/tinystories", { say: console.error });
 */
export async function downloadDataset(
  name: string,
  { fetch: get = fetch, hub = hubFolder(), say }: DownloadOptions,
): Promise<string> {
  if (!isPublishedName(name)) {
    throw new RangeError(
      `--download: expected a published name such as roneneldan/tinystories, got ${
        JSON.stringify(name)
      }`,
    );
  }
  if (hub === undefined) {
    throw new RangeError("--download: HF_HOME has to name the folder that data sets are kept in");
  }
  const listing = await fetched(get, `${host}/api/datasets/${name}/revision/main`);
  const { sha, id, names } = versionOf(await listing.text().catch(() => ""), name);
  const folder = join(hub, storedName(id), "snapshots", sha);
  for (const file of chosenFiles(names)) {
    const path = join(folder, file);
    if (isThere(path)) continue;
    say(`downloading ${id}/${file}`);
    const { body } = await fetched(get, `${host}/datasets/${id}/resolve/${sha}/${file}`);
    await store(path, body ?? new Uint8Array());
  }
  return folder;
}

/** Writes a whole file or none. @throws RangeError in one line */
async function store(path: string, content: ReadableStream<Uint8Array> | Uint8Array) {
  const part = `${path}.part`;
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    await Deno.writeFile(part, content);
    Deno.renameSync(part, path);
  } catch (error) {
    throw new RangeError(`--download: cannot store ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** An answer that is one. @throws RangeError in one line */
async function fetched(get: NonNullable<DownloadOptions["fetch"]>, address: string) {
  let response: Response;
  try {
    response = await get(address);
  } catch (error) {
    const needs = error instanceof Deno.errors.NotCapable
      ? "this command may not use the network; docs/text.md has one that may"
      : (error as Error).message;
    throw new RangeError(`--download: ${address}: ${needs}`, { cause: error });
  }
  if (response.ok) return response;
  await response.body?.cancel();
  throw new RangeError(`--download: ${address}: the server answers ${response.status}`);
}

/** What a listing says. @throws RangeError if it is none, or names a file outside its folder. */
function versionOf(text: string, name: string): { sha: string; id: string; names: string[] } {
  const fail = (): never => {
    throw new RangeError(`--download: ${name}: the server's list of files cannot be read`);
  };
  let listing: { sha?: unknown; id?: unknown; siblings?: unknown };
  try {
    listing = JSON.parse(text);
  } catch {
    return fail();
  }
  const { sha, id, siblings } = listing ?? {};
  if (typeof sha !== "string" || !/^[0-9a-f]+$/.test(sha)) return fail();
  if (typeof id !== "string" || !isPublishedName(id) || !Array.isArray(siblings)) return fail();
  const names = siblings.map((file: { rfilename?: unknown }) => file?.rfilename)
    .filter((file) => typeof file === "string");
  if (names.some((file) => file.split("/").includes("..") || /^\/|[\\:]/.test(file))) return fail();
  return { sha, id, names };
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
