"""Writes training.json: adaptive optimisers, schedules that restart or cycle, plateaus, clipping, regularisers.

All as PyTorch has them, or as it computes them where it has none.

Run with Debian's python3-torch:  python3 training.py
Numbers are float32 unless a name says otherwise, printed with all their digits.
"""

import json
import pathlib
import sys
import warnings

import numpy
import torch

from nn import numbers, optimizer

warnings.filterwarnings("ignore", message="The epoch parameter")
torch.manual_seed(20240602)


def optimizers():
    return [
        optimizer("adamw", "AdamW", {"lr": 0.02}),
        optimizer("adamw with weight decay", "AdamW",
                  {"lr": 0.1, "betas": [0.8, 0.95], "eps": 1e-6, "weight_decay": 0.3}),
        optimizer("adagrad", "Adagrad", {"lr": 0.1}),
        optimizer("adagrad with weight decay", "Adagrad",
                  {"lr": 0.05, "initial_accumulator_value": 0.1, "eps": 1e-6, "weight_decay": 0.1}),
        optimizer("rmsprop", "RMSprop", {"lr": 0.01}),
        optimizer("rmsprop with momentum", "RMSprop", {"lr": 0.01, "alpha": 0.9, "momentum": 0.8}),
        optimizer("rmsprop centered", "RMSprop", {"lr": 0.01, "eps": 1e-6, "centered": True}),
        optimizer("rmsprop with all", "RMSprop",
                  {"lr": 0.02, "alpha": 0.8, "momentum": 0.9, "centered": True, "weight_decay": 0.1}),
        optimizer("adamw in float64", "AdamW", {"lr": 0.02}, torch.float64),
        optimizer("adagrad in float64", "Adagrad", {"lr": 0.1}, torch.float64),
        optimizer("rmsprop in float64", "RMSprop", {"lr": 0.01, "momentum": 0.9, "centered": True}, torch.float64),
    ]


def a_step():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)


def schedules():
    def rates(make):
        stepper = a_step()
        schedule, factors = make(stepper), []
        for _ in range(25):
            factors.append(stepper.param_groups[0]["lr"])
            stepper.step()
            schedule.step()
        return factors
    kinds = torch.optim.lr_scheduler
    return {
        "exponential": rates(lambda o: kinds.ExponentialLR(o, 0.9)),
        "cosine-restarts": rates(lambda o: kinds.CosineAnnealingWarmRestarts(o, 7, 1, 0.1)),
        "cosine-restarts that grow": rates(lambda o: kinds.CosineAnnealingWarmRestarts(o, 3, 2)),
        "one-cycle": rates(lambda o: kinds.OneCycleLR(o, 1.0, 25, cycle_momentum=False)),
        "one-cycle, steep": rates(lambda o: kinds.OneCycleLR(
            o, 1.0, 25, pct_start=0.1, div_factor=10, final_div_factor=100, cycle_momentum=False)),
    }


def plateaus():
    def plateau(values, **settings):
        stepper = a_step()
        schedule, factors = torch.optim.lr_scheduler.ReduceLROnPlateau(stepper, **settings), []
        for value in values:
            schedule.step(value)
            factors.append(stepper.param_groups[0]["lr"])
        return {"settings": settings, "values": values, "factors": factors}
    noise = torch.rand(60).tolist()
    falling = [max(2 * 0.9 ** i, 0.1) + 0.02 * x for i, x in enumerate(noise)]
    rising = [1 - x / 3 for x in falling]
    return [plateau(falling, factor=0.5, patience=3),
            plateau(falling, factor=0.1, patience=0, cooldown=4, min_lr=0.001),
            plateau(rising, mode="max", factor=0.3, patience=2, threshold=0.01)]


SHAPES = [[4, 5], [7], [3, 2, 3, 3], []]  # a linear weight, a bias, a convolution and a scalar


def clipping():
    """Per parameter by clip_grad_norm_; by unit as in the authors' code of AGC; by percentile as in that of AutoClip."""
    def given(scale):
        weights = [torch.nn.Parameter(torch.randn(shape) * 10 ** (4 * torch.rand(1).item() - 4)) for shape in SHAPES]
        for weight in weights:
            weight.grad = scale * torch.randn(weight.shape)
        return weights

    def case(weights, clip):
        before = [numbers(w.grad) for w in weights]
        clip(weights)
        return {"shapes": SHAPES, "weights": [numbers(w) for w in weights], "before": before,
                "after": [numbers(w.grad) for w in weights]}

    def unitwise(tensor):
        if tensor.dim() <= 1:
            return tensor.norm()
        return tensor.flatten(1).norm(dim=1).reshape([-1] + [1] * (tensor.dim() - 1))

    def per_parameter(weights):
        for weight in weights:
            torch.nn.utils.clip_grad_norm_([weight], 1.0)

    def adaptive(weights):
        for weight in weights:
            longest = 0.1 * unitwise(weight.detach().double()).clamp(min=1e-3)
            norm = unitwise(weight.grad.double())
            clipped = weight.grad.double() * (longest / norm.clamp(min=1e-6))
            weight.grad = torch.where(norm > longest, clipped, weight.grad.double()).float()

    def percentiles(percent):
        norms, bounds = [], []
        for scale in (10 ** (2 * torch.rand(40, dtype=torch.float64) - 1)).tolist():
            norms.append(scale)
            bounds.append(float(numpy.percentile(norms, percent)))
        return {"percent": percent, "norms": norms, "bounds": bounds}

    return {"per-parameter": case(given(0.5), per_parameter), "adaptive": case(given(0.02), adaptive),
            "percentiles": [percentiles(p) for p in (10, 50, 99.5)]}


