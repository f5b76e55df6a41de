/** Names the kind of a file that is not in the format of safetensors, so that an error can say it. */

const kinds: readonly { readonly start: readonly number[]; readonly kind: string }[] = [
  { start: [0x80, 0x02], kind: "a Python pickle, which can run code" },
  { start: [0x80, 0x03], kind: "a Python pickle, which can run code" },
  { start: [0x80, 0x04], kind: "a Python pickle, which can run code" },
  { start: [0x80, 0x05], kind: "a Python pickle, which can run code" },
  { start: [0x50, 0x4b, 0x03, 0x04], kind: "a zip file, as torch.save and numpy.savez write" },
  { start: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], kind: "an array of numpy.save" },
  { start: [0x89, 0x48, 0x44, 0x46], kind: "an HDF5 file" },
  { start: [0x1f, 0x8b], kind: "a gzip file" },
];

/** What the first bytes say; undefined if they are of none of the known kinds. */
export const foreignKind = (bytes: Uint8Array): string | undefined =>
  kinds.find(({ start }) => start.every((byte, index) => bytes[index] === byte))?.kind;
