/** Exits 0 if there is a WebGPU adapter, 1 if not. A process looks drivers up once, so this is one. */
import { findAdapter } from "../core/backends/webgpu/device/adapter.ts";

Deno.exit(await findAdapter() ? 0 : 1);
