/** Draws first values from their description. */
import { fillNormal, fillUniform, type RandomAddress, streamOf } from "../random.ts";
import { checkInitial } from "./check_initial.ts";
import { drawOrthogonal, drawSparse, drawTruncatedNormal } from "./draw_structure.ts";
import type { DrawContext, Initializer } from "./initializer.ts";

/**
 * Writes the first value of one replica, row-major, into `out`. The same context gives the same bits.
 *
 * @throws RangeError if an initializer does not fit the shape (`checkInitial`) or the replica.
 *
 *     drawInitial(normal(0.3), out, { shape: [4], name: "w", seed: 1, replica: 0, steps: 1, step: 0 })
 */
export function drawInitial(
  initializer: Initializer,
  out: Float32Array,
  context: DrawContext,
): void {
  checkInitial(initializer, context.shape);
  const address = { seed: context.seed, stream: streamOf(context.name), step: 0 };
  const [post = 1, pre = 1] = context.shape;
  switch (initializer.kind) {
    case "constant":
      out.fill(initializer.value);
      return;
    case "uniform": {
      const { low, high } = initializer;
      fillUniform(out, { ...address, low, high });
      return;
    }
    case "normal":
      fillNormal(out, { ...address, deviation: initializer.deviation });
      return;
    case "xavierUniform": {
      const bound = Math.sqrt(6 / (post + pre));
      fillUniform(out, { ...address, low: -bound, high: bound });
      return;
    }
    case "xavierNormal":
      fillNormal(out, { ...address, deviation: Math.sqrt(2 / (post + pre)) });
      return;
    case "fanInUniform": {
      const bound = initializer.gain * Math.sqrt(3 / pre);
      fillUniform(out, { ...address, low: -bound, high: bound });
      return;
    }
    case "fanInNormal":
      fillNormal(out, { ...address, deviation: initializer.gain / Math.sqrt(pre) });
      return;
    case "truncatedNormal":
      drawTruncatedNormal(out, { ...initializer, address });
      return;
    case "orthogonal":
      drawOrthogonal(out, { ...initializer, context, address });
      return;
    case "sparse":
      drawInitial(initializer.values, out, context);
      drawSparse(out, { ...initializer, context });
      return;
    case "blockDiagonal":
      drawBlocks(initializer, out, context);
      return;
    case "beside":
      drawBeside(initializer, out, context);
      return;
    case "array":
      out.set(initializer.values);
      return;
    case "bernoulli":
      drawMask(initializer, out, { address, size: post });
      return;
    case "opposite": {
      const signs = new Float32Array(out.length);
      drawInitial(initializer.signs, signs, context);
      drawInitial(initializer.magnitudes, out, context);
      for (let i = 0; i < out.length; i++) out[i] = -Math.sign(signs[i]!) * Math.abs(out[i]!);
      return;
    }
    case "diagonal":
      drawInitial(initializer.others, out, context);
      for (let i = 0; i < Math.min(post, pre); i++) out[i * pre + i] = initializer.value;
      return;
    case "drawnAs":
      drawInitial(initializer.values, out, { ...context, name: initializer.name });
      return;
    case "byReplica": {
      const values = initializer.values[context.replica];
      if (!values) {
        throw new RangeError(`"${context.name}" has no values of replica ${context.replica}`);
      }
      drawInitial(values, out, context);
      return;
    }
    case "computed":
      initializer.fill(out, context);
      return;
  }
}

/** Draws each block of the diagonal from a stream of its own. */
function drawBlocks(
  { blocks, values }: Extract<Initializer, { kind: "blockDiagonal" }>,
  out: Float32Array,
  context: DrawContext,
): void {
  const [post = 1, pre = 1] = context.shape;
  const shape = [post / blocks, pre / blocks] as const;
  const [rows, columns] = shape;
  out.fill(0);
  for (let block = 0; block < blocks; block++) {
    const part = new Float32Array(rows * columns);
    drawInitial(values, part, { ...context, shape, name: `${context.name}/${block}` });
    for (let i = 0; i < rows; i++) {
      const start = (block * rows + i) * pre + block * columns;
      out.set(part.subarray(i * columns, (i + 1) * columns), start);
    }
  }
}

/** Draws the last columns, and those before them, from streams of their own. */
function drawBeside(
  { columns, last, others }: Extract<Initializer, { kind: "beside" }>,
  out: Float32Array,
  context: DrawContext,
): void {
  const [post = 1, pre = 1] = context.shape;
  const fill = (
    part: string,
    values: Initializer,
    { start, end }: { start: number; end: number },
  ) => {
    const shape = [post, end - start] as const;
    const drawn = new Float32Array(post * (end - start));
    drawInitial(values, drawn, { ...context, shape, name: `${context.name}/${part}` });
    for (let i = 0; i < post; i++) {
      out.set(drawn.subarray(i * (end - start), (i + 1) * (end - start)), i * pre + start);
    }
  };
  fill("others", others, { start: 0, end: pre - columns });
  fill("last", last, { start: pre - columns, end: pre });
}

/** Draws a mask; of a symmetric one the lower triangle, row by row. */
function drawMask(
  { probability, value, symmetric }: Extract<Initializer, { kind: "bernoulli" }>,
  out: Float32Array,
  { address, size }: { address: RandomAddress; size: number },
): void {
  const draws = fillUniform(
    symmetric ? new Float32Array(size * (size + 1) / 2) : out,
    address,
  ).map((draw) => draw < probability ? value : 0);
  if (!symmetric) {
    out.set(draws);
    return;
  }
  let next = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) out[i * size + j] = out[j * size + i] = draws[next++]!;
  }
}
