/** The files of Vulkan on this machine: loaders, and drivers with their descriptions. */
import { basename, isAbsolute, join } from "node:path";

/** A driver description (ICD) and the library that it names. */
export interface VulkanDriver {
  readonly path: string;
  /** As written in the description; undefined if that cannot be read. */
  readonly library: string | undefined;
  readonly hasLibrary: boolean;
}

export interface VulkanFiles {
  readonly loaders: readonly string[];
  readonly drivers: readonly VulkanDriver[];
  /** Libraries that the NVIDIA container tools bring in. */
  readonly nvidiaLibraries: readonly string[];
  /** Folders that exist but may not be read. */
  readonly unread: readonly string[];
}

/** What is read of the file system; tests replace it. Throws for a folder that does not exist. */
export interface FileReader {
  list(folder: string): string[];
  text(path: string): string;
}

const triplets = { x86_64: "x86_64-linux-gnu", aarch64: "aarch64-linux-gnu" } as const;
const triplet = triplets[Deno.build.arch as keyof typeof triplets] ?? Deno.build.arch;

export const libraryFolders: readonly string[] = [
  `/usr/lib/${triplet}`,
  "/usr/lib64",
  "/usr/lib",
  "/usr/local/lib",
];
export const driverFolders: readonly string[] = [
  "/usr/share/vulkan/icd.d",
  "/usr/local/share/vulkan/icd.d",
  "/etc/vulkan/icd.d",
];

const denoReader: FileReader = {
  list: (folder) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
  text: (path) => Deno.readTextFileSync(path),
};

/**
 * Looks where Linux distributions put Vulkan; never throws.
 *
 * @param named paths of driver descriptions, from an environment variable; they replace the folders.
 */
export function findVulkanFiles(
  named: readonly string[] = [],
  reader: FileReader = denoReader,
): VulkanFiles {
  const unread: string[] = [];
  const list = (folder: string): string[] => {
    try {
      return reader.list(folder).map((name) => join(folder, name));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) unread.push(folder);
      return [];
    }
  };
  const libraries = new Set(libraryFolders.flatMap(list));
  const holds = (library: string) =>
    isAbsolute(library)
      ? libraries.has(library)
      : libraryFolders.some((folder) => libraries.has(join(folder, library)));
  const paths = named.length > 0
    ? named
    : driverFolders.flatMap(list).filter((path) => path.endsWith(".json"));
  return {
    loaders: [...libraries].filter((path) => basename(path) === "libvulkan.so.1"),
    drivers: paths.map((path) => {
      const library = libraryOf(path, reader);
      return { path, library, hasLibrary: library !== undefined && holds(library) };
    }),
    nvidiaLibraries: [...libraries].filter((path) =>
      /^lib(cuda|nvidia-ml|EGL_nvidia|GLX_nvidia)\.so\.\d+$/.test(basename(path))
    ),
    unread,
  };
}

function libraryOf(path: string, { text }: FileReader): string | undefined {
  try {
    const library: unknown = JSON.parse(text(path))?.ICD?.library_path;
    return typeof library === "string" ? library : undefined;
  } catch {
    return undefined;
  }
}
