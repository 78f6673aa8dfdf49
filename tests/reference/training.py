"""Writes training.json: adaptive optimisers, schedules that restart or cycle, and plateaus, as PyTorch has them.

Run with Debian's python3-torch:  python3 training.py
Numbers are float32 unless a name says otherwise, printed with all their digits.
"""

import json
import pathlib
import sys
import warnings

import torch

from nn import optimizer

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


if __name__ == "__main__":
    reference = {"torch": torch.__version__, "optimizers": optimizers(), "schedules": schedules(),
                 "plateaus": plateaus()}
    target = pathlib.Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
    print(f"wrote {target.name}, {target.stat().st_size} bytes", file=sys.stderr)
