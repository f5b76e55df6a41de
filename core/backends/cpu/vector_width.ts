/** Measures how wide the vectors are that V8 makes of WebAssembly SIMD. No program can read V8's flags. */
import { assemble } from "./assemble.ts";

const VECTORS = 8;
const ROUNDS = 6;
const TURNS = 100;
/** V8 compiles a function well only after it has run for a while, on another thread. */
const MEASURED_MS = 60;

const vectors = Array.from({ length: VECTORS }, (_, index) => index);
const lines = (line: (vector: number) => string) => vectors.map(line).join("\n");

/** Loads vectors, computes x <- x x + x a few times, and stores them. V8 joins neighbours alone. */
const loop = (stride: number): string => `
  (loop $turn
    ${lines((v) => `(local.set $x${v} (v128.load offset=${v * stride} (local.get $from)))`)}
    ${
  lines((v) =>
    `(local.set $x${v} (f32x4.add (f32x4.mul (local.get $x${v}) (local.get $x${v})) (local.get $x${v})))`
  ).concat("\n").repeat(ROUNDS)
}
    ${lines((v) => `(v128.store offset=${v * stride} (local.get $to) (local.get $x${v}))`)}
    (br_if $turn (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))`;

/** Neighbours or vectors apart, in one function: V8 compiles it well for both at once. */
const text = `(module (memory 1)
  (func (export "run") (param $apart i32) (param $from i32) (param $to i32)
    (local $left i32) ${lines((v) => `(local $x${v} v128)`)}
    (local.set $left (i32.const ${TURNS}))
    (if (local.get $apart) (then ${loop(32)}) (else ${loop(16)}))))`;

type Run = (apart: number, from: number, to: number) => void;

/** The time of some calls. */
function time(run: Run, apart: number): number {
  const started = performance.now();
  for (let call = 0; call < 20; call++) run(apart, 0, 2048);
  return performance.now() - started;
}

/**
 * 256 where V8 joins pairs of vectors that are loaded by pointer, which takes both `fastFlags`, else 128. It takes
 * less than 0.1 s, and on a busy machine it may say 128 where it is 256.
 *
 * @example
 * if (await measureVectorWidth() === 128) console.log("set DENO_V8_FLAGS");
 */
export async function measureVectorWidth(): Promise<128 | 256> {
  const { exports } = new WebAssembly.Instance(await assemble(text));
  const run = exports.run as Run;
  let [neighbours, apart] = [Infinity, Infinity];
  const end = performance.now() + MEASURED_MS;
  while (performance.now() < end) {
    neighbours = Math.min(neighbours, time(run, 0));
    apart = Math.min(apart, time(run, 1));
  }
  return neighbours < 0.8 * apart ? 256 : 128;
}
