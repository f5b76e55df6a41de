/** First values that are more than independent numbers: without tails, orthogonal, or at few places. */
import { fillNormal, type RandomAddress, randomStream, streamOf } from "../random.ts";
import type { DrawContext } from "./initializer.ts";

/** Normal numbers within `bound` deviations. */
export function drawTruncatedNormal(
  out: Float32Array,
  { deviation, bound, address }: { deviation: number; bound: number; address: RandomAddress },
): void {
  const random = randomStream(address);
  for (let i = 0; i < out.length; i++) {
    let value = random.normal();
    while (Math.abs(value) > bound) value = random.normal();
    out[i] = deviation * value;
  }
}

/** Keeps `inputs` numbers of each row, at random places. */
export function drawSparse(
  out: Float32Array,
  { inputs, context: { name, shape, seed } }: { inputs: number; context: DrawContext },
): void {
  const [post = 1, pre = 1] = shape;
  const random = randomStream({ seed, stream: streamOf(`${name}/places`) });
  const columns = Array.from({ length: pre }, (_, column) => column);
  for (let row = 0; row < post; row++) {
    for (const column of random.shuffle(columns).slice(inputs)) out[row * pre + column] = 0;
  }
}

/**
 * The Q of a normal matrix, whose R has a positive diagonal: all orthogonal matrices are equally likely
 * (Mezzadri, 2007).
 */
export function drawOrthogonal(
  out: Float32Array,
  { gain, context: { shape }, address }: {
    gain: number;
    context: DrawContext;
    address: RandomAddress;
  },
): void {
  const [post = 1, pre = 1] = shape;
  const count = Math.min(post, pre);
  const length = Math.max(post, pre);
  const draws = fillNormal(new Float32Array(count * length), address);
  const vectors = Array.from(
    { length: count },
    (_, index) => Float64Array.from(draws.subarray(index * length, (index + 1) * length)),
  );
  orthonormalize(vectors);
  vectors.forEach((vector, index) =>
    vector.forEach((value, place) => {
      const [row, column] = post < pre ? [index, place] : [place, index];
      out[row * pre + column] = gain * value;
    })
  );
}

/** Gram and Schmidt's method, twice for each vector, which leaves only errors of rounding. */
function orthonormalize(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, index) => {
    for (let round = 0; round < 2; round++) {
      for (const other of vectors.slice(0, index)) {
        const part = dot(vector, other);
        for (let i = 0; i < vector.length; i++) vector[i]! -= part * other[i]!;
      }
    }
    const length = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < vector.length; i++) vector[i]! /= length;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
