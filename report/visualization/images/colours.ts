/** Colours of matrices in image files: blue below 0, red above, nearly white at 0. */

/** Colours at -limit, -limit / 2, 0, limit / 2 and limit, as in the page on a light screen. */
const stops = [[23, 80, 143], [110, 167, 214], [247, 247, 247], [229, 138, 104], [163, 32, 31]];
const notANumber = [128, 128, 128];

/** Red, green and blue of a value; a value beyond ±limit has the colour of that end. */
export function colourOf(value: number, limit: number): readonly number[] {
  if (Number.isNaN(value)) return notANumber;
  const position = (Math.max(-1, Math.min(1, value / limit)) + 1) * 2;
  const lower = Math.min(3, Math.floor(position));
  const share = position - lower;
  return stops[lower]!.map((from, channel) =>
    Math.round(from + share * (stops[lower + 1]![channel]! - from))
  );
}

/** Red, green and blue of values: [values, 3]. */
export function coloursOf(values: ArrayLike<number>, limit: number): Uint8Array {
  const pixels = new Uint8Array(3 * values.length);
  for (let index = 0; index < values.length; index++) {
    pixels.set(colourOf(values[index]!, limit), 3 * index);
  }
  return pixels;
}
