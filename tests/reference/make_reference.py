#!/usr/bin/env python3
"""Writes what PyTorch computes, as small JSON files that the tests compare with.

    /usr/bin/python3 tests/reference/make_reference.py            # all topics
    /usr/bin/python3 tests/reference/make_reference.py losses     # one

Needs Debian's python3-torch and nothing else. Each function under @topic("NAME") yields cases and becomes NAME.json.
A case holds inputs, outputs and gradients by name. Everything is computed in float64; inputs are rounded to float32
first, so that float32 code can start from exactly the same numbers. To add a topic, write one more function.
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F

FOLDER = pathlib.Path(__file__).parent
TOPICS = {}


def topic(name):
    """Registers a generator of cases as the content of NAME.json."""
    def register(function):
        TOPICS[name] = function
        return function
    return register


def normal(*shape):
    """Draws that float32 holds exactly."""
    return torch.randn(*shape, dtype=torch.float32).double()


def pack(tensor):
    tensor = tensor.detach()
    return {"shape": list(tensor.shape), "values": tensor.reshape(-1).tolist()}


def differentiate(name, function, inputs, **constants):
    """A case: the function's value at the inputs, and its gradients for a random cotangent (1 for a scalar)."""
    leaves = {key: value.clone().requires_grad_() for key, value in inputs.items()}
    y = function(**leaves)
    cotangent = normal(*y.shape) if y.dim() else torch.ones((), dtype=torch.float64)
    y.backward(cotangent)
    tensors = {key: pack(value) for key, value in inputs.items()}
    tensors["cotangent"] = pack(cotangent)
    return {
        "name": name,
        "inputs": tensors,
        "constants": constants,
        "outputs": {"y": pack(y)},
        "gradients": {key: pack(leaf.grad) for key, leaf in leaves.items()},
    }


@topic("activations")
def activations():
    functions = {
        "identity": lambda z: z,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "leaky-relu": lambda z: F.leaky_relu(z, 0.01),
        "gelu": F.gelu,
        "exp": torch.exp,
        "sin": torch.sin,
        "elu": F.elu,
        "elu-1.5": lambda z: F.elu(z, 1.5),
        "selu": F.selu,
        "gelu-tanh": lambda z: F.gelu(z, approximate="tanh"),
        "silu": F.silu,
        "softplus": F.softplus,
        "softplus-3": lambda z: F.softplus(3 * z, beta=3, threshold=60),
        "softsign": F.softsign,
        "hard-tanh": F.hardtanh,
        "hard-tanh-narrow": lambda z: F.hardtanh(z, -0.3, 0.5),
        "relu6": lambda z: F.relu6(4 * z),
        "maxout-2": lambda z: z.reshape(len(z), 2, -1).amax(1),
        "maxout-3": lambda z: z.reshape(len(z), 3, -1).amax(1),
    }
    for name, phi in functions.items():
        inputs = {"x": normal(5, 4), "weight": normal(6, 4) / 2, "bias": normal(6)}
        yield differentiate(name, lambda x, weight, bias: phi(F.linear(x, weight, bias)), inputs)
    for slopes in (1, 6):
        yield differentiate("prelu", lambda x, slope: F.prelu(x, slope), {"x": normal(5, 6), "slope": normal(slopes)})


@topic("layers")
def layers():
    words = [2, 0, 5, 2, 2, 4]
    yield differentiate(
        "embedding", lambda weight: F.embedding(torch.tensor(words), weight), {"weight": normal(6, 3)}, labels=words)


