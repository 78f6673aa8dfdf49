"""Writes nn.json: what PyTorch's optimisers, losses, clipping, schedules and normalisations make of small inputs.

Run with Debian's python3-torch:  python3 nn.py
Numbers are float32 unless a name says otherwise, printed with all their digits.
"""

import json
import pathlib
import sys

import torch

torch.manual_seed(20240601)
torch.set_num_threads(1)
SIZE, STEPS = 37, 8  # 37: neither a multiple of a vector's width nor below it


def numbers(tensor):
    return tensor.detach().reshape(-1).tolist()


def optimizer(name, kind, settings, dtype=torch.float32):
    weight = torch.nn.Parameter(torch.randn(SIZE).to(dtype))
    stepper = getattr(torch.optim, kind)([weight], foreach=False, **settings)
    case = {"name": name, "kind": kind, "settings": settings, "double": dtype == torch.float64,
            "start": numbers(weight), "gradients": [], "weights": []}
    for _ in range(STEPS):
        gradient = (torch.randn(SIZE) * 10 ** (3 * torch.rand(SIZE) - 2)).to(dtype)
        weight.grad = gradient.clone()
        stepper.step()
        case["gradients"].append(numbers(gradient))
        case["weights"].append(numbers(weight))
    return case


def optimizers():
    return [
        optimizer("sgd", "SGD", {"lr": 0.1}),
        optimizer("sgd with weight decay", "SGD", {"lr": 0.03, "weight_decay": 0.01}),
        optimizer("momentum", "SGD", {"lr": 0.1, "momentum": 0.9}),
        optimizer("nesterov with weight decay", "SGD",
                  {"lr": 0.01, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
        optimizer("adam", "Adam", {"lr": 1e-3}),
        optimizer("adam with weight decay", "Adam",
                  {"lr": 0.02, "betas": [0.8, 0.95], "eps": 1e-6, "weight_decay": 0.1}),
        optimizer("momentum in float64", "SGD", {"lr": 0.1, "momentum": 0.9}, torch.float64),
        optimizer("adam in float64", "Adam", {"lr": 1e-3}, torch.float64),
    ]


def loss(name, output, target, function):
    output = output.double().requires_grad_()
    value = function(output, target)
    value.backward()
    return {"name": name, "shape": list(output.shape), "output": numbers(output), "target": numbers(target),
            "value": value.item(), "gradient": numbers(output.grad)}


def losses():
    logits, labels = 4 * torch.randn(5, 4), torch.tensor([0, 3, 2, 2, 1])
    logit, classes = 4 * torch.randn(6, 1), torch.tensor([0, 1, 1, 0, 1, 0])
    functional = torch.nn.functional
    return [
        loss("cross-entropy", logits, labels, functional.cross_entropy),
        loss("nll-probabilities", torch.softmax(logits, 1), labels, lambda p, t: functional.nll_loss(p.log(), t)),
        loss("binary-cross-entropy", logit, classes,
             lambda x, t: functional.binary_cross_entropy_with_logits(x, t.double().reshape(x.shape))),
        loss("mse", logits, torch.randn(5, 4).double(), functional.mse_loss),
    ]


def clipping():
    def clipped(scale, clip):
        weights = [torch.nn.Parameter(torch.zeros(n)) for n in (SIZE, 3)]
        for weight in weights:
            weight.grad = scale * torch.randn(weight.numel())
        before = [numbers(w.grad) for w in weights]
        norm = clip(weights)
        return {"before": before, "after": [numbers(w.grad) for w in weights],
                "norm": None if norm is None else norm.item()}
    utils = torch.nn.utils
    return {"norm": [clipped(scale, lambda ws: utils.clip_grad_norm_(ws, 1.0)) for scale in (3.0, 0.01)],
            "value": [clipped(3.0, lambda ws: utils.clip_grad_value_(ws, 0.5))]}


def schedules():
    def rates(make):
        stepper = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
        schedule, factors = make(stepper), []
        for _ in range(25):
            factors.append(stepper.param_groups[0]["lr"])
            stepper.step()
            schedule.step()
        return factors
    kinds = torch.optim.lr_scheduler
    return {
        "step": rates(lambda o: kinds.StepLR(o, 7, 0.3)),
        "cosine": rates(lambda o: kinds.CosineAnnealingLR(o, 24, 0.1)),
        "warm-up": rates(lambda o: kinds.SequentialLR(
            o, [kinds.LinearLR(o, 1 / 5, 1, 4), kinds.StepLR(o, 7, 0.3)], [5])),
    }


def modules():
    batch, features = 7, 5
    norm = torch.nn.BatchNorm1d(features)
    norm.weight.data = torch.randn(features)
    norm.bias.data = torch.randn(features)
    layer = torch.nn.LayerNorm(features)
    layer.weight.data, layer.bias.data = norm.weight.data.clone(), norm.bias.data.clone()
    inputs = [2 * torch.randn(batch, features) + 3 for _ in range(4)]
    training = [numbers(norm(x)) for x in inputs[:3]]
    case = {"batch": batch, "features": features, "gain": numbers(norm.weight), "shift": numbers(norm.bias),
            "inputs": [numbers(x) for x in inputs], "training": training,
            "running_mean": numbers(norm.running_mean), "running_variance": numbers(norm.running_var)}
    norm.eval()
    case["evaluation"] = numbers(norm(inputs[3]))
    case["layer_norm"] = numbers(layer(inputs[3]))
    case["maps"] = [maps(torch.nn.BatchNorm1d, 3, 4, 6), maps(torch.nn.BatchNorm2d, 2, 3, 4, 5)]
    return case


def maps(kind, *shape):
    """Batch normalisation of feature maps [n, c, ...]: two steps of training, then evaluation."""
    norm = kind(shape[1])
    norm.weight.data, norm.bias.data = torch.randn(shape[1]), torch.randn(shape[1])
    inputs = [2 * torch.randn(*shape) + 3 for _ in range(3)]
    case = {"shape": list(shape), "gain": numbers(norm.weight), "shift": numbers(norm.bias),
            "inputs": [numbers(x) for x in inputs], "training": [numbers(norm(x)) for x in inputs[:2]],
            "running_mean": numbers(norm.running_mean), "running_variance": numbers(norm.running_var)}
    norm.eval()
    case["evaluation"] = numbers(norm(inputs[2]))
    return case


def weight_norm():
    def case(layer, *shape, along=lambda x: x):
        layer = torch.nn.utils.weight_norm(layer.double(), dim=0)
        with torch.no_grad():
            layer.weight_g.mul_(1 + torch.rand_like(layer.weight_g))
        x = torch.randn(*shape).double()
        result = {"name": type(layer).__name__.lower(), "shape": list(shape), "input": numbers(x),
                  "kernel": list(layer.weight_v.shape), "direction": numbers(layer.weight_v),
                  "scale": numbers(layer.weight_g), "bias": numbers(layer.bias)}
        y = along(layer(along(x)))
        torch.sin(y).sum().backward()
        result.update(output=numbers(y), direction_gradient=numbers(layer.weight_v.grad),
                      scale_gradient=numbers(layer.weight_g.grad), bias_gradient=numbers(layer.bias.grad))
        return result
    return [case(torch.nn.Conv1d(4, 6, 3, padding=1, groups=2), 2, 7, 4, along=lambda x: x.transpose(1, 2)),
            case(torch.nn.Conv2d(3, 4, 3, stride=2, padding=1), 2, 3, 5, 6)]


def shortcuts():
    """A block whose branch halves the image and widens it, with a projection beside it."""
    x, kernel, projection = (torch.randn(*shape).double().requires_grad_()
                             for shape in ((2, 3, 5, 6), (5, 3, 3, 3), (5, 3, 1, 1)))
    conv = torch.nn.functional.conv2d
    y = conv(x, projection, stride=2) + conv(x, kernel, stride=2, padding=1)
    torch.sin(y).sum().backward()
    return [{"name": "projection", "input": numbers(x), "kernel": numbers(kernel), "projection": numbers(projection),
             "output": numbers(y), "input_gradient": numbers(x.grad), "kernel_gradient": numbers(kernel.grad),
             "projection_gradient": numbers(projection.grad)}]


def rrelu():
    """In evaluation, where the slope is the mean of its bounds."""
    x = (2 * torch.randn(4, 5)).double().requires_grad_()
    y = torch.nn.functional.rrelu(x, 0.1, 0.4, training=False)
    torch.sin(y).sum().backward()
    return [{"name": "rrelu", "shape": list(x.shape), "input": numbers(x), "output": numbers(y),
             "input_gradient": numbers(x.grad)}]


def highway():
    """T·branch(x) + (1 − T)·x with T = σ(W·x + b), as PyTorch computes it; the branch is a linear layer and a tanh."""
    x, weight, gate, bias = (torch.randn(*shape).double().requires_grad_() for shape in ((3, 6), (6, 6), (6, 6), (6,)))
    linear = torch.nn.functional.linear
    gates = torch.sigmoid(linear(x, gate, bias))
    y = gates * torch.tanh(linear(x, weight)) + (1 - gates) * x
    torch.sin(y).sum().backward()
    return [{"name": "highway", "input": numbers(x), "weight": numbers(weight), "gate": numbers(gate),
             "bias": numbers(bias), "output": numbers(y), "input_gradient": numbers(x.grad),
             "weight_gradient": numbers(weight.grad), "gate_gradient": numbers(gate.grad),
             "bias_gradient": numbers(bias.grad)}]


if __name__ == "__main__":
    reference = {"torch": torch.__version__, "optimizers": optimizers(), "losses": losses(), "clipping": clipping(),
                 "schedules": schedules(), "modules": modules(), "weight_norm": weight_norm(),
                 "shortcuts": shortcuts(), "rrelu": rrelu(), "highway": highway()}
    reference["optimizers"].append(optimizer("adagrad with rate decay", "Adagrad", {"lr": 0.1, "lr_decay": 0.3}))
    target = pathlib.Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
    print(f"wrote {target.name}, {target.stat().st_size} bytes", file=sys.stderr)
