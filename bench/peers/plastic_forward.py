"""
The network and the loss of plastic.py. The gradient is taken forwards: every neuron and every trace carries its
derivatives by all elements of w and alpha, arrays of three and four indices.
"""
import numpy as np

from plastic import LEARNING_RATE, NEURONS, RATE, STEPS, arrays


def on_numpy():
    from peer import Peer

    parameters, (inputs, target) = arrays(1)
    w, alpha = parameters["w"][0], parameters["alpha"][0]
    inputs, target, n = inputs[0], target[0], NEURONS
    trained = np.stack((w, alpha))
    w, alpha = trained
    moments = np.zeros((2, *trained.shape), np.float32)
    updates = 0

    rate = np.float32(1 - RATE)
    count = trained.size
    by_hebb = np.empty((n, n, count), np.float32)  # derivatives of hebb[i, j]
    change = np.empty_like(by_hebb)
    rows = np.arange(n)

    def gradient():
        y, before = np.zeros(n, np.float32), np.zeros(n, np.float32)
        by_y, by_before = np.zeros((n, count), np.float32), np.zeros((n, count), np.float32)
        hebb = np.zeros((n, n), np.float32)
        by_hebb.fill(0)
        for x in inputs:
            hebb = RATE * hebb + rate * np.outer(y, before)
            by_hebb[...] *= np.float32(RATE)
            np.multiply(by_y[:, None], (rate * before)[:, None], out=change)
            np.add(by_hebb, change, out=by_hebb)
            np.multiply((rate * y)[:, None, None], by_before, out=change)
            np.add(by_hebb, change, out=by_hebb)
            effective = w + alpha * hebb
            by_next = effective @ by_y + ((alpha * y)[:, None] @ by_hebb)[:, 0]
            # What w[i, j] and alpha[i, j] add to neuron i directly.
            direct = by_next.reshape(n, 2, n, n)
            direct[rows, 0, rows] += y
            direct[rows, 1, rows] += hebb * y
            following = np.tanh(effective @ y + x)
            by_next *= (1 - following * following)[:, None]
            y, before, by_y, by_before = following, y, by_next, by_y
        return ((y[:-1] - target) @ by_y[:-1]).reshape(trained.shape)

    def step():
        nonlocal updates
        updates += 1
        slope = gradient()
        moments[0] = 0.9 * moments[0] + 0.1 * slope
        moments[1] = 0.999 * moments[1] + 0.001 * slope * slope
        first, second = moments[0] / (1 - 0.9**updates), moments[1] / (1 - 0.999**updates)
        trained[...] -= LEARNING_RATE * first / (np.sqrt(second) + 1e-8)

    return Peer(step, lambda: {"w": w, "alpha": alpha})