@topic("normalization")
def normalization():
    for shape, epsilon in (((7, 5), 1e-5), ((4, 9), 0.1)):
        inputs = {"x": normal(*shape), "gain": normal(shape[1]), "shift": normal(shape[1])}
        yield differentiate(
            "batch-norm",
            lambda x, gain, shift: F.batch_norm(x, None, None, gain, shift, training=True, eps=epsilon),
            inputs, epsilon=epsilon)
        yield differentiate(
            "layer-norm",
            lambda x, gain, shift: F.layer_norm(x, x.shape[1:], gain, shift, eps=epsilon),
            inputs, epsilon=epsilon)
    yield differentiate("softmax", lambda x: F.softmax(x, dim=1), {"x": normal(5, 6)})
    for shape, groups in (((4, 12), 3), ((3, 4, 5), 2), ((2, 4, 3, 3), 1), ((2, 4, 3, 3), 4)):
        inputs = {"x": normal(*shape), "gain": normal(shape[1]), "shift": normal(shape[1])}
        yield differentiate(
            "group-norm", lambda x, gain, shift: F.group_norm(x, groups, gain, shift, eps=1e-5),
            inputs, groups=groups, epsilon=1e-5)
        if groups > 1:
            yield differentiate(
                "batch-norm",
                lambda x, gain, shift: F.batch_norm(x, None, None, gain, shift, training=True, eps=1e-3),
                inputs, epsilon=1e-3)
    for shape, epsilon in (((4, 6), 1e-5), ((2, 9), 0.1)):
        yield differentiate(
            "rms-norm", lambda x, gain: gain * x / (x.square().mean(1, keepdim=True) + epsilon).sqrt(),
            {"x": normal(*shape), "gain": normal(shape[1])}, epsilon=epsilon)
    for shape in ((5, 4), (3, 2, 3, 3)):
        yield differentiate(
            "weight-norm", lambda v, scale: torch._weight_norm(v, scale.reshape(-1, *(1,) * (v.dim() - 1)), 0),
            {"v": normal(*shape), "scale": normal(shape[0])})
    yield differentiate(
        "concatenate", lambda first, second: torch.cat((first, second), 1),
        {"first": normal(2, 3, 2, 2), "second": normal(2, 1, 2, 2)})


@topic("losses")
def losses():
    labels = [2, 0, 5, 3, 2]
    targets = torch.rand(5, 6, dtype=torch.float32).double()
    choice = torch.tensor(labels)
    for name, scale in (("cross-entropy", 1), ("cross-entropy", 8)):
        yield differentiate(name, lambda x: F.cross_entropy(x, choice), {"x": scale * normal(5, 6)}, labels=labels)
    probabilities = torch.softmax(normal(5, 6), dim=1).float().double()
    yield differentiate(
        "nll-probabilities", lambda x: F.nll_loss(torch.log(x), choice), {"x": probabilities}, labels=labels)
    yield differentiate(
        "binary-cross-entropy", lambda x: F.binary_cross_entropy_with_logits(x, targets), {"x": 3 * normal(5, 6)},
        targets=pack(targets))
    yield differentiate("mse", lambda x: F.mse_loss(x, targets), {"x": normal(5, 6)}, targets=pack(targets))


@topic("mlp")
def mlp():
    """One step of plain gradient descent on a net of three layers: loss, gradients and the weights after it."""
    labels = [int(i) for i in torch.randint(0, 4, (12,))]
    sizes, rate = (8, 16, 10, 4), 0.1
    inputs = {}
    for layer, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:])):
        inputs[f"weight{layer}"] = (normal(fan_out, fan_in) / fan_in ** 0.5).float().double()
        inputs[f"bias{layer}"] = (0.1 * normal(fan_out)).float().double()
    data = normal(12, 8)

    def loss(**p):
        h = torch.tanh(F.linear(data, p["weight0"], p["bias0"]))
        h = torch.relu(F.linear(h, p["weight1"], p["bias1"]))
        return F.cross_entropy(F.linear(h, p["weight2"], p["bias2"]), torch.tensor(labels))

    case = differentiate("mlp", loss, inputs, labels=labels, data=pack(data), rate=rate)
    for key, value in inputs.items():
        gradient = torch.tensor(case["gradients"][key]["values"], dtype=torch.float64).reshape(value.shape)
        case["outputs"][key] = pack(value - rate * gradient)
    yield case


