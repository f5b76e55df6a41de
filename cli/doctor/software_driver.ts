/** The exact command that gives Debian and Ubuntu a Vulkan driver that computes on the CPU. */
export const softwareDriverPackages = ["mesa-vulkan-drivers", "libvulkan1"] as const;

export const aptInstall = (packages: readonly string[]): string =>
  `apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")}`;
