/** The rules of ARCHITECTURE.md that a program can check, as a function of the source. */
import { posix } from "node:path";
import { type Arrows, circlesOf, folderArrows } from "./import_circles.ts";
import { lineCount } from "./source_files.ts";

export const LENGTH_LIMIT = 400;
export const LENGTH_NOTE = 200;

/** Higher numbers may import lower ones; folders of one number never import each other. */
const layers: Readonly<Record<string, number>> = {
  deps: -1,
  formats: 0,
  core: 0,
  tasks: 1,
  models: 1,
  updaters: 1,
  config: 2,
  store: 3,
  data: 4,
  analysis: 4,
  report: 5,
  runner: 6,
  watch: 6,
  studies: 7,
  cli: 8,
  bench: 9,
  examples: 9,
  tests: 9,
  tools: 9,
};

/** Folders with this number are imported by no other folder. */
const TOP = 9;

const REFERENCE = "core/backends/reference/";
const gpuModules = /^core\/backends\/webgpu\/(gpu\.ts$|device\/)/;
const gpuName = /\bnavigator\s*\.\s*gpu\b|\bGPU[A-Z]\w*/;

/** These rules and their tests contain the words that they look for. */
const isAboutRules = (path: string): boolean => path.startsWith("tools/layer_rules");
const isTest = (path: string): boolean => /_test\.ts$|\/testing\//.test(path);
const folderOf = (path: string): string => path.includes("/") ? path.split("/")[0]! : "";

/** Code without comments; strings stay. */
export function withoutComments(text: string): string {
  const pieces =
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/.*/g;
  return text.replace(pieces, (_, quoted: string | undefined) => quoted ?? "");
}

/** Repository paths of the files that a module imports or starts. */
export function importsOf(path: string, text: string): string[] {
  const pattern = /(?:\bfrom|\bimport|\bimport\s*\(|\bnew\s+URL\s*\()\s*["']([^"'\n]+)["']/g;
  return [...withoutComments(text).matchAll(pattern)]
    .map(([, specifier]) => specifier!)
    .filter((specifier) => /^\.{1,2}\//.test(specifier))
    .map((specifier) => posix.normalize(posix.join(posix.dirname(path), specifier)))
    .filter((target) => /\.(ts|js|wgsl|wat|css)$/.test(target));
}

/**
 * Packages that a product file imports by name. Names mean what the deno.json of a program says, and a program
 * that imports this library from another folder has another one: `deps/` gives packages with their versions.
 */
function namedPackages(path: string, text: string): string[] {
  const [folder, isProgram] = [folderOf(path), (layers[folderOf(path)] ?? TOP) >= layers.cli!];
  if (isProgram || folder === "deps" || isTest(path)) return [];
  const pattern = /(?:\bfrom|^import|\bimport\s*\()\s*["']([^"'\n.][^"'\n]*)["']/gm;
  return [...withoutComments(text).matchAll(pattern)].map(([, specifier]) => specifier!)
    .filter((specifier) => !specifier.startsWith("node:"));
}

function importProblem(path: string, target: string): string | undefined {
  const [from, to] = [folderOf(path), folderOf(target)];
  if (target === "mod.ts" && !isTest(path) && (layers[from] ?? TOP) < TOP) {
    return "the public module stands above every layer";
  }
  const [layer, other] = [layers[from], layers[to]];
  if (!isTest(path) && layer !== undefined && other !== undefined && from !== to) {
    if (other > layer) return `${from} stands below ${to}`;
    if (other === layer && layer < TOP) return `${from} and ${to} never import each other`;
  }
  const insideBackend = path.startsWith("core/backends/") && path.split("/").length > 3;
  if (
    insideBackend && !isTest(path) && target.startsWith(REFERENCE) && !path.startsWith(REFERENCE)
  ) return "no backend imports the reference that it is tested against";
  if (isTest(target) && !isTest(path) && layer !== undefined && layer < TOP) {
    return "a test is imported by what it tests";
  }
  return undefined;
}

export interface LayerReport {
  /** One line each. */
  readonly problems: readonly string[];
  /** Files over the length worth a second look, the longest first. */
  readonly long: readonly (readonly [path: string, lines: number])[];
}

/** Imports of product files; tests may import anything. */
function productImports(files: ReadonlyMap<string, string>): Arrows {
  const arrows = new Map<string, ReadonlySet<string>>();
  for (const [path, text] of files) {
    if (!path.endsWith(".ts") || isTest(path) || isAboutRules(path)) continue;
    arrows.set(path, new Set(importsOf(path, text).filter((target) => files.has(target))));
  }
  return arrows;
}

function circleProblems(files: ReadonlyMap<string, string>): string[] {
  const imports = productImports(files);
  return [
    ...circlesOf(imports).map((circle) => `files import each other: ${circle.join(", ")}`),
    ...circlesOf(folderArrows(imports)).map((circle) =>
      `folders import each other: ${circle.join(", ")}`
    ),
  ];
}

/** Checks layers, packages, circles, the one module of the GPU, table entries, names and lengths. */
export function checkLayers(files: ReadonlyMap<string, string>): LayerReport {
  const problems: string[] = [];
  const long: [string, number][] = [];
  for (const [path, text] of files) {
    const lines = lineCount(text);
    if (lines > LENGTH_LIMIT) problems.push(`${path}: ${lines} lines, at most ${LENGTH_LIMIT}`);
    if (lines > LENGTH_NOTE) long.push([path, lines]);
    if (!/^[a-z0-9_]+(\.d)?\.[a-z]+$/.test(posix.basename(path))) {
      problems.push(`${path}: file names are snake_case`);
    }
    if (!path.endsWith(".ts") || isAboutRules(path)) continue;
    const [, name] = gpuModules.test(path)
      ? []
      : withoutComments(text).match(`(${gpuName.source})`) ??
        [];
    if (name) {
      problems.push(
        `${path}: mentions ${name}; only core/backends/webgpu/gpu.ts and device/ call WebGPU`,
      );
    }
    for (const name of namedPackages(path, text)) {
      problems.push(`${path}: imports ${name}; packages come from deps/`);
    }
    for (const target of importsOf(path, text)) {
      if (!files.has(target)) {
        const kind = posix.basename(path) === "mod.ts" ? "table entry" : "import";
        problems.push(`${path}: ${kind} ${target} is no file`);
      }
      const problem = importProblem(path, target);
      if (problem) problems.push(`${path}: imports ${target}; ${problem}`);
    }
  }
  problems.push(...circleProblems(files));
  return { problems, long: long.sort(([, a], [, b]) => b - a) };
}