def recurrence(cell, layers, window):
    """PyTorch's cell over sequences; every `window` steps, counted from the end, it goes on from a detached state."""
    def apply(x, **parameters):
        hidden = parameters["recurrent-weight-0"].shape[1]
        state = [torch.zeros(layers, len(x), hidden, dtype=x.dtype) for _ in range(2 if cell == "lstm" else 1)]
        run = getattr(torch, {"rnn-tanh": "rnn_tanh", "rnn-relu": "rnn_relu"}.get(cell, cell))
        steps, outputs = x.shape[1], []
        first = steps % window or window
        for stretch in torch.split(x, [first] + [window] * ((steps - first) // window), dim=1):
            start = [s.detach() for s in state]
            y, *state = run(
                stretch, start if cell == "lstm" else start[0], list(parameters.values()),
                "bias-0" in parameters, layers, 0.0, False, False, True)
            outputs.append(y)
        return torch.cat(outputs, dim=1)
    return apply


@topic("recurrent")
def recurrent():
    n, steps, features, units = 2, 5, 3, 4

    def case(name, cell, layers=1, bias=True, window=steps, last=False):
        rows = {"lstm": 4, "gru": 3}.get(cell, 1) * units
        inputs = {"x": normal(n, steps, features)}
        for layer in range(layers):  # in the order in which PyTorch takes them
            inputs[f"weight-{layer}"] = (normal(rows, units if layer else features) / 2).float().double()
            inputs[f"recurrent-weight-{layer}"] = (normal(rows, units) / 2).float().double()
            if bias:
                inputs[f"bias-{layer}"], inputs[f"recurrent-bias-{layer}"] = normal(rows), normal(rows)
        apply = recurrence(cell, layers, window)
        function = (lambda **leaves: apply(**leaves)[:, -1]) if last else apply
        return differentiate(
            name, function, inputs, cell=cell, layers=layers, window=window if window < steps else None, last=last)

    for cell in ("rnn-tanh", "rnn-relu", "lstm", "gru"):
        yield case(cell, cell)
        yield case(f"{cell} at the last step", cell, last=True)
        yield case(f"{cell} without biases", cell, bias=False)
        yield case(f"{cell} of two layers", cell, layers=2)
        yield case(f"{cell} of two layers cut every 2", cell, layers=2, window=2)
        yield case(f"{cell} cut every 3", cell, window=3)
        yield case(f"{cell} cut every 2 at the last step", cell, window=2, last=True)


@topic("through-time")
def through_time():
    """Layers that read both ways, at lengths of their own too, and one whose recurrent weights stay orthogonal."""
    n, steps, features, units = 3, 5, 3, 4

    def draw(rows, *suffixes):
        weights = {}
        for suffix in suffixes:  # in the order in which PyTorch takes them
            weights[f"weight{suffix}"] = (normal(rows, features) / 2).float().double()
            weights[f"recurrent-weight{suffix}"] = (normal(rows, units) / 2).float().double()
            weights[f"bias{suffix}"], weights[f"recurrent-bias{suffix}"] = normal(rows), normal(rows)
        return weights

    def both_ways(name, cell, lengths):
        rows = {"lstm": 4, "gru": 3}.get(cell, 1) * units
        run = getattr(torch, {"rnn-tanh": "rnn_tanh"}.get(cell, cell))

        def apply(x, **parameters):
            packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            zeros = torch.zeros(2, n, units, dtype=x.dtype)
            y, *_ = run(
                packed.data, packed.batch_sizes, (zeros, zeros) if cell == "lstm" else zeros, list(parameters.values()),
                True, 1, 0.0, False, True)
            packed = torch.nn.utils.rnn.PackedSequence(y, *packed[1:])
            return torch.nn.utils.rnn.pad_packed_sequence(packed, batch_first=True, total_length=steps)[0]

        inputs = {"x": normal(n, steps, features), **draw(rows, "-ahead", "-back")}
        return differentiate(name, apply, inputs, cell=cell, lengths=lengths)

    for cell in ("rnn-tanh", "lstm", "gru"):
        yield both_ways(cell, cell, [steps] * n)
        yield both_ways(f"{cell} at lengths of their own", cell, [3, 5, 1])

    def orthogonal(x, **p):
        below = p["recurrent-weight"].tril(-1)
        u = torch.matrix_exp(below - below.T)
        zeros = torch.zeros(1, n, units, dtype=x.dtype)
        weights = [p["weight"], u, p["bias"], p["recurrent-bias"]]
        return torch.rnn_tanh(x, zeros, weights, True, 1, 0.0, False, False, True)[0]

    yield differentiate("orthogonal", orthogonal, {"x": normal(n, steps, features), **draw(units, "")}, cell="orthogonal")


def same(number):
    """Settings of both dimensions from one number, or as they are."""
    return number if isinstance(number, tuple) else (number, number)


@topic("convolution")
def convolution():
    def case(extents, kernel, channels=(3, 4), stride=1, padding=0, dilation=1, groups=1, circular=False, bias=True):
        plane = len(extents) == 2
        kernel, stride, padding, dilation = ([n] if not plane else list(same(n)) for n in (kernel, stride, padding, dilation))
        inputs = {"x": normal(2, channels[0], *extents),
                  "weight": (normal(channels[1], channels[0] // groups, *kernel) / 2).float().double()}
        if bias:
            inputs["bias"] = normal(channels[1])
        convolve = F.conv2d if plane else F.conv1d

        def function(x, weight, bias=None):
            if not circular:
                return convolve(x, weight, bias, stride, padding, dilation, groups)
            sides = [n for pad in reversed(padding) for n in (pad, pad)]
            return convolve(F.pad(x, sides, mode="circular"), weight, bias, stride, 0, dilation, groups)

        windows = [list(window) for window in zip(kernel, stride, padding, dilation)]
        return differentiate("convolve", function, inputs, windows=windows, groups=groups, circular=circular)

    yield case((5, 7), 3)
    yield case((5, 7), 3, padding=1)
    yield case((6, 5), 3, padding=1, bias=False)
    yield case((7, 9), 3, stride=2, padding=1)
    yield case((8, 8), 3, stride=2, padding=1)
    yield case((8, 6), 2, stride=3)
    yield case((7, 7), 3, padding=2, dilation=2)
    yield case((9, 8), 3, stride=2, padding=2, dilation=3)
    yield case((5, 6), 3, padding=1, circular=True)
    yield case((7, 6), 3, stride=2, padding=(2, 1), dilation=(2, 1), circular=True)
    yield case((5, 5), 3, padding=1, channels=(4, 6), groups=2)
    yield case((5, 5), 3, stride=2, padding=1, channels=(4, 4), groups=4)
    yield case((4, 9), (2, 5), stride=(1, 2), padding=(0, 3))
    yield case((4, 3), 1, channels=(5, 2))
    yield case((5, 4), 1, stride=2)
    yield case((3, 4), (3, 4))
    yield case((6, 5), 3, padding=1, channels=(1, 17))
    yield case((11,), 3, padding=1)
    yield case((12,), 4, stride=2, padding=1)
    yield case((10,), 3, padding=4, dilation=4, circular=True)
    yield case((9,), 5, channels=(4, 4), groups=2, bias=False)


@topic("pooling")
def pooling():
    def case(name, extents, kernel, stride=None, padding=0, dilation=1):
        kernel, padding, dilation = ([n] if len(extents) == 1 else list(same(n)) for n in (kernel, padding, dilation))
        stride = kernel if stride is None else [stride] * len(kernel)
        functions = {"max-pool": (F.max_pool1d, F.max_pool2d), "average-pool": (F.avg_pool1d, F.avg_pool2d)}
        pool = functions[name][len(extents) - 1]
        more = {"dilation": dilation} if name == "max-pool" else {}
        windows = [list(window) for window in zip(kernel, stride, padding, dilation)]
        return differentiate(
            name, lambda x: pool(x, kernel, stride, padding, **more), {"x": normal(2, 3, *extents)}, windows=windows)

    for name in ("max-pool", "average-pool"):
        yield case(name, (6, 4), 2)
        yield case(name, (7, 5), 2)
        yield case(name, (7, 8), 3, stride=2, padding=1)
        yield case(name, (5, 6), 3, stride=1)
        yield case(name, (5, 4), (5, 4))
        yield case(name, (9,), 3, stride=2, padding=1)
    yield case("max-pool", (7, 8), 2, stride=1, dilation=3)


def main(names):
    for name in names or TOPICS:
        # Each topic starts from the same seed, so that adding one leaves the others as they were.
        torch.manual_seed(20)
        document = {"madeBy": "make_reference.py", "torch": torch.__version__, "cases": list(TOPICS[name]())}
        text = json.dumps(document, separators=(",", ":")).replace('{"name"', '\n{"name"')
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
