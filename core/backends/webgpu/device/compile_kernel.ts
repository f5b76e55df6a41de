import type { Gpu, Kernel } from "./gpu_types.ts";

/** As `Gpu.compile`. */
export async function compileKernel(
  device: GPUDevice,
  { label, source: body, bindings, workgroups }: Parameters<Gpu["compile"]>[0],
  { directives = "" } = {},
): Promise<Kernel> {
  const source = body.includes("subgroup") ? directives + body : body;
  // Scopes are a stack of the device: this one closes before another compilation begins.
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label, code: source });
  const compiling = device.createComputePipelineAsync({
    label,
    layout: bindings.layout,
    compute: { module, entryPoint: "main" },
  }).catch((error: Error) => error);
  const scope = device.popErrorScope();
  const { messages } = await module.getCompilationInfo();
  const errors = messages.filter(({ type }) => type === "error");
  const [pipeline, scoped] = await Promise.all([compiling, scope]);
  if (errors.length > 0 || scoped || pipeline instanceof Error) {
    const lines = source.split("\n");
    const details = errors.map(({ lineNum, message }) =>
      `${message}\n  ${lines[lineNum - 1] ?? ""}`
    );
    throw new Error(
      `Kernel ${label}: ${details.join("\n") || scoped?.message || String(pipeline)}`,
    );
  }
  return { label, pipeline, workgroups };
}
