import assert from "node:assert/strict";
import { driverFolders, findVulkanFiles, libraryFolders } from "./vulkan_files.ts";

/** A file system of these files; `closed` folders exist but may not be read. */
function reader(files: Record<string, string>, closed: readonly string[] = []) {
  return {
    list(folder: string): string[] {
      if (closed.includes(folder)) throw new Deno.errors.NotCapable(folder);
      const inside = Object.keys(files).filter((path) => path.startsWith(`${folder}/`));
      if (inside.length === 0) throw new Deno.errors.NotFound(folder);
      return inside.map((path) => path.slice(folder.length + 1));
    },
    text(path: string): string {
      if (!(path in files)) throw new Deno.errors.NotFound(path);
      return files[path]!;
    },
  };
}

const libraries = libraryFolders[0]!;
const drivers = driverFolders[0]!;
const description = (library: string) => JSON.stringify({ ICD: { library_path: library } });

Deno.test("finds loader, drivers and their libraries", () => {
  const files = findVulkanFiles(
    [],
    reader({
      [`${libraries}/libvulkan.so.1`]: "",
      [`${libraries}/libvulkan_lvp.so`]: "",
      [`${libraries}/libnvidia-ml.so.1`]: "",
      [`${drivers}/lvp.json`]: description("libvulkan_lvp.so"),
      [`${drivers}/full.json`]: description(`${libraries}/libvulkan_lvp.so`),
      [`${drivers}/gone.json`]: description("libGLX_nvidia.so.0"),
      [`${drivers}/torn.json`]: "{",
      [`${drivers}/README`]: "",
    }),
  );
  assert.deepEqual(files.loaders, [`${libraries}/libvulkan.so.1`]);
  assert.deepEqual(files.nvidiaLibraries, [`${libraries}/libnvidia-ml.so.1`]);
  assert.deepEqual(
    files.drivers.map(({ path, library, hasLibrary }) => [path, library, hasLibrary]),
    [
      [`${drivers}/lvp.json`, "libvulkan_lvp.so", true],
      [`${drivers}/full.json`, `${libraries}/libvulkan_lvp.so`, true],
      [`${drivers}/gone.json`, "libGLX_nvidia.so.0", false],
      [`${drivers}/torn.json`, undefined, false],
    ],
  );
  assert.deepEqual(files.unread, []);
});

Deno.test("an empty machine, and one that may not be looked at", () => {
  const empty = { loaders: [], drivers: [], nvidiaLibraries: [], unread: [] };
  assert.deepEqual(findVulkanFiles([], reader({})), empty);
  const folders = [...libraryFolders, ...driverFolders];
  assert.deepEqual(findVulkanFiles([], reader({}, folders)), { ...empty, unread: folders });
});

Deno.test("an environment variable names drivers in place of the folders", () => {
  const files = reader({ [`${drivers}/lvp.json`]: description("a.so") });
  assert.deepEqual(findVulkanFiles(["/mine.json"], files).drivers, [
    { path: "/mine.json", library: undefined, hasLibrary: false },
  ]);
});
