/** Whether there is something at a path. `node:fs` would take as long to load as all settings together. */
export function pathExists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
