/** Kernels of nothing but multiply-adds, four lanes to an instruction, as WebAssembly. */
import { assemble } from "../../core/backends/cpu/assemble.ts";
import { bestMilliseconds } from "./best_milliseconds.ts";

const TURNS = 1 << 17;
const LANES = 4;
const TILE_VISITS = 8;
/** Where vectors, numbers and sums of `tile` lie; a matrix is read from 0. */
const [VECTORS, NUMBERS, SUMS] = [1024, 2048, 4096];

interface Kernel {
  readonly name: string;
  /** Sums, which do not wait for each other. */
  readonly sums: number;
  /** How often a turn adds to each sum. */
  readonly visits: number;
  readonly locals: string;
  /** What one turn does. */
  readonly turn: string;
}

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

const multiplyAdd = (a: string, b: string, sum: number): string =>
  `(local.set $s${sum} (f32x4.relaxed_madd ${a} ${b} (local.get $s${sum})))`;

/**
 * Products of vectors and numbers that stay in registers. Addresses are constants and the sums of one number lie side by
 * side, so that V8's revectorizer, where it is on, makes vectors of eight lanes of it.
 */
function tile(vectors: number, numbers: number): Kernel {
  const loads = [
    ...range(vectors).map((v) =>
      `(local.set $v${v} (v128.load offset=${VECTORS + 16 * v} (i32.const 0)))`
    ),
    ...range(numbers).map((n) =>
      `(local.set $n${n} (v128.load32_splat offset=${NUMBERS + 4 * n} (i32.const 0)))`
    ),
  ];
  const sums = range(vectors * numbers).map((sum) =>
    multiplyAdd(
      `(local.get $v${sum % vectors})`,
      `(local.get $n${Math.floor(sum / vectors)})`,
      sum,
    )
  );
  const locals = [
    ...range(vectors).map((v) => `(local $v${v} v128)`),
    ...range(numbers).map((n) => `(local $n${n} v128)`),
  ];
  return {
    name: `${sums.length} sums in registers`,
    sums: sums.length,
    visits: TILE_VISITS,
    locals: locals.join(" "),
    turn: [...loads, ...range(TILE_VISITS).flatMap(() => sums)].join("\n"),
  };
}

/** A matrix that is read again and again by pointer, as a product with a vector reads it. */
function matrix(bytes: number): Kernel {
  const sums = range(8);
  const turn = [
    ...sums.map((sum) =>
      multiplyAdd(`(v128.load offset=${16 * sum} (local.get $at))`, "(local.get $x)", sum)
    ),
    `(local.set $at (i32.and (i32.add (local.get $at) (i32.const ${16 * sums.length}))
      (i32.const ${bytes - 1})))`,
  ];
  return {
    name: `matrix of ${bytes / 1024} KiB`,
    sums: sums.length,
    visits: 1,
    locals: "(local $at i32) (local $x v128)",
    turn: turn.join("\n"),
  };
}

/** Nine sums and what they read fill the sixteen registers: of four lanes, or, joined by the revectorizer, of eight. */
export const kernels: readonly Kernel[] = [
  tile(3, 3),
  tile(6, 3),
  matrix(1 << 14),
  matrix(1 << 18),
  matrix(1 << 22),
];

const textOf = ({ sums, locals, turn }: Kernel, index: number): string =>
  `(func (export "k${index}") (local $left i32) ${locals}
    ${range(sums).map((sum) => `(local $s${sum} v128)`).join(" ")}
    (local.set $left (i32.const ${TURNS}))
    (loop $turns ${turn}
      (br_if $turns (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    ${
    range(sums).map((sum) =>
      `(v128.store offset=${SUMS + 16 * sum} (i32.const 0) (local.get $s${sum}))`
    ).join("\n")
  })`;

/** The module of all kernels; `(memory 65)` holds the largest matrix. */
export const multiplyAddModule = (): Promise<WebAssembly.Module> =>
  assemble(`(module (memory 65) ${kernels.map(textOf).join("\n")})`);

/** GFLOP/s of every kernel on this thread; a multiply-add is two operations. */
export function multiplyAddRates(module: WebAssembly.Module): number[] {
  const { exports } = new WebAssembly.Instance(module);
  return kernels.map(({ sums, visits }, index) =>
    2 * LANES * sums * visits * TURNS / bestMilliseconds(exports[`k${index}`] as () => void) / 1e6
  );
}
