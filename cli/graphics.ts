/**
 * Sets two variables for WebGPU on Linux, unless they are set. Without a display only Vulkan finds an
 * adapter, and Mesa's device selection layer prints complaints. Call it before the first adapter is
 * requested, which reads the variables.
 */
export function chooseGraphics(): void {
  if (Deno.build.os !== "linux") return;
  for (const [name, value] of [["DENO_WEBGPU_BACKEND", "vulkan"], ["NODEVICE_SELECT", "1"]]) {
    const { state } = Deno.permissions.querySync({ name: "env", variable: name! });
    if (state === "granted" && Deno.env.get(name!) === undefined) Deno.env.set(name!, value!);
  }
}
