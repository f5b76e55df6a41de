/** The times of one engine on one workload, in milliseconds; `bench/peers/time_peers.py` prints the same fields. */
export interface Row {
  readonly workload: string;
  readonly engine: string;
  readonly version: string;
  readonly device: string;
  readonly threads: number;
  /** The median. */
  readonly ms: number;
  readonly min_ms: number;
  readonly max_ms: number;
  readonly repeats: number;
}
