"""What watching costs, beside the usual ways: python3 cost.py prints a table.

Each net is trained four times over in one process, the variants by turns in blocks of some steps, each with as many
watched steps as there would be on average, so that what else the machine does meets all alike. Stated is what each
variant adds to the unwatched training's processor time, each by its fastest block, which was disturbed least. The usual
ways write into a file, as one would keep them.
"""

import json
import os
import platform
import sys
import tempfile
import time

import torch
from torch import nn

import gradflow_torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "tests"))
import trainings  # noqa: E402  (the nets of the tests are measured)

ROUNDS = 9
WARM_UP = 300  # steps until the companion has found its interval; the first ones are watched densely


class Perceptron(trainings.Clouds):
    """A small net, whose step costs little."""

    def make(self):
        return nn.Sequential(nn.Linear(16, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 8))


class Wide(trainings.Clouds):
    """A net whose time goes into its matrix products."""

    inputs, batch_size = 784, 128

    def make(self):
        return nn.Sequential(nn.Linear(784, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 8))


NETS = [
    ("perceptron 16-256-256-8", Perceptron, 100), ("perceptron 784-1024-1024-8", Wide, 10),
    ("ten sigmoid layers of 64", trainings.DeepSigmoid, 100), ("convolutions with residual blocks", trainings.ConvResidual, 25),
    ("transformer encoder, 3 layers", trainings.Transformer, 20), ("LSTM of 32 over 8 steps", trainings.Remember, 50),
]


class Variant:
    """One way to look at the gradients; `see` is called after each step."""

    def __init__(self, make, folder):
        self.training = make()
        self.file = open(os.path.join(folder, "log.txt"), "w", encoding="utf-8")
        self.named = list(self.training.model.named_parameters())

    def step(self, loss):
        pass

    def run(self, steps):
        begin = time.process_time()
        self.training.take(self, steps)
        return (time.process_time() - begin) / steps

    def close(self):
        self.file.close()


class Unwatched(Variant):
    """Nothing is looked at."""


class Watched(Variant):
    """The companion, as it is by default."""

    def __init__(self, make, folder):
        super().__init__(make, folder)
        self.watch = gradflow_torch.watch(
            self.training.model, self.training.optimizer, os.path.join(folder, "run.jsonl"))
        self.step = self.watch.step

    def close(self):
        self.watch.close()
        super().close()


class Printed(Variant):
    """Every gradient's mean and maximum, printed at each step."""

    def step(self, loss):
        for name, p in self.named:
            print(name, p.grad.mean().item(), p.grad.abs().max().item(), file=self.file)


class Histograms(Variant):
    """A histogram of 64 bins of every gradient at each step."""

    def step(self, loss):
        self.file.write(json.dumps({name: torch.histc(p.grad, bins=64).tolist() for name, p in self.named}) + "\n")


def measure(make, block):
    """Time of each variant relative to the unwatched one; the interval that the companion chose; the step's time."""
    kinds = [Unwatched, Watched, Printed, Histograms]
    with tempfile.TemporaryDirectory() as folder:
        folders = [os.path.join(folder, kind.__name__) for kind in kinds]
        for one in folders:
            os.mkdir(one)
        variants = [kind(make, one) for kind, one in zip(kinds, folders)]
        variants[1].run(WARM_UP)
        times, every = [], variants[1].watch.every
        block = every * max(1, round(block / every))
        for _ in range(ROUNDS):
            times.append([variant.run(block) for variant in variants])
        for variant in variants:
            variant.close()
    fastest = [min(one[at] for one in times) for at in range(len(kinds))]
    return [time_ / fastest[0] for time_ in fastest], every, fastest[0]


def machine():
    model = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            model = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), model)
    return "%s, one thread, PyTorch %s, Python %s" % (model, torch.__version__, platform.python_version())


def main():
    torch.set_num_threads(1)
    print(machine())
    print("| training | a step | companion | watched | means and maxima printed | histograms of 64 bins |")
    print("|---|---|---|---|---|---|")
    for name, make, block in NETS:
        (_, watched, printed, histograms), every, step = measure(make, block)
        print("| %s | %.2g ms | %+.1f %% | every %d steps | %+.0f %% | %+.0f %% |" % (
            name, 1e3 * step, 100 * (watched - 1), every, 100 * (printed - 1), 100 * (histograms - 1)), flush=True)


if __name__ == "__main__":
    main()
