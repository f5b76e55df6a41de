/**
 * The lanes of a kernel as a JavaScript generator, which yields at barriers. What we print of WGSL is close to
 * JavaScript: a u32 becomes a BigInt, so that quotients are whole, and a float in a sum of whole numbers is an error.
 */

/** An array that lanes share. */
export interface SharedArray {
  readonly name: string;
  readonly space: "workgroup" | "storage";
  readonly isVector: boolean;
  /** Elements; undefined: the binding says. */
  readonly length: number | undefined;
}

/** What a lane does from one barrier to the next; the barriers that it yields are `storage 912`: which, and where. */
export type Lane = Generator<string, void>;

/** A kernel that can be run. */
export interface KernelScript {
  readonly lanes: number;
  readonly arrays: readonly SharedArray[];
  /**
   * @param shared the arrays, by name.
   * @param setInside is told before every access whether it lies in its array's matrix, and not beyond its edge.
   * @returns what makes a lane of its arguments in `main`.
   */
  prepare(
    shared: Readonly<Record<string, object>>,
    setInside: (isInside: boolean) => void,
  ): (...main: readonly unknown[]) => Lane;
}

/** Any float: no float decides who touches what. */
const half = () => 0.5;

const zeros: Readonly<Record<string, unknown>> = { f32: 0.5, u32: 0n, i32: 0n, bool: false };

/** Functions of WGSL, of another name where they have parameters for types. */
const builtins: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(
    ["fma", "sqrt", "abs", "floor", "round", "f32", "vec4f", "vec2u", "bitcast_f32"]
      .map((name) => [name, half]),
  ),
  bitcast_u32: () => 0n,
  min: (a: bigint, b: bigint) => a < b ? a : b,
  max: (a: bigint, b: bigint) => a > b ? a : b,
  clamp: (x: bigint, low: bigint, high: bigint) => x < low ? low : x > high ? high : x,
  select: (no: unknown, yes: unknown, condition: boolean) => condition ? yes : no,
  subgroupShuffleXor: (own: unknown) => own,
};

/** The arrays that a kernel declares. @throws Error for a declaration that is not known here. */
function sharedArrays(header: string): SharedArray[] {
  const known =
    /^(?:@.*)?var<(?:(workgroup|storage)[\w, ]*> (\w+): array<(f32|vec4f)(?:, (\d+))?>|uniform> \w+: Moment);$/;
  return header.split("\n").filter((line) => line.includes("var<")).flatMap((line) => {
    const [, space, name, type, length] = known.exec(line) ?? fail(`declaration: ${line}`);
    if (space === undefined || name === undefined) return [];
    return [{
      name,
      space: space as SharedArray["space"],
      isVector: type === "vec4f",
      length: length === undefined ? undefined : Number(length),
    }];
  });
}

function fail(what: string): never {
  throw new Error(`This test does not know what a kernel does here: ${what}`);
}

/** The functions that a kernel declares. @throws Error if one touches what lanes share. */
function declaredFunctions(
  header: string,
  arrays: readonly SharedArray[],
): Record<string, () => unknown> {
  const code = header.replace(/^.*var<.*$|\/\/.*$/gm, "");
  const touched = arrays.find(({ name }) => new RegExp(`\\b${name}\\b`).test(code));
  if (touched) fail(`a function touches ${touched.name}`);
  const declared = [...header.matchAll(/^fn (\w+)\(.*\) -> (\w+) \{$/gm)];
  return Object.fromEntries(declared.map(([, name, type]) => [name!, () => zeros[type!]]));
}

/**
 * Tells before each line with an access whether its indices are inside: `gi3` stands for the last index wherever
 * `gi3_in` does not hold.
 */
function withInsideTests(lines: readonly string[]): string[] {
  const clamped = lines.flatMap((line) => /let (\w+)_in = /.exec(line)?.[1] ?? []);
  if (clamped.length === 0) return [...lines];
  return lines.map((line) => {
    if (!line.includes("[")) return line;
    const used = clamped.filter((name) =>
      new RegExp(`(?<![a-z0-9])${name}(?![a-z0-9])`, "i").test(line)
    );
    return `setInside(${["true", ...used.map((name) => `${name}_in`)].join(" && ")}); ${line}`;
  });
}

const toJavaScript = (wgsl: string): string =>
  wgsl
    .replace(/\b(workgroup|storage)Barrier\(\);/g, (_, space, at) => `yield "${space} ${at}";`)
    .replace(/\b(let|var) (\w+): \w+ =/g, "$1 $2 =")
    .replace(/\blet\b/g, "const")
    .replace(/\bvar\b/g, "let")
    .replace(/\b(0x[0-9a-f]+|\d+)u\b/g, "$1n")
    .replace(/(?<![\w.])(\d[\d.]*(?:e[+-]?\d+)?)f\b/g, "$1")
    .replace(/\bbitcast<(\w+)>/g, "bitcast_$1");

/** Reads a kernel. @throws Error, here or when it runs, for what it does that is not known here. */
export function kernelScript(source: string): KernelScript {
  const [header, lanes, body] = source.split(/@compute @workgroup_size\((\d+)\)\nfn main\(.*\) /);
  if (body === undefined) fail(`entry point: ${source}`);
  const arrays = sharedArrays(header!);
  const functions = { ...builtins, ...declaredFunctions(header!, arrays) };
  const script = toJavaScript(withInsideTests(body.split("\n")).join("\n"));
  return {
    lanes: Number(lanes),
    arrays,
    prepare(shared, setInside) {
      const given = { ...functions, ...shared, setInside };
      const text =
        `"use strict"; return function* (lane, group, groups, iteration, step) ${script}`;
      return new Function(...Object.keys(given), text)(...Object.values(given));
    },
  };
}
