"""Small trainings, each watched: python3 trainings.py FOLDER [NAME ...] writes FOLDER/NAME.jsonl of each.

Some also write what it takes to train the same net elsewhere on the same samples: the weights that they begin with,
FOLDER/NAME.json, and the data that they learn, as a table FOLDER/NAME.csv where it is gone through in order, or else
FOLDER/NAME.f32, the inputs and the classes of one batch after another.
"""

import array
import json
import math
import os
import sys

import torch
from torch import nn
from torch.nn import functional

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))
import gradflow_torch  # noqa: E402  (it lies in the folder above)


class Training:
    """A model, what it learns, and how: `batch()` draws one batch, `criterion` compares."""

    steps, per_epoch, batch_size, seed = 300, 50, 32, 1
    plan = {}

    def __init__(self):
        torch.manual_seed(self.seed)
        self.model = self.make()
        self.draws = torch.Generator().manual_seed(self.seed)
        self.prepare()
        self.optimizer = self.make_optimizer()

    criterion = staticmethod(functional.cross_entropy)

    def prepare(self):
        pass

    def make_optimizer(self):
        return torch.optim.Adam(self.model.parameters(), lr=3e-3)

    def take(self, watch=None, steps=None):
        """Trains; the watch is told of each step where there is one."""
        losses = []
        for _ in range(steps or self.steps):
            x, y = self.batch()
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(x), y)
            loss.backward()
            self.optimizer.step()
            losses.append(float(loss))
            if watch is not None:
                watch.step(loss)
        return losses

    def watch(self, out, **more):
        options = dict(steps=self.steps, steps_per_epoch=self.per_epoch, **self.plan)
        options.update(more)
        return gradflow_torch.watch(self.model, self.optimizer, out=out, **options)

    def write(self, path):
        """Writes what it takes to train the same elsewhere; most have no twin there."""

    def write_weights(self, path):
        with open(path + ".json", "w", encoding="utf-8") as weights:
            json.dump([p.flatten().tolist() for p in self.model.parameters()], weights)


class Clouds(Training):
    """Eight Gaussian clouds in 16 dimensions, a table of 1600 samples that is gone through in order."""

    inputs, classes, rows = 16, 8, 1600
    plan = {"baseline_loss": math.log(8)}

    def prepare(self):
        centres = torch.randn(self.classes, self.inputs, generator=self.draws)
        self.y = torch.arange(self.rows) % self.classes
        self.x = centres[self.y] + 0.5 * torch.randn(self.rows, self.inputs, generator=self.draws)
        self.at = 0

    def batch(self):
        rows = slice(self.at, self.at + self.batch_size)
        self.at = (self.at + self.batch_size) % self.rows
        return self.x[rows], self.y[rows]

    def write(self, path):
        self.write_weights(path)
        with open(path + ".csv", "w", encoding="utf-8") as table:
            table.write(",".join(["x%d" % i for i in range(self.inputs)] + ["y"]) + "\n")
            for x, y in zip(self.x.tolist(), self.y.tolist()):
                table.write(",".join(["%.9g" % v for v in x] + [str(y)]) + "\n")


class DeepSigmoid(Clouds):
    def make(self):
        layers = [nn.Linear(self.inputs, 64), nn.Sigmoid()]
        for _ in range(8):
            layers += [nn.Linear(64, 64), nn.Sigmoid()]
        return nn.Sequential(*layers, nn.Linear(64, self.classes))

    def make_optimizer(self):
        return torch.optim.SGD(self.model.parameters(), lr=0.1)


class Broken(Clouds):
    """Weights so large that gradients explode; the first updates end it."""

    steps = 60

    def make(self):
        layers = [nn.Linear(self.inputs, 32), nn.ReLU()]
        for _ in range(12):
            layers += [nn.Linear(32, 32), nn.ReLU()]
        net = nn.Sequential(*layers, nn.Linear(32, self.classes))
        for module in net.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=3 / math.sqrt(module.in_features))
                nn.init.zeros_(module.bias)
        return net

    def make_optimizer(self):
        return torch.optim.SGD(self.model.parameters(), lr=0.1)


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first, self.second = (nn.Conv2d(channels, channels, 3, padding=1, bias=False) for _ in range(2))
        self.norm1, self.norm2 = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)

    def forward(self, x):
        inner = functional.relu(self.norm1(self.first(x)), inplace=True)
        return functional.relu(x + self.norm2(self.second(inner)))


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 8, 3, padding=1)
        self.blocks = nn.Sequential(*[Block(8) for _ in range(3)])
        self.head = nn.Linear(8, 4)

    def forward(self, x):
        return self.head(self.blocks(functional.relu(self.stem(x))).mean((2, 3)))


