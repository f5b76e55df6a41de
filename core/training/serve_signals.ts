/** Lets timers and signals in: a promise alone would not. */
export const serveSignals = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
