import type { Node, YAMLMap } from "../deps/yaml.ts";
import { mostDepth, tooDeep } from "./depth.ts";
import { quote } from "./plain_text.ts";

type Yaml = typeof import("../deps/yaml.ts");

/** Most words and marks of a text. The longest list of seeds takes a third of them, and some 2 s. */
const mostLexemes = 1_000_000;

/**
 * The value of a YAML 1.2 text. Anchors and aliases mean what YAML says, and so does the merge key (`<<: *base`) of
 * YAML 1.1, which most programs have kept. All else of that older YAML, which reads `010` and `yes` otherwise, is
 * refused.
 *
 * @throws SyntaxError if the text is not one such document, or has too many parts.
 */
export async function parseYaml(text: string): Promise<unknown> {
  const yaml = await import("../deps/yaml.ts");
  // The composer compares each key with all others; `Checker` does it in time that grows with the text.
  const composer = new yaml.Composer({ uniqueKeys: false, merge: true });
  const documents = [...composer.compose(boundedTokens(text, yaml), true, text.length)];
  if (documents.length > 1) throw new SyntaxError("it holds several documents, expected one");
  const document = documents[0]!;
  const lineAt = (position = 0) => text.slice(0, position).split("\n").length;
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw new SyntaxError(`${problem.message} (line ${lineAt(problem.pos[0])})`);
  const { explicit, version } = document.directives!.yaml;
  if (explicit && version !== "1.2") throw new SyntaxError(`YAML ${version}: expected YAML 1.2`);
  const problemAt = (problem: string, { range }: Node) =>
    new SyntaxError(`${problem} (line ${lineAt(range?.[0])})`);
  new Checker(yaml, problemAt).parts(document.contents);
  return document.toJS();
}

/** The parts of a text. The composer calls itself for each level, so too deep a text never gets there. */
function* boundedTokens(text: string, { Lexer, Parser }: Yaml) {
  const parser = new Parser();
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++count > mostLexemes) throw new SyntaxError(`it has more than ${mostLexemes} parts`);
    yield* parser.next(lexeme);
    // A level takes one place or two.
    if (parser.stack.length > 2 * mostDepth) throw tooDeep();
  }
  yield* parser.end();
}

/** Goes through a document, and refuses what could be read in two ways, or what merges make too large. */
class Checker {
  /** The anchors so far, with the parts that a merge of each copies; 0 for what is no group. */
  readonly #anchors = new Map<string, number>();

  constructor(
    readonly yaml: Yaml,
    /** Makes an error of a problem and the part of the text that has it. */
    readonly problemAt: (problem: string, node: Node) => SyntaxError,
  ) {}

  /** The parts of a value, those that are merged into it among them. @throws SyntaxError */
  parts(node: unknown): number {
    const { isMap, isScalar, isSeq } = this.yaml;
    const parts = isMap(node)
      ? this.#partsOfMap(node)
      : isSeq(node)
      ? node.items.reduce<number>((sum, item) => sum + this.parts(item), 1)
      : 1;
    if (parts > mostLexemes) throw new SyntaxError(`it has more than ${mostLexemes} parts`);
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor) {
      this.#anchors.set(node.anchor, isMap(node) ? parts : 0);
    }
    return parts;
  }

  #partsOfMap({ items }: YAMLMap): number {
    const names = new Set<string>();
    let parts = 1;
    for (const { key, value } of items) {
      if (!this.yaml.isScalar(key)) {
        throw this.problemAt("a key is a group or list, expected a name", key as Node);
      }
      const isMerge = typeof key.value === "symbol";
      const name = isMerge ? "<<" : String(key.value);
      if (names.has(name)) throw this.problemAt(`${quote(name)} is given twice`, key);
      names.add(name);
      parts += isMerge ? this.#partsOfMerge(value, key) : this.parts(value);
    }
    return parts;
  }

  #partsOfMerge(value: unknown, key: Node): number {
    const { isAlias, isMap, isSeq } = this.yaml;
    const sources = isSeq(value) ? value.items : [value];
    return sources.reduce<number>((sum, source) => {
      const parts = isMap(source)
        ? this.parts(source)
        : isAlias(source)
        ? this.#anchors.get(source.source)
        : undefined;
      if (parts) return sum + parts;
      throw this.problemAt('"<<": expected a group of settings before it, or a list of such', key);
    }, 0);
  }
}