class ConvResidual(Training):
    """Which of four bars crosses an image of 8 by 8."""

    steps, plan = 200, {"baseline_loss": math.log(4)}

    def make(self):
        return Residual()

    def batch(self):
        y = torch.randint(0, 4, (self.batch_size,), generator=self.draws)
        x = 0.5 * torch.randn(self.batch_size, 1, 8, 8, generator=self.draws)
        for i, k in enumerate(y.tolist()):
            x[i, 0, 2 * k:2 * k + 2] += 1
        return x, y


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10, 32)
        self.position = nn.Parameter(0.1 * torch.randn(12, 32))
        layer = nn.TransformerEncoderLayer(32, 4, 64, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 3)
        self.head = nn.Linear(32, 10)

    def forward(self, x):
        return self.head(self.encoder(self.embedding(x) + self.position)[:, 0])


class Transformer(Training):
    """Which digit stands at the sixth of twelve places, answered at the first."""

    steps, plan = 200, {"baseline_loss": math.log(10)}

    def make(self):
        return Encoder()

    def batch(self):
        x = torch.randint(0, 10, (self.batch_size, 12), generator=self.draws)
        return x, x[:, 5]


class LastStep(nn.Module):
    def __init__(self, recurrent, outputs):
        super().__init__()
        self.recurrent, self.head = recurrent, nn.Linear(recurrent.hidden_size, outputs)

    def forward(self, x):
        return self.head(self.recurrent(x)[0][:, -1])


class Remember(Training):
    """The first of so many time steps holds one of four signs, noise follows, and the last is asked for the sign."""

    length, plan = 8, {"baseline_loss": math.log(4)}

    def make(self):
        return LastStep(nn.LSTM(4, 32, batch_first=True), 4)

    def make_optimizer(self):
        return torch.optim.Adam(self.model.parameters(), lr=1e-2)

    def batch(self):
        y = torch.randint(0, 4, (self.batch_size,), generator=self.draws)
        x = 0.1 * torch.randn(self.batch_size, self.length, 4, generator=self.draws)
        x[:, 0] += functional.one_hot(y, 4)
        return x, y

    def watch(self, out, **more):
        return super().watch(out, longest_dependency=self.length - 1, **more)

    def write(self, path):
        """Batches are drawn as they are needed, so those to come are drawn ahead here, and once more in training."""
        self.write_weights(path)
        state = self.draws.get_state()
        with open(path + ".f32", "wb") as batches:
            for x, y in (self.batch() for _ in range(self.steps)):
                array.array("f", x.flatten().tolist() + y.tolist()).tofile(batches)
        self.draws.set_state(state)


class Forget(Remember):
    """The same with a plain tanh network over 60 time steps, beyond its memory."""

    length = 60

    def make(self):
        return LastStep(nn.RNN(4, 32, batch_first=True), 4)

    def make_optimizer(self):
        return torch.optim.SGD(self.model.parameters(), lr=0.1)


class Exact:
    """The same weights and batches in twice the digits, which shows how far rounding carries a training."""

    def prepare(self):
        super().prepare()
        self.model.double()

    def batch(self):
        x, y = super().batch()
        return x.double(), y

    def write(self, path):
        """Its twin has."""


class ExactRemember(Exact, Remember):
    pass


class ExactForget(Exact, Forget):
    pass


ALL = {"deep-sigmoid": DeepSigmoid, "broken": Broken, "conv-residual": ConvResidual, "transformer": Transformer,
       "lstm": Remember, "lstm-exact": ExactRemember, "rnn-forgets": Forget, "rnn-forgets-exact": ExactForget}


def main(folder, *names):
    torch.set_num_threads(1)
    for name in names or ALL:
        training = ALL[name]()
        training.write(os.path.join(folder, name))
        with training.watch(os.path.join(folder, name + ".jsonl")) as watch:
            losses = training.take(watch)
        print("%s: loss %.4g to %.4g" % (name, losses[0], losses[-1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
