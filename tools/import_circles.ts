/** Circles in a graph of imports: files or sibling folders that import each other. */

/** The nodes that each node points at. */
export type Arrows = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The strongly connected parts of a graph that have more than one node (Tarjan, 1972), each sorted.
 *
 * @example
 * circlesOf(new Map([["a", new Set(["b"])], ["b", new Set(["a"])]])); // [["a", "b"]]
 */
export function circlesOf(arrows: Arrows): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (node: string): void => {
    order.set(node, order.size);
    low.set(node, order.get(node)!);
    stack.push(node);
    for (const target of arrows.get(node) ?? []) {
      if (!order.has(target)) visit(target);
      if (stack.includes(target)) low.set(node, Math.min(low.get(node)!, low.get(target)!));
    }
    if (low.get(node) !== order.get(node)) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const node of arrows.keys()) if (!order.has(node)) visit(node);
  return circles;
}

/**
 * The arrows between sibling folders, at every level of the tree: a file of `core/program` that
 * imports one of `core/numerics` makes an arrow from the first folder to the second. A folder and
 * its parent make no arrow.
 */
export function folderArrows(imports: Arrows): Arrows {
  const arrows = new Map<string, Set<string>>();
  for (const [path, targets] of imports) {
    for (const target of targets) {
      const pair = siblingFolders(path.split("/"), target.split("/"));
      if (!pair) continue;
      const [from, to] = pair;
      arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
  }
  return arrows;
}

/** The first folders in which two paths differ; undefined if one file lies above the other. */
function siblingFolders(
  from: readonly string[],
  to: readonly string[],
): readonly [string, string] | undefined {
  const parting = from.findIndex((name, depth) => name !== to[depth]);
  if (parting >= from.length - 1 || parting >= to.length - 1) return undefined;
  return [from.slice(0, parting + 1).join("/"), to.slice(0, parting + 1).join("/")];
}
