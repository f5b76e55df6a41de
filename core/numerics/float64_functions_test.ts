import assert from "node:assert/strict";
import { erfc, float64Functions } from "./float64_functions.ts";

const { erf, gelu, geluDerivative, sigmoid } = float64Functions;

function assertClose(actual: number, expected: number, label: string) {
  const error = Math.abs(actual - expected) / Math.abs(expected);
  assert.ok(error < 2e-15, `${label}: expected ${expected}, got ${actual}, error ${error}`);
}

// From 50-digit arithmetic, at the float64 number nearest to x.
const errorFunction = [
  [0.1, 0.1124629160182849, 0.887537083981715],
  [0.49, 0.511668261188523, 0.4883317388114769],
  [0.5, 0.5204998778130465, 0.4795001221869535],
  [0.51, 0.5292436198411704, 0.4707563801588296],
  [1, 0.8427007929497149, 0.15729920705028513],
  [1.5, 0.9661051464753108, 0.033894853524689274],
  [2, 0.9953222650189527, 0.004677734981047266],
  [3, 0.9999779095030014, 2.209049699858544e-05],
  [4.5, 0.9999999998033839, 1.9661604415428876e-10],
  [6.2, 1.0, 1.816675617238127e-18],
  [6.3, 1.0, 5.124221687395715e-19],
  [9, 1.0, 4.13703174651381e-37],
  [20, 1.0, 5.395865611607901e-176],
] as const;

const geluAndDerivative = [
  [-13, -7.952313719414843e-38, -1.0337304440113355e-36],
  [-10, -7.619853024160526e-23, -7.618400096464814e-22],
  [-6.5, -2.6104003795084267e-10, -1.6950517937572625e-09],
  [-3, -0.0040496940948902835, -0.011945647204183927],
  [-1, -0.15865525393145705, -0.0833154705876863],
  [-0.7517915, -0.16997120747990352, 1.065512497231613e-08],
  [-0.5, -0.15426876936299344, 0.13250487534383715],
  [-0.01, -0.004960106436853684, 0.49202142034750757],
  [0.01, 0.005039893563146316, 0.5079785796524924],
  [0.5, 0.34573123063700656, 0.8674951246561629],
  [1, 0.8413447460685429, 1.0833154705876864],
  [3, 2.99595030590511, 1.011945647204184],
  [10, 10.0, 1.0],
] as const;

Deno.test("erf and erfc agree with 50-digit values", () => {
  for (const [x, value, complement] of errorFunction) {
    assertClose(erf(x), value, `erf(${x})`);
    assertClose(erf(-x), -value, `erf(${-x})`);
    assertClose(erfc(x), complement, `erfc(${x})`);
    assertClose(erfc(-x), 1 + value, `erfc(${-x})`);
  }
  assert.deepEqual([erf(0), erfc(0), erf(Infinity), erfc(Infinity)], [0, 1, 1, 0]);
  assert.deepEqual([erf(-Infinity), erfc(-Infinity), erf(1e300)], [-1, 2, 1]);
});

Deno.test("gelu and its derivative agree with 50-digit values, far into the negative tail", () => {
  for (const [x, value, derivative] of geluAndDerivative) {
    assertClose(gelu(x), value, `gelu(${x})`);
    // The derivative passes through zero at -0.7518, where only its absolute error is small.
    assertClose(1 + geluDerivative(x), 1 + derivative, `1 + geluDerivative(${x})`);
    if (Math.abs(x + 0.75) > 0.1) {
      assertClose(geluDerivative(x), derivative, `geluDerivative(${x})`);
    }
  }
  assert.deepEqual([gelu(0), gelu(Infinity), gelu(-Infinity), gelu(-1e30)], [0, Infinity, 0, 0]);
  assert.deepEqual([-Infinity, 0, Infinity].map(geluDerivative), [0, 0.5, 1]);
});

Deno.test("geluDerivative is the slope of gelu", () => {
  for (let x = -6; x <= 6; x += 0.37) {
    const slope = (gelu(x + 1e-5) - gelu(x - 1e-5)) / 2e-5;
    assert.ok(Math.abs(slope - geluDerivative(x)) < 1e-9, `at ${x}`);
  }
});

Deno.test("sigmoid neither overflows nor loses its small values", () => {
  assertClose(sigmoid(-700), Math.exp(-700), "sigmoid(-700)");
  assert.deepEqual([-Infinity, -1e300, 0, 1e300, Infinity].map(sigmoid), [0, 0, 0.5, 1, 1]);
});

Deno.test("float64 functions give NaN for NaN", () => {
  for (const [name, compute] of Object.entries(float64Functions)) {
    assert.ok(Number.isNaN(compute(NaN)), name);
  }
});
