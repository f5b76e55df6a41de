/**
 * The part of Python's pickle that a saved dict of tensors is written in. Nothing is executed: a pickle names
 * functions, and this reader knows what a few of them mean and refuses all others. Source: PEP 3154 and the
 * opcodes of Python's pickletools; protocols 2 to 5.
 */

/** What a name in a pickle stands for: called with what the pickle gives it. */
export type Meaning = (...given: readonly unknown[]) => unknown;

/** What a pickle may name, as `module.name`. */
export type Meanings = Readonly<Record<string, Meaning>>;

const MARK = Symbol("mark");

/** A name of the pickle. */
class Named {
  constructor(readonly name: string, readonly call: Meaning) {}
}

/**
 * The value of a pickle: numbers, texts, `Map` for a dict, arrays for lists and tuples, and what meanings return.
 *
 * @param options.persistent the meaning of a persistent id.
 * @throws RangeError, in words, for a name without a meaning, an opcode that is not known, or an early end.
 */
export function unpickle(
  bytes: Uint8Array,
  { meanings, persistent }: { meanings: Meanings; persistent: Meaning },
): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: unknown[] = [];
  const memo = new Map<number, unknown>();
  let at = 0;
  const take = (count: number): number => {
    if (at + count > bytes.length) throw new RangeError("ends in the middle");
    return (at += count) - count;
  };
  const uint8 = () => view.getUint8(take(1));
  const uint32 = () => view.getUint32(take(4), true);
  const text = (length: number) => {
    const start = take(length);
    return new TextDecoder().decode(bytes.subarray(start, start + length));
  };
  const line = () => {
    const end = bytes.indexOf(10, at);
    if (end < 0) throw new RangeError("ends in the middle");
    const read = text(end - at);
    take(1);
    return read;
  };
  const pop = (): unknown => {
    if (stack.length === 0) throw new RangeError("takes more than it has put down");
    return stack.pop();
  };
  const sinceMark = (): unknown[] => {
    const mark = stack.lastIndexOf(MARK);
    if (mark < 0) throw new RangeError("takes more than it has put down");
    return stack.splice(mark).slice(1);
  };
  const named = (name: string): Named => {
    if (!Object.hasOwn(meanings, name)) {
      throw new RangeError(
        `names ${JSON.stringify(name)}, which is no part of a tensor and is not run`,
      );
    }
    return new Named(name, meanings[name]!);
  };
  const top = <T>(what: new () => T): T => {
    const value = stack.at(-1);
    if (value instanceof what) return value;
    throw new RangeError("fills something else than a dict or a list");
  };
  const setAll = (items: readonly unknown[]) => {
    const dict = top(Map<unknown, unknown>);
    for (let index = 0; index + 1 < items.length; index += 2) {
      dict.set(items[index], items[index + 1]);
    }
  };
  const long = (length: number) => {
    let value = 0n;
    const start = take(length);
    for (let index = length - 1; index >= 0; index--) {
      value = value << 8n | BigInt(bytes[start + index]!);
    }
    return Number(BigInt.asIntN(Math.max(1, 8 * length), value));
  };
  const operations: Readonly<Record<string, () => void>> = {
    "\x80": () => void uint8(), // PROTO
    "\x95": () => void take(8), // FRAME
    "(": () => void stack.push(MARK),
    "N": () => void stack.push(undefined),
    "\x88": () => void stack.push(true),
    "\x89": () => void stack.push(false),
    "K": () => void stack.push(uint8()),
    "M": () => void stack.push(view.getUint16(take(2), true)),
    "J": () => void stack.push(view.getInt32(take(4), true)),
    "G": () => void stack.push(view.getFloat64(take(8))),
    "\x8a": () => void stack.push(long(uint8())),
    "X": () => void stack.push(text(uint32())),
    "\x8c": () => void stack.push(text(uint8())),
    "]": () => void stack.push([]),
    "}": () => void stack.push(new Map()),
    ")": () => void stack.push([]),
    "t": () => void stack.push(sinceMark()),
    "\x85": () => void stack.push([pop()]),
    "\x86": () => void stack.push([pop(), pop()].reverse()),
    "\x87": () => void stack.push([pop(), pop(), pop()].reverse()),
    "a": () => {
      const item = pop();
      top(Array<unknown>).push(item);
    },
    "e": () => {
      const items = sinceMark();
      top(Array<unknown>).push(...items);
    },
    "s": () => {
      const pair = [pop(), pop()].reverse();
      setAll(pair);
    },
    "u": () => setAll(sinceMark()),
    "q": () => void memo.set(uint8(), stack.at(-1)),
    "r": () => void memo.set(uint32(), stack.at(-1)),
    "\x94": () => void memo.set(memo.size, stack.at(-1)),
    "h": () => void stack.push(memo.get(uint8())),
    "j": () => void stack.push(memo.get(uint32())),
    "c": () => void stack.push(named(`${line()}.${line()}`)),
    "\x93": () => {
      const [module, name] = [pop(), pop()].reverse();
      stack.push(named(`${module}.${name}`));
    },
    "Q": () => void stack.push(persistent(...(pop() as unknown[]))),
    "R": () => {
      const [callee, given] = [pop(), pop()].reverse();
      if (!(callee instanceof Named && Array.isArray(given))) {
        throw new RangeError("calls no function");
      }
      stack.push(callee.call(...given));
    },
    // The attributes of an object, of which a dict of tensors needs none.
    "b": () => void pop(),
    "0": () => void pop(),
  };
  for (;;) {
    const code = String.fromCharCode(uint8());
    if (code === ".") return pop();
    const operation = operations[code];
    if (!operation) {
      throw new RangeError(`has an opcode ${JSON.stringify(code)}, which no tensor needs`);
    }
    operation();
  }
}

/** The name of something that a pickle names and does not call. */
export const nameOf = (value: unknown): string | undefined =>
  value instanceof Named ? value.name : undefined;
