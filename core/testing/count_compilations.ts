/** Counts compilations and allocations of WebGPU and WebAssembly, from this call until `restore`. */
export function countCompilations(): { count: () => number; restore: () => void } {
  let count = 0;
  const undo: (() => void)[] = [];
  const watch = (owner: object, method: string) => {
    const original = Reflect.get(owner, method) as (...args: unknown[]) => unknown;
    Reflect.set(owner, method, function (this: unknown, ...args: unknown[]) {
      count++;
      return original.apply(this, args);
    });
    undo.push(() => Reflect.set(owner, method, original));
  };
  // Classes of WebGPU are found by their methods: only one module may name them.
  const makers = ["createShaderModule", "createComputePipelineAsync", "createBuffer"];
  for (const name of Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Z]/.test(name))) {
    const { prototype } = Reflect.get(globalThis, name) as { prototype?: object };
    for (const method of makers) if (prototype && method in prototype) watch(prototype, method);
  }
  watch(WebAssembly, "compile");
  watch(WebAssembly, "instantiate");
  return { count: () => count, restore: () => undo.forEach((putBack) => putBack()) };
}