def regularizers():
    """Penalties of factor 0.3 in float64; the spectral one by PyTorch's own power iteration, four steps of it."""
    def case(name, kind, shape, penalty):
        weight = torch.nn.Parameter(torch.randn(shape, dtype=torch.float64))
        value = 0.3 * penalty(weight)
        value.backward()
        return {"name": name, "kind": kind, "shape": list(shape), "weight": numbers(weight),
                "penalties": [value.item()], "gradient": numbers(weight.grad)}

    def orthogonality(weight):
        matrix = weight.flatten(1)
        gram = matrix @ matrix.T if matrix.shape[0] < matrix.shape[1] else matrix.T @ matrix
        return ((gram - torch.eye(len(gram), dtype=gram.dtype)) ** 2).sum()

    def spectral(name, shape):
        layer = torch.nn.Linear(shape[1], shape[0]) if len(shape) == 2 else torch.nn.Conv2d(shape[1], shape[0], shape[2:])
        layer = torch.nn.utils.spectral_norm(layer.double())
        weight, u = layer.weight_orig, layer.weight_u.clone()
        penalties = []
        for _ in range(4):  # each forward pass in training takes one step
            layer(torch.zeros([1, *shape[1:]], dtype=torch.float64))
            sigma = torch.dot(layer.weight_u, torch.mv(weight.flatten(1), layer.weight_v))
            penalties.append((0.15 * sigma ** 2).item())
        layer.zero_grad()
        (0.15 * sigma ** 2).backward()
        return {"name": name, "kind": "spectral-norm", "shape": list(shape), "weight": numbers(weight), "u": numbers(u),
                "penalties": penalties, "gradient": numbers(weight.grad)}

    return [case("l1", "l1", (4, 5), lambda w: w.abs().sum()),
            case("l2", "l2", (4, 5), lambda w: (w ** 2).sum() / 2),
            case("orthogonality", "orthogonality", (5, 3), orthogonality),
            case("orthogonality of a wide weight", "orthogonality", (3, 5), orthogonality),
            case("orthogonality of a convolution", "orthogonality", (4, 2, 3, 3), orthogonality),
            spectral("spectral-norm", (6, 4)), spectral("spectral-norm of a convolution", (4, 2, 3, 3))]


def cycles():
    """Momenta of one cycle beside its rates, and weights of optimisers under it, in float64."""
    def case(name, kind, settings, **cycle):
        weight = torch.nn.Parameter(torch.randn(5, dtype=torch.float64))
        stepper = getattr(torch.optim, kind)([weight], foreach=False, **settings)
        schedule = torch.optim.lr_scheduler.OneCycleLR(stepper, settings["lr"], 25, **cycle)
        given = {"name": name, "kind": kind, "settings": settings, "start": numbers(weight), "momenta": [],
                 "gradients": [], "weights": []}
        for _ in range(25):
            group = stepper.param_groups[0]
            given["momenta"].append(group["betas"][0] if "betas" in group else group["momentum"])
            weight.grad = torch.randn(5, dtype=torch.float64)
            given["gradients"].append(numbers(weight.grad))
            stepper.step()
            schedule.step()
            given["weights"].append(numbers(weight))
        return given

    steep = {"pct_start": 0.1, "div_factor": 10, "final_div_factor": 100, "base_momentum": 0.7, "max_momentum": 0.9}
    return [case("momentum", "SGD", {"lr": 0.1, "momentum": 0.9}),
            case("nesterov, steep", "SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}, **steep),
            case("adam", "Adam", {"lr": 0.1}), case("adamw", "AdamW", {"lr": 0.1}),
            case("rmsprop", "RMSprop", {"lr": 0.1, "momentum": 0.5})]


if __name__ == "__main__":
    reference = {"torch": torch.__version__, "optimizers": optimizers(), "schedules": schedules(),
                 "plateaus": plateaus(), "clipping": clipping(),
                 "regularizers": regularizers(), "cycles": cycles()}
    target = pathlib.Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
    print(f"wrote {target.name}, {target.stat().st_size} bytes", file=sys.stderr)
