/** A drawing as a PNG file. */
import type { Cells, Colour, Drawing, Mark, Text } from "./drawing.ts";
import { GLYPH_HEIGHT, textDots, textWidth } from "./pixel_font.ts";
import { encodePng } from "./png.ts";

/** Width and height of a dot of a letter, in pixels. */
const DOT = 2;

/** The bytes of the file; marks beyond the edges are cut. */
export function drawPng({ width, height, title, marks }: Drawing): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(3 * width * height).fill(255);
  const fill: Fill = ({ x, y, width: wide, height: high }, colour) => {
    const [left, top] = [Math.max(0, Math.round(x)), Math.max(0, Math.round(y))];
    const right = Math.min(width, Math.round(x + wide));
    const bottom = Math.min(height, Math.round(y + high));
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        pixels.set(colour, 3 * (row * width + column));
      }
    }
  };
  for (const mark of marks) paint(mark, fill);
  return encodePng({ width, height, pixels }, { title });
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type Fill = (box: Box, colour: Colour) => void;

function paint(mark: Mark, fill: Fill): void {
  if (mark.kind === "rectangle") fill(mark, mark.colour);
  else if (mark.kind === "cells") paintCells(mark, fill);
  else paintText(mark, fill);
}

function paintCells({ x, y, rows, columns, cell: [width, height], pixels }: Cells, fill: Fill) {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const offset = 3 * (row * columns + column);
      const [red, green, blue] = pixels.subarray(offset, offset + 3);
      fill({ x: x + column * width, y: y + row * height, width, height }, [red!, green!, blue!]);
    }
  }
}

function paintText({ x, y, text, anchor, colour, isTurned = false }: Text, fill: Fill): void {
  const long = DOT * textWidth(text);
  const along = { start: 0, middle: long / 2, end: long }[anchor];
  const across = DOT * GLYPH_HEIGHT / 2;
  for (const [column, row] of textDots(text)) {
    const ahead = DOT * column - along, below = DOT * row - across;
    const [left, top] = isTurned ? [x + below, y - ahead - DOT] : [x + ahead, y + below];
    fill({ x: Math.round(left), y: Math.round(top), width: DOT, height: DOT }, colour);
  }
}
