/** Exits 0 if there is a WebGPU adapter, 1 if not. A process of its own, as drivers are looked up once. */
import { findAdapter } from "../core/backends/webgpu/gpu.ts";

Deno.exit(await findAdapter() ? 0 : 1);
