/**
 * Breaks WebGPU for the program that it is loaded before (`deno run --preload`). HEBB_GPU_FAULT says how:
 * "lost 9" takes the device away at the ninth submission, "full 1" has no memory from the first time that
 * buffers are made together, "limit" is an adapter that says nothing about one of its limits.
 */

type Method = (this: unknown, ...args: unknown[]) => unknown;

// Classes of WebGPU are found by their methods: only one module may name them.
const prototypes = Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Z]/.test(name))
  .flatMap((name) => (Reflect.get(globalThis, name) as { prototype?: object }).prototype ?? []);

/** Puts something in place of a method, which it is given. */
function replace(method: string, replaced: (original: Method) => Method): void {
  const owner = prototypes.find((prototype) => Object.hasOwn(prototype, method))!;
  Reflect.set(owner, method, replaced(Reflect.get(owner, method) as Method));
}

const [kind, when] = Deno.env.get("HEBB_GPU_FAULT")!.split(" ");
let calls = 0;
const isTime = () => ++calls >= Number(when);

if (kind === "lost") {
  let device: { destroy(): void };
  replace("requestDevice", (request) =>
    async function (this: unknown, ...args) {
      return device = await request.apply(this, args) as typeof device;
    });
  replace("submit", (submit) =>
    function (this: unknown, ...args) {
      if (isTime()) device.destroy();
      return submit.apply(this, args);
    });
}

if (kind === "full") {
  const scopes: unknown[] = [];
  replace("pushErrorScope", (push) =>
    function (this: unknown, ...args) {
      scopes.push(args[0]);
      return push.apply(this, args);
    });
  replace("popErrorScope", (pop) =>
    async function (this: unknown, ...args) {
      const isFull = scopes.pop() === "out-of-memory" && isTime();
      const error = await pop.apply(this, args);
      return isFull ? { message: "not enough memory left" } : error;
    });
}

if (kind === "limit") {
  const owner = prototypes.find((prototype) => Object.hasOwn(prototype, "maxBufferSize"))!;
  Object.defineProperty(owner, "maxComputeWorkgroupStorageSize", { get: () => undefined });
}
