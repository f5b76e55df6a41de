import type { Document } from "../deps/yaml.ts";
import { mostDepth, tooDeep } from "./depth.ts";
import { quote } from "./plain_text.ts";

type Yaml = typeof import("../deps/yaml.ts");

/** Most words and marks of a text. The longest list of seeds takes a third of them, and some 2 s. */
const mostLexemes = 1_000_000;

/**
 * The value of a YAML 1.2 text. Anchors and aliases mean what YAML says; merge keys (`<<`) and the older
 * YAML 1.1, which reads `010` and `yes` otherwise, are refused.
 *
 * @throws SyntaxError if the text is not one such document, or has too many parts.
 */
export async function parseYaml(text: string): Promise<unknown> {
  const yaml = await import("../deps/yaml.ts");
  // The composer compares each key with all others; `refuseUnclear` does it in time that grows with the text.
  const composer = new yaml.Composer({ uniqueKeys: false });
  const documents = [...composer.compose(boundedTokens(text, yaml), true, text.length)];
  if (documents.length > 1) throw new SyntaxError("it holds several documents, expected one");
  const document = documents[0]!;
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const line = text.slice(0, problem.pos[0]).split("\n").length;
    throw new SyntaxError(`${problem.message} (line ${line})`);
  }
  refuseUnclear(document, yaml);
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

function refuseUnclear(document: Document, { isScalar, visit }: Yaml): void {
  const { explicit, version } = document.directives!.yaml;
  if (explicit && version !== "1.2") throw new SyntaxError(`YAML ${version}: expected YAML 1.2`);
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) throw new SyntaxError("a key is a group or list, expected a name");
        const name = String(key.value);
        if (name === "<<") {
          throw new SyntaxError(
            '"<<": YAML 1.2 has no merge keys, expected the settings themselves',
          );
        }
        if (keys.has(name)) throw new SyntaxError(`${quote(name)} is given twice`);
        keys.add(name);
      }
    },
  });
}
