/** Where keys stand in a text of settings, and how their values are written. */
import type { Node, Pair } from "../deps/yaml.ts";

/** Finds keys of a text by the keys that lead to them. */
export interface SourcePlaces {
  /** The line of a key from 1, or of the last group on the way to it; undefined if none is there. */
  line(keys: readonly PropertyKey[]): number | undefined;
  /** The text of a value as it is written; undefined if it is no plain value. */
  text(keys: readonly PropertyKey[]): string | undefined;
}

/**
 * The places of a YAML or JSON text that was parsed before; of another text it finds none.
 *
 * @example
 * const places = await sourcePlaces("a:\n  b: 1.0\n");
 * places.line(["a", "b"]); // 2
 * places.text(["a", "b"]); // "1.0"
 */
export async function sourcePlaces(text: string): Promise<SourcePlaces> {
  const { isMap, isScalar, isSeq, parseDocument } = await import("../deps/yaml.ts");
  const { contents, errors } = parseDocument(text, { uniqueKeys: false, logLevel: "silent" });
  const inner = (node: unknown, key: PropertyKey): { start: Node; value: unknown } | undefined => {
    if (isSeq(node)) {
      const item = node.items[Number(key)] as Node | undefined;
      return item && { start: item, value: item };
    }
    const pair = isMap(node)
      ? (node.items as Pair<Node, unknown>[]).find(({ key: other }) =>
        isScalar(other) && String(other.value) === String(key)
      )
      : undefined;
    return pair && { start: pair.key, value: pair.value };
  };
  return {
    line(keys) {
      if (errors.length > 0) return undefined;
      let node: unknown = contents;
      let offset: number | undefined;
      for (const key of keys) {
        const found = inner(node, key);
        if (!found) break;
        offset = found.start.range?.[0];
        node = found.value;
      }
      return offset === undefined ? undefined : text.slice(0, offset).split("\n").length;
    },
    text(keys) {
      const node = keys.reduce<unknown>((node, key) => inner(node, key)?.value, contents);
      return isScalar(node) ? node.source : undefined;
    },
  };
}
