/**
 * Puts something in place of a method of WebGPU, whose classes are found by their methods: only one module may
 * name them.
 */

type Method = (this: unknown, ...args: unknown[]) => unknown;

const prototypes = Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Z]/.test(name))
  .flatMap((name) => (Reflect.get(globalThis, name) as { prototype?: object }).prototype ?? []);

/** The prototype that has a property of this name. */
export const prototypeWith = (name: string): object =>
  prototypes.find((prototype) => Object.hasOwn(prototype, name))!;

/**
 * Replaces a method, until the result is called.
 *
 * @param make makes the new method of the old one.
 */
export function replaceMethod(name: string, make: (original: Method) => Method): () => void {
  const owner = prototypeWith(name);
  const original = Reflect.get(owner, name) as Method;
  Reflect.set(owner, name, make(original));
  return () => void Reflect.set(owner, name, original);
}

/**
 * Lets devices have too little memory.
 *
 * @param isFull asked each time that buffers have been made together.
 * @returns a function that ends this.
 */
export function withoutMemory(isFull: () => boolean): () => void {
  const scopes: unknown[] = [];
  const undo = [
    replaceMethod("pushErrorScope", (push) =>
      function (...args) {
        scopes.push(args[0]);
        return push.apply(this, args);
      }),
    replaceMethod("popErrorScope", (pop) =>
      async function (...args) {
        const fails = scopes.pop() === "out-of-memory" && isFull();
        const error = await pop.apply(this, args);
        return fails ? { message: "not enough memory left" } : error;
      }),
  ];
  return () => undo.forEach((putBack) => putBack());
}
