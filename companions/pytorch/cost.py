"""What watching costs, beside the usual ways: python3 cost.py prints a table.

Each net is trained in one process by turns unwatched, watched, and in the usual ways, eight steps each. Of the
processor time of the steps at each place of a turn the lower quartile is taken, since other work on the machine only
ever adds to it. The first step of a turn is the companion's watched one; those near it pay for it too, by a gradient
kept and by cold caches. Stated is what each way adds to the unwatched training, the companion's at the interval that it
chooses for this net by itself, from the middle one of several rounds. The usual ways write into a file, as one would
keep them.
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

TURN = 8  # steps of one variant before the next has its turn
NEAR, FAR = (0, 1, 2, 3, 7), (4, 5, 6)  # places that a watched step has an influence on, and those where it has none
CHOICE = 300  # steps by which the companion has settled on its interval
ROUNDS = 5  # the middle one is stated


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
    ("perceptron 16-256-256-8", Perceptron, 60), ("perceptron 784-1024-1024-8", Wide, 12),
    ("ten sigmoid layers of 64", trainings.DeepSigmoid, 60),
    ("convolutions in residual blocks", trainings.ConvResidual, 40),
    ("transformer encoder, 3 layers", trainings.Transformer, 25), ("LSTM of 32 over 8 steps", trainings.Remember, 50),
]


class Variant:
    """One way to look at the gradients; `see` is called after each step."""

    def __init__(self, make, folder):
        self.training = make()
        self.file = open(os.path.join(folder, "log.txt"), "w", encoding="utf-8")
        self.named = list(self.training.model.named_parameters())
        self.times = []

    def step(self, loss):
        pass

    def turn(self):
        """Takes its turn of steps."""
        for _ in range(TURN):
            begin = time.process_time()
            self.training.take(self, 1)
            self.times.append(time.process_time() - begin)

    def typical(self, *places):
        """The lower quartile of the steps at these places of a turn; the first turns are left out."""
        times = sorted(t for at, t in enumerate(self.times[2 * TURN:]) if at % TURN in places)
        return times[len(times) // 4]

    def close(self):
        self.file.close()


class Unwatched(Variant):
    """Nothing is looked at."""


class Watched(Variant):
    """The companion; the first step of each turn is watched."""

    def __init__(self, make, folder):
        super().__init__(make, folder)
        self.watch = gradflow_torch.watch(
            self.training.model, self.training.optimizer, os.path.join(folder, "run.jsonl"), every=TURN)
        self.step = self.watch.step

    def added(self, plain, every):
        """What it adds to a step on average, where every so manyth is watched."""
        far = self.typical(*FAR)
        return far - plain + sum(self.typical(place) - far for place in NEAR) / every

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


def chosen_interval(make, folder):
    """Steps between two watched ones, as the companion chooses by itself."""
    training = make()
    with gradflow_torch.watch(training.model, training.optimizer, os.path.join(folder, "choice.jsonl")) as watch:
        training.take(watch, CHOICE)
        return watch.every


def measure(make, turns):
    """The unwatched step's time, what each way adds to it as a share, and the companion's interval."""
    with tempfile.TemporaryDirectory() as folder:
        every = chosen_interval(make, folder)
        plain, watched, *usual = variants = [
            kind(make, tempfile.mkdtemp(dir=folder)) for kind in (Unwatched, Watched, Printed, Histograms)]
        for _ in range(turns):
            for variant in variants:
                variant.turn()
        for variant in variants:
            variant.close()
    step = plain.typical(*FAR)
    return step, every, [watched.added(step, every) / step] + [way.typical(*FAR) / step - 1 for way in usual]


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
    for name, make, turns in NETS:
        rounds = sorted((measure(make, turns) for _ in range(ROUNDS)), key=lambda one: one[2][0])
        step, every, (watched, printed, histograms) = rounds[ROUNDS // 2]
        print("| %s | %.2g ms | %+.1f %% | every %d steps | %+.0f %% | %+.0f %% |" % (
            name, 1e3 * step, 100 * watched, every, 100 * printed, 100 * histograms), flush=True)


if __name__ == "__main__":
    main()
