/**
 * Sums that a pass keeps in scratch memory until all of them are done. What needs them follows in a loop of its own,
 * a pair of vectors at a time: it is written once, however many sums are made together.
 */
import type { LinearIndex } from "../../schedule/index.ts";
import { alongRow, type Column } from "./along_row.ts";
import { finish, type PassBody, positionAt, scratch } from "./pass_body.ts";
import { sumsScratch } from "./pass_strategy.ts";

type Kind = "f32" | "v128";
const bytesOf = (kind: Kind): number => kind === "v128" ? 16 : 4;

/** The address of an element's sum of a reduction of the pass. */
export function placeOfSum(
  body: PassBody,
  reduction: number,
  { index, kind }: { index: LinearIndex; kind: Kind },
): string {
  return scratch(body, { from: sumsScratch(body.pass, reduction), index, bytes: bytesOf(kind) });
}

const kindOf = ({ wide }: Column): Kind => wide ? "v128" : "f32";

/** Reads the sums of neighbours into locals, by column, then by reduction. */
export function loadSums(body: PassBody, columns: readonly Column[]): string[][] {
  return columns.map((column) =>
    body.pass.reduced.map((_, reduction) => {
      const kind = kindOf(column);
      const local = body.writer.local(kind);
      const place = placeOfSum(body, reduction, { index: column.index, kind });
      body.writer.push(`(local.set ${local} (${kind}.load ${place}))`);
      return local;
    })
  );
}

/** Keeps sums, those of neighbours side by side; `sums` are locals by column, then by reduction. */
export function storeSums(
  body: PassBody,
  columns: readonly Column[],
  sums: readonly (readonly string[])[],
): void {
  body.pass.reduced.forEach((_, reduction) =>
    columns.forEach((column, part) => {
      const kind = kindOf(column);
      const place = placeOfSum(body, reduction, { index: column.index, kind });
      body.writer.push(`(${kind}.store ${place} (local.get ${sums[part]![reduction]!}))`);
    })
  );
}

/** Computes and stores what needs the sums of these neighbours. */
export function finishSums(
  body: PassBody,
  neighbours: readonly { readonly index: LinearIndex; readonly wide: boolean }[],
): void {
  const { pass: { reduced }, writer, expressions } = body;
  const positions = neighbours.map(({ index }) => positionAt(index));
  reduced.forEach((node, reduction) =>
    neighbours.forEach(({ index, wide }, part) => {
      const kind = wide ? "v128" : "f32";
      const text = `(${kind}.load ${placeOfSum(body, reduction, { index, kind })})`;
      const level = index.symbol ? writer.levelOf(index.symbol) : 0;
      expressions.define(node, positions[part]!, writer.bind(text, kind, level));
    })
  );
  finish(body, positions);
}

/** Computes and stores what needs the sums of a vector. */
export const finishVector = (body: PassBody): void =>
  alongRow(
    body.writer,
    { length: body.columns, tile: 2 },
    (neighbours) => finishSums(body, neighbours),
  );
