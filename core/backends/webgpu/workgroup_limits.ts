/** What a workgroup may have at most, and what is known of its lanes. */
export interface WorkgroupLimits {
  readonly lanes: number;
  /** Bytes of workgroup memory. */
  readonly bytes: number;
  /** Whether a CPU computes: it keeps registers in memory anyway, and few lanes with much to do suit it. */
  readonly isSoftware: boolean;
  /** Lanes that are in one subgroup, in order, if the first is a multiple of this power of two; 1: unknown. */
  readonly subgroup: number;
}
