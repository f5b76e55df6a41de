/** Default sizes of an evaluation: scenes of a movie, scenes of each movie of a curve, and sequences. */
export const defaults = { scenes: 10_000, curveScenes: 2_000, sequences: 1_000 } as const;
