/**
 * Without a display the other backend of Linux finds nothing, and Mesa's device selection layer
 * complains. Both variables are read when the first adapter is asked for.
 */
export function chooseGraphics(): void {
  if (Deno.build.os !== "linux") return;
  for (const [name, value] of [["DENO_WEBGPU_BACKEND", "vulkan"], ["NODEVICE_SELECT", "1"]]) {
    const { state } = Deno.permissions.querySync({ name: "env", variable: name! });
    if (state === "granted" && Deno.env.get(name!) === undefined) Deno.env.set(name!, value!);
  }
}
