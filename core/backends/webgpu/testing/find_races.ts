/** Finds data races in the text of a kernel: it runs all lanes of all workgroups and notes what they touch. */
import { kernelScript, type SharedArray } from "./kernel_script.ts";
import { Touches } from "./touches.ts";

/** How a kernel is launched. */
export interface Launch {
  readonly workgroups: number;
  /** Elements of each binding. */
  readonly arenas: readonly number[];
}

/** An array, who has touched it since the last barrier that shows it, and in the whole launch. */
interface Watched extends SharedArray {
  readonly byLanes: Touches;
  readonly byWorkgroups: Touches;
}

/** Most workgroups along one dimension of a launch. */
const WIDEST = 65535;

/**
 * The races of a kernel: two lanes touch an element, one of them writes, and no barrier is between them; or two workgroups
 * do, at any time. A component of a vector is all of it, since who writes one may write all. What a lane reads beyond an
 * edge is used by nobody and does not count.
 *
 * @returns a text for each array and kind of race, such as `parts[3] between lanes`.
 * @throws RangeError for an index outside of an array.
 * @throws Error if lanes wait at different barriers, or if something is not known here.
 */
export function findRaces(source: string, { workgroups, arenas }: Launch): string[] {
  const { lanes, arrays, prepare } = kernelScript(source);
  const watched = arrays.map((array) => ({
    ...array,
    length: array.length ?? arenas[Number(array.name.replace("memory", ""))],
    byLanes: new Touches(),
    byWorkgroups: new Touches(),
  }));
  const races = new Map<string, string>();
  let [lane, group, isInside] = [0, 0, true];

  const touch = (array: Watched, element: string, kind: "read" | "write") => {
    const { name, space, length = 0, byLanes, byWorkgroups } = array;
    if (!isInside && kind === "read") return;
    if (!isInside || !/^\d+$/.test(element) || Number(element) >= length) {
      throw new RangeError(`${kind} of ${name}[${element}], which has ${length} elements`);
    }
    const between = [
      ...byLanes[kind](element, lane) ? ["lanes"] : [],
      ...space === "storage" && byWorkgroups[kind](element, group) ? ["workgroups"] : [],
    ];
    for (const which of between) {
      const key = `${name} ${which}`;
      if (!races.has(key)) races.set(key, `${name}[${element}] between ${which}`);
    }
  };
  const shared = watched.map((array) => [array.name, accessors(array, touch)] as const);
  const start = prepare(Object.fromEntries(shared), (is) => isInside = is);

  const moment = { index: 1n };
  const wide = Math.min(workgroups, WIDEST);
  for (group = 0; group < workgroups; group++) {
    const position = { x: BigInt(group % wide), y: BigInt(Math.floor(group / wide)) };
    const running = Array.from(
      { length: lanes },
      (_, lane) => start(BigInt(lane), position, { x: BigInt(wide) }, moment, moment),
    );
    let barrier: string | void = "workgroup storage";
    while (barrier) {
      for (const { space, byLanes } of watched) {
        byLanes.endReads();
        if (barrier.includes(space)) byLanes.endWrites();
      }
      const reached = new Set<string | void>();
      for (lane = 0; lane < lanes; lane++) reached.add(running[lane]!.next().value);
      if (reached.size > 1) throw new Error(`Lanes wait at different barriers: ${[...reached]}`);
      [barrier] = reached;
    }
  }
  return [...races.values()];
}

/** An array as a kernel indexes it. */
function accessors(
  array: Watched,
  touch: (array: Watched, element: string, kind: "read" | "write") => void,
): object {
  return new Proxy({}, {
    get(_, element) {
      touch(array, String(element), "read");
      if (!array.isVector) return 0.5;
      return new Proxy({ valueOf: () => 0.5 }, {
        set() {
          touch(array, String(element), "write");
          return true;
        },
      });
    },
    set(_, element) {
      touch(array, String(element), "write");
      return true;
    },
  });
}
