/**
 * The format of checkpoints: a safetensors file whose reserved metadata seal its content with hashes.
 *
 * Reserved are `format` (hebb-checkpoint), `format_version`, `step`, `data_sha256` (SHA-256 of all tensor
 * bytes as stored) and `header_sha256` (of the metadata and of every name, dtype and shape). The caller
 * adds entries of its own, such as settings.
 */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { DamagedFileError } from "./damaged_file_error.ts";
import { decodeSafetensors, encodeSafetensors, storedOrder, tensorBytes } from "./safetensors.ts";
import type { Tensor } from "./tensor.ts";

const checkpointFormat = "hebb-checkpoint";
const checkpointVersion = 1;

export interface CheckpointContent {
  /** Iterations done; an integer from 0 to 999 999 999 999. */
  readonly iteration: number;
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Entries of the caller, without the reserved names. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Checkpoint extends CheckpointContent {
  readonly path: string;
  readonly tensors: Map<string, Tensor>;
}

const fileName = /^step-(\d{12})\.safetensors$/;
const reservedKeys = ["format", "format_version", "step", "data_sha256", "header_sha256"];

/** `step-<12 digits>.safetensors`. */
export const checkpointName = (iteration: number) =>
  `step-${String(iteration).padStart(12, "0")}.safetensors`;

/** The iteration in the name of a checkpoint's file; undefined for any other name. */
export function iterationOfName(name: string): number | undefined {
  const digits = fileName.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * The file image of a checkpoint.
 * @throws TypeError when metadata uses a reserved name; and as `encodeSafetensors`
 */
export function encodeCheckpoint(content: CheckpointContent): Uint8Array<ArrayBuffer> {
  return encodeSafetensors(content.tensors, sealedMetadata(content));
}

/**
 * Decodes and verifies a checkpoint's file image.
 * @throws DamagedFileError when it does not verify
 * @throws RangeError when a newer version of the format wrote it
 */
export function decodeCheckpoint(bytes: Uint8Array, path: string): Checkpoint {
  const { tensors, metadata, dataBytes } = decodeSafetensors(bytes, { source: path });
  const { format, format_version: version, step: text, data_sha256, header_sha256 } = metadata;
  if (format !== checkpointFormat) {
    throw new DamagedFileError(path, `is not a checkpoint, expected format ${checkpointFormat}`);
  }
  // Before the version: an altered version number is damage, an intact newer one is not.
  if (headerHash(tensors, metadata) !== header_sha256) {
    throw new DamagedFileError(path, "header does not match its SHA-256");
  }
  if (version !== String(checkpointVersion)) {
    throw new RangeError(`${path}: checkpoint version ${version}, expected ${checkpointVersion}`);
  }
  if (createHash("sha256").update(dataBytes).digest("hex") !== data_sha256) {
    throw new DamagedFileError(path, "tensor bytes do not match their SHA-256");
  }
  if (!/^\d{1,12}$/.test(text ?? "")) {
    throw new DamagedFileError(path, "has no step, expected an integer of up to 12 digits");
  }
  const iteration = Number(text);
  const nameIteration = iterationOfName(basename(path)) ?? iteration;
  if (nameIteration !== iteration) {
    throw new DamagedFileError(path, `is of step ${iteration}, its name says ${nameIteration}`);
  }
  const reserved = new Set(reservedKeys);
  const entries = Object.entries(metadata).filter(([key]) => !reserved.has(key));
  return { path, iteration, tensors, metadata: Object.fromEntries(entries) };
}

function sealedMetadata(
  { iteration, tensors, metadata }: CheckpointContent,
): Record<string, string> {
  const conflict = reservedKeys.find((key) => Object.hasOwn(metadata, key));
  if (conflict) throw new TypeError(`checkpoint metadata ${conflict} is a reserved name`);
  const data = createHash("sha256");
  for (const [, tensor] of storedOrder(tensors)) data.update(tensorBytes(tensor));
  const sealed = {
    ...metadata,
    format: checkpointFormat,
    format_version: String(checkpointVersion),
    step: String(iteration),
    data_sha256: data.digest("hex"),
  };
  return { ...sealed, header_sha256: headerHash(tensors, sealed) };
}

/** SHA-256 of the content of a header, independent of the order and spacing of its JSON. */
function headerHash(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
): string {
  const byName = (a: readonly [string, unknown], b: readonly [string, unknown]) =>
    a[0] < b[0] ? -1 : 1;
  const texts = Object.entries(metadata).filter(([key]) => key !== "header_sha256").sort(byName);
  const infos = [...tensors].map(([name, { dtype, shape }]) => [name, { dtype, shape }] as const);
  const canonical = JSON.stringify([texts, infos.sort(byName)]);
  return createHash("sha256").update(canonical).digest("hex");
}
