/** The project's elementary functions of one real number, whatever computes them. */
export interface ElementaryFunctions {
  exp(x: number): number;
  /** Natural logarithm. */
  log(x: number): number;
  tanh(x: number): number;
  /** 1 / (1 + exp(-x)). */
  sigmoid(x: number): number;
  /** Error function, 2 / sqrt(pi) times the integral of exp(-s²) from 0 to x. */
  erf(x: number): number;
  /** x Phi(x) with Phi the standard normal distribution: 0.5 x (1 + erf(x / sqrt(2))). */
  gelu(x: number): number;
  /** Phi(x) + x phi(x), the derivative of gelu. */
  geluDerivative(x: number): number;
}

export type ElementaryFunctionName = keyof ElementaryFunctions;

/** Name in `../wgsl/functions.wgsl` of each function: f32 -> f32. */
export const wgslFunctionNames: Readonly<Record<ElementaryFunctionName, string>> = {
  exp: "hebb_exp",
  log: "hebb_log",
  tanh: "hebb_tanh",
  sigmoid: "hebb_sigmoid",
  erf: "hebb_erf",
  gelu: "hebb_gelu",
  geluDerivative: "hebb_gelu_derivative",
};
