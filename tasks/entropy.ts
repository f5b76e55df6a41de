/** Entropies of uniform choices, in nats: what the best possible losses of tasks are sums of. */

/** ln of n (n - 1) ... (n - k + 1), the ways to take k of n things in order. */
export function lnOrders(n: number, k: number): number {
  let sum = 0;
  for (let i = 0; i < k; i++) sum += Math.log(n - i);
  return sum;
}

/** ln of n over k, the ways to take k of n things. */
export const lnChoices = (n: number, k: number): number => lnOrders(n, k) - lnOrders(k, k);

/** Entropy of a choice between two things, the first of which has probability p. */
export const binaryEntropy = (p: number): number => surprisal(p) + surprisal(1 - p);

const surprisal = (p: number): number => p > 0 ? -p * Math.log(p) : 0;
