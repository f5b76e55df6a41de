/** Packages of Debian and Ubuntu: a Vulkan driver that computes on the CPU, and its loader. */
export const softwareDriverPackages = ["mesa-vulkan-drivers", "libvulkan1"] as const;

/** The command that installs packages on Debian and Ubuntu. */
export const aptInstall = (packages: readonly string[]): string =>
  `apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")}`;
