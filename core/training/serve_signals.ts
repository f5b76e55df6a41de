/** Lets timers and signal handlers run; a resolved promise alone would not. */
export const serveSignals = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
