/**
 * Breaks WebGPU for the program that it is loaded before (`deno run --preload`). HEBB_GPU_FAULT says how:
 * "lost 9" takes the device away at the ninth submission, "full" has no memory, "limit" is an adapter that says
 * nothing about one of its limits.
 */
import { prototypeWith, replaceMethod, withoutMemory } from "../../core/testing/replace_method.ts";

const [kind, when] = Deno.env.get("HEBB_GPU_FAULT")!.split(" ");

if (kind === "full") withoutMemory(() => true);

if (kind === "limit") {
  const owner = prototypeWith("maxComputeWorkgroupStorageSize");
  Object.defineProperty(owner, "maxComputeWorkgroupStorageSize", { get: () => undefined });
}

if (kind === "lost") {
  let device: { destroy(): void };
  let submissions = 0;
  replaceMethod("requestDevice", (request) =>
    async function (...args) {
      return device = await request.apply(this, args) as typeof device;
    });
  replaceMethod("submit", (submit) =>
    function (...args) {
      if (++submissions === Number(when)) device.destroy();
      return submit.apply(this, args);
    });
}
