/** Names the kind of a file that is not in the format of safetensors, so that an error can say it. */

const pickle = "a Python pickle, which can run code";
const zip = "a zip file, as torch.save and numpy.savez write";
const text = (start: string): readonly number[] => [...new TextEncoder().encode(start)];

const kinds: readonly { readonly start: readonly number[]; readonly kind: string }[] = [
  // Protocols 1 to 5 begin with their number; protocol 0 is text.
  ...[1, 2, 3, 4, 5].map((protocol) => ({ start: [0x80, protocol], kind: pickle })),
  ...["(dp", "(lp", "ccopy_reg", "cnumpy", "ctorch"].map((start) => ({
    start: text(start),
    kind: pickle,
  })),
  { start: [0x50, 0x4b, 0x03, 0x04], kind: zip },
  { start: [0x50, 0x4b, 0x05, 0x06], kind: zip },
  { start: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], kind: "an array of numpy.save" },
  { start: [0x89, 0x48, 0x44, 0x46], kind: "an HDF5 file" },
  { start: [0x1f, 0x8b], kind: "a gzip file" },
  { start: text("BZh"), kind: "a bzip2 file" },
  { start: [0xfd, 0x37, 0x7a, 0x58, 0x5a], kind: "an xz file" },
  { start: [0x28, 0xb5, 0x2f, 0xfd], kind: "a zstd file" },
  { start: text("GGUF"), kind: "a GGUF file" },
  { start: text("{"), kind: "a JSON file" },
];

/**
 * What the first bytes say; undefined if they are of none of the known kinds, or are the length of a header
 * below 2^16: 640 begins as a pickle does.
 */
export const foreignKind = (bytes: Uint8Array): string | undefined =>
  bytes.subarray(2, 8).every((byte) => byte === 0)
    ? undefined
    : kinds.find(({ start }) => start.every((byte, index) => bytes[index] === byte))?.kind;
