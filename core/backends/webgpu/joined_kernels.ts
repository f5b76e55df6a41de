/** Prints the kernels of a step whose sequences share something: see `launches.ts`. */
import { type Fused, fusedKernel, type Sharing } from "./fused_kernel.ts";
import type { KernelSource } from "./kernel_text.ts";
import { launchesOfStep } from "./launches.ts";
import { splitKernel } from "./split_kernel.ts";

/**
 * The kernels of one step of a stage, in order.
 *
 * @param sharings of the kernels that run several passes, in order; default: as `fusedKernel` chooses.
 */
export function joinedKernels(
  { schedule, ...all }: Omit<Fused, "owner" | "outside">,
  sharings: readonly Sharing[] = [],
): { kernels: KernelSource[]; sharings: Sharing[] } {
  const chosen: Sharing[] = [];
  const kernels = launchesOfStep(schedule, all.memory).map(({ groups, outside }, index) => {
    const title = `${all.title}, launch ${index}`;
    const [pass, ...others] = groups.flat();
    if (others.length === 0) {
      return splitKernel({ ...all, pass: pass!, places: schedule.places, title });
    }
    const { kernel, sharing } = fusedKernel({
      ...all,
      schedule: { ...schedule, groups },
      stage: { ...all.stage, loop: "one" },
      owner: "sequence",
      outside,
      title,
    }, sharings[chosen.length]);
    chosen.push(sharing);
    return kernel;
  });
  return { kernels, sharings: chosen };
}
