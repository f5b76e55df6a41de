const features = { simd: true, relaxed_simd: true, threads: true, bulk_memory: true } as const;

/**
 * Compiles WebAssembly text to a module.
 *
 * @throws Error with the assembler's message if the text is wrong, which is a fault of the printer.
 */
export async function assemble(text: string): Promise<WebAssembly.Module> {
  const { wabt: load } = await import("../../../deps/wabt.ts");
  const wabt = await load();
  const parsed = wabt.parseWat("program.wat", text, features);
  try {
    parsed.resolveNames();
    return await WebAssembly.compile(parsed.toBinary({}).buffer as Uint8Array<ArrayBuffer>);
  } finally {
    parsed.destroy();
  }
}
