/** How much an evaluation judges where nobody says: scenes of a movie, scenes of a movie of a curve, sequences. */
export const defaults = { scenes: 10_000, curveScenes: 2_000, sequences: 1_000 } as const;
