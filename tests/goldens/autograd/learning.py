"""Learning rules from their equations, by PyTorch's own differentiation of whole sequences or steps."""

import torch

from graphs import Noise, evaluate
from language import move, number, operands
from losses import LOSSES


def moved(x, noisy):
    return Noise.apply(x) if noisy else x


class Network:
    """A described network: runs single steps."""

    def __init__(self, description, noisy=False):
        self.d, self.noisy = description, noisy
        self.inputs = {k: tensor(v, ("steps", "sequences"), description) for k, v in description["inputs"].items()}
        self.targets = {k: tensor(v, ("steps", "sequences"), description) for k, v in description["targets"].items()}
        self.feedback = {k: tensor(v, (), description) for k, v in description["feedback"].items()}

    def first_weights(self):
        return {name: tensor(p, ("one",), self.d) for name, p in self.d["parameters"].items()}

    def first_state(self):
        full = lambda s: torch.full((self.d["sequences"], *s["shape"]), float(s["initial"]), dtype=torch.float64)
        return {name: full(state) for name, state in self.d["states"].items()}

    def step(self, weights, state, t):
        """The next state, the output, the loss of each sequence, and the layers with their inputs."""
        d = self.d
        values = [*weights.values(), *state.values(), *(x[t] for x in self.inputs.values())]
        layers = []
        for op, given, options in d["nodes"]:
            x = operands(values, given)
            if op == "linear":
                value = move("matvec", x[:2], {}, d["sequences"])
                value = value + x[2] if len(x) == 3 else value
                layers.append({"input": x[1], "weight": given[0], "bias": given[2] if len(x) == 3 else None, **options})
                value = moved(value, self.noisy)
            elif op == "stepIndex":
                value = number(t)
            else:
                value = evaluate(x, [[op, list(range(len(x))), options]], d["sequences"], self.noisy)[-1]
            values.append(value)
        b = d["sequences"]
        at = lambda index: values[index].expand(b, *values[index].shape[1:])
        after = {name: at(index) for name, index in d["next"].items()}
        observed = {name: at(index) for name, index in d["observed"].items()}
        loss = LOSSES[d["loss"]["kind"]][0]
        targets = {name: x[t] for name, x in self.targets.items()}
        output = at(d["output"])
        each = loss(d["loss"].get("options", {}), output=output, targets=targets, observed=observed, state=after)
        return after, output, moved(each, self.noisy), layers


def tensor(described, axes, d):
    lead = {"steps": d["steps"], "sequences": d["sequences"], "one": 1}
    return torch.tensor(described["values"], dtype=torch.float64).reshape(*(lead[a] for a in axes), *described["shape"])


class Optimizer:
    """sgd or Adam (b1 .9, b2 .999, 1e-8 outside the root), after an L2 penalty and a bound on the norm of all gradients."""

    def __init__(self, network):
        self.network, self.settings = network, network.d["settings"]
        self.first, self.second, self.count = {}, {}, 0

    def move(self, weights, gradients):
        s, d, noisy = self.settings, self.network.d, self.network.noisy
        free = {}
        for name, g in gradients.items():
            g = g + 2 * s.get("l2", 0) * weights[name]
            if "diagonal" in d["parameters"][name]:
                g = g * (1 - torch.eye(g.shape[1], dtype=g.dtype))
            free[name] = moved(g, noisy)
        if s.get("grad_clip", 0) > 0:
            norm = torch.sqrt(sum((g * g).sum() for g in free.values()))
            factor = min(1.0, s["grad_clip"] / (float(norm) + 1e-6))
            free = {name: moved(g * factor, noisy) for name, g in free.items()}
        self.count += 1
        for name, g in free.items():
            change = -s["learning_rate"] * self.direction(name, g)
            weights[name] = moved(weights[name] + moved(change, noisy), noisy).detach()

    def direction(self, name, g):
        if self.settings.get("optimizer", "sgd") == "sgd":
            return g
        self.first[name] = 0.9 * self.first.get(name, 0) + 0.1 * g
        self.second[name] = 0.999 * self.second.get(name, 0) + 0.001 * g * g
        root = torch.sqrt(self.second[name] / (1 - 0.999**self.count))
        return self.first[name] / (1 - 0.9**self.count) / (root + 1e-8)


def trained(network):
    return [name for name, p in network.d["parameters"].items() if p.get("trained", True)]


def whole_sequence(network, weights, optimizer):
    """bptt and rtrl: the exact gradient of the mean over sequences of the summed loss."""
    names = trained(network)
    leaves = {name: w.clone().requires_grad_(name in names) for name, w in weights.items()}
    state, total = network.first_state(), 0
    truncate = network.d["settings"].get("truncate", 0)
    for t in range(network.d["steps"]):
        if truncate and t % truncate == 0:
            state = {name: s.detach() for name, s in state.items()}
        state, _, loss, _ = network.step(leaves, state, t)
        total = total + loss
    found = gradients_of(total.mean(), leaves, names)
    gradients = {name: found.get(name, torch.zeros_like(weights[name])) for name in names}
    optimizer.move(weights, gradients)
    return total.sum().detach(), gradients


def gradients_of(loss, leaves, names):
    if not loss.requires_grad:
        return {}
    found = torch.autograd.grad(loss, [leaves[name] for name in names], allow_unused=True)
    return {name: g for name, g in zip(names, found) if g is not None}


def every_step(network, weights, optimizer, gradients):
    """backprop and dfa: an update after every step, from the step alone."""
    state, total = network.first_state(), 0
    for t in range(network.d["steps"]):
        before = {name: s.detach() for name, s in state.items()}
        leaves = {name: w.clone().requires_grad_() for name, w in weights.items()}
        state, output, loss, layers = network.step(leaves, before, t)
        total = total + loss.detach()
        optimizer.move(weights, gradients(network, leaves, output, loss, layers))
    return total.sum(), None


def backprop_gradients(network, leaves, output, loss, layers):
    return gradients_of(loss.mean(), leaves, trained(network))


def dfa_gradients(network, leaves, output, loss, layers):
    """error ⊗ input, the error of the output sent to every other layer through a fixed matrix; no derivative
    of a function of activation."""
    (error,) = torch.autograd.grad(loss.sum(), output, allow_unused=True)
    names, found = list(network.d["parameters"]), {}
    for layer in layers:
        p = error if layer["role"] == "output" else error @ network.feedback[layer["name"]]
        x = layer["input"].expand(p.shape[0], -1)
        parts = [(layer["weight"], torch.einsum("bi,bj->bij", p, x).mean(0, keepdim=True))]
        if layer["bias"] is not None:
            parts.append((layer["bias"], p.mean(0, keepdim=True)))
        for index, part in parts:
            found[names[index]] = found.get(names[index], 0) + part.detach()
    return found


RULES = {
    "bptt": whole_sequence,
    "rtrl": whole_sequence,
    "backprop": lambda *x: every_step(*x, backprop_gradients),
    "dfa": lambda *x: every_step(*x, dfa_gradients),
}


def train(description, noisy=False):
    """Loss summed over steps and sequences before every update, the first gradients, the last weights."""
    network = Network(description, noisy)
    weights, optimizer = network.first_weights(), Optimizer(network)
    losses, first = [], None
    for update in range(description["updates"]):
        loss, gradients = RULES[description["updater"]](network, weights, optimizer)
        losses.append(loss.reshape(1))
        first = gradients if update == 0 else first
    found = {"loss": torch.cat(losses)}
    found.update({f"gradient/{name}": g for name, g in (first or {}).items()})
    found.update({f"weight/{name}": weights[name] for name in trained(network)})
    return found
