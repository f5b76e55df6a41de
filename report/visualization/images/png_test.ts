import assert from "node:assert/strict";
import { crc32, inflateSync } from "node:zlib";
import { colourOf } from "./colours.ts";
import type { Drawing } from "./drawing.ts";
import { drawPng } from "./draw_png.ts";
import { drawSvg } from "./draw_svg.ts";
import { encodePng, type Raster } from "./png.ts";

interface Decoded extends Raster {
  readonly title: string;
}

/** Reads back what `encodePng` writes, with nothing of its own code. */
function decodePng(file: Uint8Array): Decoded {
  assert.deepEqual([...file.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks = new Map<string, Uint8Array>();
  let offset = 8;
  while (offset < file.length) {
    const length = view.getUint32(offset);
    const type = new TextDecoder().decode(file.subarray(offset + 4, offset + 8));
    const end = offset + 8 + length;
    assert.equal(view.getUint32(end), crc32(file.subarray(offset + 4, end)), type);
    chunks.set(type, file.subarray(offset + 8, end));
    offset = end + 4;
  }
  assert.equal(offset, file.length);
  assert.equal([...chunks.keys()].at(-1), "IEND");
  const header = chunks.get("IHDR")!;
  assert.deepEqual([...header.subarray(8)], [8, 2, 0, 0, 0]);
  const size = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const [width, height] = [size.getUint32(0), size.getUint32(4)];
  const rows = inflateSync(chunks.get("IDAT")!);
  assert.equal(rows.length, height * (1 + 3 * width));
  const pixels = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const start = y * (1 + 3 * width);
    assert.equal(rows[start], 0, "no filter");
    pixels.set(rows.subarray(start + 1, start + 1 + 3 * width), 3 * width * y);
  }
  const text = new TextDecoder().decode(chunks.get("iTXt") ?? new Uint8Array(0));
  return { width, height, pixels, title: text.split("\0").at(-1)! };
}

Deno.test("encodePng: every pixel and the title come back", () => {
  const pixels = Uint8Array.from({ length: 3 * 5 * 4 }, (_, index) => 37 * index % 256);
  const read = decodePng(encodePng({ width: 5, height: 4, pixels }, { title: "Rates η" }));
  assert.deepEqual([read.width, read.height, read.title], [5, 4, "Rates η"]);
  assert.deepEqual(read.pixels, pixels);
});

Deno.test("colourOf: ends, middle, clipping and what is not a number", () => {
  assert.deepEqual(colourOf(-2, 2), [23, 80, 143]);
  assert.deepEqual(colourOf(-9, 2), [23, 80, 143]);
  assert.deepEqual(colourOf(0, 2), [247, 247, 247]);
  assert.deepEqual(colourOf(1, 2), [229, 138, 104]);
  assert.deepEqual(colourOf(2, 2), [163, 32, 31]);
  assert.deepEqual(colourOf(Infinity, 2), [163, 32, 31]);
  assert.deepEqual(colourOf(NaN, 2), [128, 128, 128]);
});

const cells = {
  kind: "cells",
  x: 4,
  y: 6,
  rows: 1,
  columns: 2,
  cell: [3, 2],
  pixels: Uint8Array.of(10, 20, 30, 40, 50, 60),
} as const;
const drawing: Drawing = {
  width: 40,
  height: 30,
  title: "a <b>",
  marks: [
    cells,
    { kind: "rectangle", x: 35, y: 25, width: 20, height: 20, colour: [1, 2, 3] },
    { kind: "text", x: 20, y: 20, text: "1", anchor: "middle", colour: [200, 0, 0] },
    { kind: "text", x: 30, y: 15, text: "L", anchor: "start", colour: [0, 200, 0], isTurned: true },
  ],
};

Deno.test("drawPng paints cells, rectangles cut at the edge, and letters", () => {
  const { width, height, pixels } = decodePng(drawPng(drawing));
  const at = (x: number, y: number) => [...pixels.subarray(3 * (y * width + x)).subarray(0, 3)];
  assert.deepEqual([width, height], [40, 30]);
  assert.deepEqual(at(0, 0), [255, 255, 255]);
  assert.deepEqual([at(4, 6), at(6, 7), at(7, 6), at(9, 7)], [
    [10, 20, 30],
    [10, 20, 30],
    [40, 50, 60],
    [40, 50, 60],
  ]);
  assert.deepEqual(at(10, 6), [255, 255, 255]);
  assert.deepEqual(at(39, 29), [1, 2, 3]);
  // The foot of the 1 is three dots wide, its head starts in the middle.
  assert.deepEqual([at(17, 24), at(22, 24), at(19, 15), at(17, 15)], [
    [200, 0, 0],
    [200, 0, 0],
    [200, 0, 0],
    [255, 255, 255],
  ]);
  // An L written upwards: its stem lies on the left, its foot at the right points upwards.
  assert.deepEqual([at(25, 14), at(34, 14), at(34, 10), at(25, 10)], [
    [0, 200, 0],
    [0, 200, 0],
    [0, 200, 0],
    [255, 255, 255],
  ]);
});

Deno.test("drawSvg holds the matrix as a picture of its own, and escapes text", () => {
  const svg = drawSvg(drawing);
  const picture = /href="data:image\/png;base64,([^"]+)"/.exec(svg)?.[1] ?? "";
  const { width, height, pixels } = decodePng(Uint8Array.fromBase64(picture));
  assert.deepEqual([width, height, pixels], [2, 1, cells.pixels]);
  assert.match(svg, /<image x="4" y="6" width="6" height="2"/);
  assert.match(svg, /<title>a &lt;b&gt;<\/title>/);
  assert.match(svg, /rotate\(-90 30 15\)/);
});
