/**
 * The commit of a source tree, and whether its files were edited. It is read from `.git` directly, since
 * a run has no permission to start programs. What cannot be read is null.
 */
import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";

export interface GitState {
  readonly commit: string | null;
  /** Whether a tracked file differs from the index. Staged edits are not seen. */
  readonly isDirty: boolean | null;
}

const unknown: GitState = { commit: null, isDirty: null };
/** Most files of a tree that is compared, so that a run starts quickly. */
const maxFiles = 20_000;

/** The git state of the working tree that holds a folder. Never throws, never asks permission. */
export function gitState(folder: string): GitState {
  try {
    for (let root = resolve(folder);; root = dirname(root)) {
      // Asked first, since a missing permission would open a prompt on a terminal.
      const { state } = Deno.permissions.querySync({ name: "read", path: root });
      if (state !== "granted") return unknown;
      const git = gitFolder(root);
      if (git) {
        const commit = headCommit(git);
        return { commit, isDirty: commit === null ? null : isDirty(root, git) };
      }
      if (root === dirname(root)) return unknown;
    }
  } catch {
    return unknown;
  }
}

/** `<root>/.git`, or where that file points to (a linked working tree). */
function gitFolder(root: string): string | undefined {
  const path = join(root, ".git");
  try {
    if (Deno.statSync(path).isDirectory) return path;
  } catch {
    return undefined;
  }
  const target = /^gitdir: (.+)$/m.exec(Deno.readTextFileSync(path))?.[1];
  return target && resolve(root, target);
}

function readOptional(path: string): string {
  try {
    return Deno.readTextFileSync(path).trim();
  } catch {
    return "";
  }
}

function headCommit(git: string): string | null {
  const isCommit = (text: string) => /^[0-9a-f]{40}$/.test(text);
  const head = readOptional(join(git, "HEAD"));
  if (isCommit(head)) return head;
  const reference = /^ref: (refs\/[\w./-]+)$/.exec(head)?.[1];
  if (!reference || reference.includes("..")) return null;
  const common = resolve(git, readOptional(join(git, "commondir")) || ".");
  for (const folder of [git, common]) {
    const loose = readOptional(join(folder, reference));
    if (isCommit(loose)) return loose;
  }
  const packed = readOptional(join(common, "packed-refs")).split("\n");
  const line = packed.find((text) => text.endsWith(` ${reference}`))?.slice(0, 40) ?? "";
  return isCommit(line) ? line : null;
}

/** Compares every regular file of the index (versions 2 and 3) with the working tree. */
function isDirty(root: string, git: string): boolean | null {
  const path = join(git, "index");
  let bytes: Uint8Array;
  let indexSeconds: number;
  try {
    bytes = Deno.readFileSync(path);
    indexSeconds = seconds(Deno.statSync(path));
  } catch {
    return null;
  }
  const view = new DataView(bytes.buffer);
  const version = view.getUint32(4);
  const count = view.getUint32(8);
  if ((version !== 2 && version !== 3) || count > maxFiles) return null;
  let position = 12;
  for (let entry = 0; entry < count; entry++) {
    const flags = view.getUint16(position + 60);
    const isExtended = (flags & 0x4000) !== 0;
    const nameStart = position + (isExtended ? 64 : 62);
    const nameEnd = bytes.indexOf(0, nameStart);
    const isSkipped = isExtended && (view.getUint16(position + 62) & 0x4000) !== 0;
    const isRegular = view.getUint32(position + 24) >>> 12 === 0o10;
    if (isRegular && !isSkipped) {
      const name = new TextDecoder().decode(bytes.subarray(nameStart, nameEnd));
      const isSame = sameFile(join(root, name), {
        size: view.getUint32(position + 36),
        modified: view.getUint32(position + 8),
        hash: bytes.subarray(position + 40, position + 60),
        indexSeconds,
      });
      if (!isSame) return true;
    }
    // Entries are padded with 1 to 8 zero bytes to a multiple of 8.
    position += (nameEnd - position + 8) & ~7;
  }
  return false;
}

interface IndexedFile {
  readonly size: number;
  readonly modified: number;
  readonly hash: Uint8Array;
  readonly indexSeconds: number;
}

function sameFile(path: string, { size, modified, hash, indexSeconds }: IndexedFile): boolean {
  let info: Deno.FileInfo;
  try {
    info = Deno.lstatSync(path);
  } catch {
    return false;
  }
  if (!info.isFile || info.size !== size) return false;
  // A file as young as the index may have been edited within the same second: compare its content.
  if (seconds(info) === modified && modified < indexSeconds) return true;
  const blob = createHash("sha1").update(`blob ${info.size}\0`).update(Deno.readFileSync(path));
  return blob.digest("hex") === hash.toHex();
}

const seconds = ({ mtime }: Deno.FileInfo) => Math.floor((mtime?.getTime() ?? 0) / 1000);
