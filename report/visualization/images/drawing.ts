/** The content of an image file, before it becomes SVG or PNG: pixels from the upper left corner. */

export const imageKinds = ["svg", "png"] as const;
export type ImageKind = typeof imageKinds[number];

export interface Rectangle {
  readonly kind: "rectangle";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: Colour;
}

/** One line of text; y is its middle. */
export interface Text {
  readonly kind: "text";
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor: "start" | "middle" | "end";
  readonly colour: Colour;
  /** Written upwards. */
  readonly isTurned?: boolean;
}

/** A matrix; each value is a rectangle of `cell` pixels. */
export interface Cells {
  readonly kind: "cells";
  readonly x: number;
  readonly y: number;
  readonly rows: number;
  readonly columns: number;
  readonly cell: readonly [width: number, height: number];
  /** [rows, columns, 3] */
  readonly pixels: Uint8Array;
}

export type Mark = Rectangle | Text | Cells;

/** Red, green and blue. */
export type Colour = readonly [number, number, number];

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** Later marks cover earlier ones; the ground is white. */
  readonly marks: readonly Mark[];
}
