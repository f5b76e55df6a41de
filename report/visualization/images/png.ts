/** Pictures as PNG files: 8 bits for red, green and blue, without filters. */
import { crc32, deflateSync } from "node:zlib";

export interface Raster {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3] */
  readonly pixels: Uint8Array;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * The bytes of a PNG file.
 *
 * @param options.title is stored as text, for programs that show it.
 */
export function encodePng(
  { width, height, pixels }: Raster,
  { title = "" }: { title?: string } = {},
): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // 8 bits a sample, colour type 2 (red, green, blue); compression, filter and interlace are 0.
  header.set([8, 2], 8);
  // Each row begins with the number of its filter, 0.
  const rows = new Uint8Array(height * (1 + 3 * width));
  for (let y = 0; y < height; y++) {
    rows.set(pixels.subarray(3 * width * y, 3 * width * (y + 1)), y * (1 + 3 * width) + 1);
  }
  const chunks = [
    chunk("IHDR", header),
    // iTXt: keyword, not compressed, no language, no translated keyword, UTF-8.
    ...title === "" ? [] : [chunk("iTXt", new TextEncoder().encode(`Title\0\0\0\0\0${title}`))],
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array(0)),
  ];
  const parts = [Uint8Array.from(SIGNATURE), ...chunks];
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    file.set(part, offset);
    offset += part.length;
  }
  return file;
}

/** Length, type, data, and the CRC-32 of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
