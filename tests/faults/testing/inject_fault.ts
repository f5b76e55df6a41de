/**
 * Preloaded into a command, it counts the calls that change the disk, tells each on standard error, and
 * lets one of them fail. The query of its URL says which: `at`, counted from 1, and `fault`.
 *
 * Only synchronous calls may change a run, so that nothing happens between two of them. Any other call that
 * could write is refused here: the harness would not see it.
 */
import {
  type Call,
  type CallKind,
  callMark,
  errors,
  type Fault,
  killMark,
  needsRoom,
} from "./fault.ts";

const query = new URL(import.meta.url).searchParams;
const at = Number(query.get("at"));
const fault = query.get("fault") as Fault | null;
const paths = new WeakMap<Deno.FsFile, string>();
let count = 0;

function tell(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** Does a call, unless it is the one that fails. @param half what a cut call does. */
function call<T>({ kind, path }: Call, work: () => T, half?: () => void): T {
  count++;
  tell(`${callMark}${kind} ${path}`);
  if (!fails(kind)) return work();
  if (count === at) half?.();
  if (fault === "kill") {
    tell(killMark);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
  const { number, text } = errors[fault as keyof typeof errors];
  const where = kind === "write" || kind === "sync" || kind === "truncate" ? "" : `: '${path}'`;
  const error = new Error(`${text} (os error ${number})${where}`);
  // As an error of Deno's own it begins where the call was made: this file is nobody's own code.
  Error.captureStackTrace(error, call);
  error.stack = error.stack!.replaceAll(/^.*inject_fault.*\n?/gm, "");
  throw Object.assign(error, { code: fault });
}

/** A full disk stays full, and room for less is no help; a broken one fails once. */
function fails(kind: CallKind): boolean {
  if (fault === null || count < at) return false;
  if (fault === "kill" || fault === "EIO") return count === at;
  return needsRoom(kind);
}

const { openSync, mkdirSync, renameSync, removeSync } = Deno;
const { writeSync, syncSync, truncateSync } = Deno.FsFile.prototype;

Object.assign(Deno, {
  openSync(path: string, options: Deno.OpenOptions = {}) {
    const open = () => openSync(path, options);
    const makes = options.create || options.createNew || options.truncate;
    const file = makes ? call({ kind: "open", path }, open) : open();
    paths.set(file, path);
    return file;
  },
  mkdirSync: (path: string, options?: Deno.MkdirOptions) =>
    call({ kind: "mkdir", path }, () => mkdirSync(path, options)),
  renameSync: (from: string, to: string) =>
    call({ kind: "rename", path: to }, () => renameSync(from, to)),
  removeSync: (path: string, options?: Deno.RemoveOptions) =>
    call({ kind: "remove", path }, () => removeSync(path, options)),
});

Object.assign(Deno.FsFile.prototype, {
  writeSync(this: Deno.FsFile, bytes: Uint8Array) {
    const half = () => writeSync.call(this, bytes.subarray(0, bytes.length >> 1));
    return call({ kind: "write", path: paths.get(this)! }, () => writeSync.call(this, bytes), half);
  },
  syncSync(this: Deno.FsFile) {
    return call({ kind: "sync", path: paths.get(this)! }, () => syncSync.call(this));
  },
  truncateSync(this: Deno.FsFile, length?: number) {
    const path = paths.get(this)!;
    return call({ kind: "truncate", path }, () => truncateSync.call(this, length));
  },
});

const unseen = ["chmod", "chown", "copyFile", "create", "link", "makeTempDir", "makeTempFile"];
unseen.push("symlink", "truncate", "utime", "writeFile", "writeTextFile");

const refuse = (name: string) => () => {
  throw new Error(`the fault harness does not see ${name}`);
};
for (const name of unseen) {
  Object.assign(Deno, { [name]: refuse(name), [`${name}Sync`]: refuse(`${name}Sync`) });
}
for (const name of ["open", "mkdir", "rename", "remove"]) {
  Object.assign(Deno, { [name]: refuse(name) });
}
for (const name of ["write", "sync", "syncData", "syncDataSync", "truncate"]) {
  Object.assign(Deno.FsFile.prototype, { [name]: refuse(`FsFile.${name}`) });
}
