import assert from "node:assert/strict";
import { advise, type Findings } from "./advice.ts";

const empty: Findings = {
  os: "linux",
  adapter: "none",
  files: { loaders: [], drivers: [], nvidiaLibraries: [], unread: [] },
  environment: {},
};
const text = (findings: Partial<Findings>) => advise({ ...empty, ...findings }).join("\n");
const apt =
  "apt-get update && apt-get install -y --no-install-recommends mesa-vulkan-drivers libvulkan1";

Deno.test("nothing to mend with a hardware adapter", () => {
  assert.deepEqual(advise({ ...empty, adapter: "hardware" }), []);
});

Deno.test("the exact command where there is no driver", () => {
  assert.ok(text({}).includes(apt));
  assert.match(text({}), /No Vulkan loader/);
});

Deno.test("a library that is named but missing", () => {
  const drivers = [{ path: "/a.json", library: "liba.so", hasLibrary: false }];
  assert.match(text({ files: { ...empty.files, drivers } }), /\/a\.json names liba\.so/);
});

Deno.test("a container with CUDA alone", () => {
  const nvidiaLibraries = ["/usr/lib/libcuda.so.1"];
  const findings = { files: { ...empty.files, nvidiaLibraries } };
  const cuda = { NVIDIA_DRIVER_CAPABILITIES: "compute,utility" };
  for (const adapter of ["none", "software"] as const) {
    const advice = text({ ...findings, adapter, environment: cuda });
    assert.match(advice, /NVIDIA_DRIVER_CAPABILITIES=compute,utility,graphics/);
    assert.match(advice, /nvidia_icd\.json/);
  }
  const all = { NVIDIA_DRIVER_CAPABILITIES: "all" };
  assert.doesNotMatch(text({ ...findings, environment: all }), /docker run/);
});

Deno.test("an NVIDIA driver that needs a display's libraries", () => {
  const drivers = [{
    path: "/etc/vulkan/icd.d/nvidia_icd.json",
    library: "libGLX_nvidia.so.0",
    hasLibrary: true,
  }];
  const environment = { NVIDIA_VISIBLE_DEVICES: "all", NVIDIA_DRIVER_CAPABILITIES: "all" };
  const advice = text({ files: { ...empty.files, drivers }, environment });
  assert.match(advice, /libxext6/);
  assert.match(advice, /libEGL_nvidia/);
});

Deno.test("a software adapter needs a flag, other systems their own driver", () => {
  assert.match(text({ adapter: "software" }), /--allow-software-adapter/);
  assert.match(text({ os: "darwin" }), /Metal/);
  assert.match(text({ os: "windows" }), /graphics driver/);
});
