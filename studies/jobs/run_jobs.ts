/** A pool that works through jobs. */

/**
 * Works through jobs in their order, several at a time.
 *
 * @param options.atOnce jobs at a time.
 * @param options.work does one job. If it throws, no more jobs are begun, and the error is thrown here.
 * @param options.isStopped is called before each job; true: no more jobs are begun.
 */
export async function runJobs<J>(
  jobs: readonly J[],
  { atOnce, work, isStopped }: {
    atOnce: number;
    work: (job: J) => Promise<void>;
    isStopped: () => boolean;
  },
): Promise<void> {
  let next = 0;
  let hasThrown = false;
  const worker = async () => {
    while (next < jobs.length && !isStopped() && !hasThrown) {
      try {
        await work(jobs[next++]!);
      } catch (error) {
        hasThrown = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
