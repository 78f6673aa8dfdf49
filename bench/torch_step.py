#!/usr/bin/env python3
"""Does one step of a workload in PyTorch, from given weights and data: what ours is held against.

Usage: torch_step.py NAME [FILE]
FILE holds float32: all parameters in the order of the net, the inputs, then values or labels. They are replaced by
the parameters after one forward pass, backward pass and SGD update of rate 1e-3. Without FILE: three steps from
numbers of its own, and by how many MB building the net and they have lifted the peak of what the process holds
resident. Only PyTorch is needed.
"""
import array
import sys

import torch
import torch.nn as nn


class LastStep(nn.Module):
    def __init__(self, cell, hidden):
        super().__init__()
        self.cell, self.out = cell(2, hidden, batch_first=True), nn.Linear(hidden, 1)

    def forward(self, x):
        return self.out(self.cell(x)[0][:, -1])


def perceptron(widths, activation):
    layers = [nn.Linear(widths[0], widths[1])]
    for wide, next_wide in zip(widths[1:], widths[2:]):
        layers += [activation(), nn.Linear(wide, next_wide)]
    return nn.Sequential(*layers)


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        def convolution(): return nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.branch = nn.Sequential(
            convolution(), nn.BatchNorm2d(channels), nn.ReLU(), convolution(), nn.BatchNorm2d(channels))

    def forward(self, x):
        return torch.relu(x + self.branch(x))


def resnet20(channels):
    blocks = [Residual(channels) for _ in range(9)]
    return nn.Sequential(
        nn.Conv2d(1, channels, 3, padding=1), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10))


class Encoder(nn.Module):
    """Post-norm encoder layers whose parameters come in the order in which data passes, norms behind their sublayers."""

    def __init__(self, features, layers):
        super().__init__()
        layer = nn.TransformerEncoderLayer(features, 4, 4 * features, batch_first=True, dropout=0.0)
        self.encoder = nn.TransformerEncoder(layer, layers)

    def forward(self, x):
        return self.encoder(x)

    def parameters(self, recurse=True):
        for layer in self.encoder.layers:
            for part in (layer.self_attn, layer.norm1, layer.linear1, layer.linear2, layer.norm2):
                yield from part.parameters()


def build(name):
    """The net, and the shape of its inputs."""
    kind, *sizes = name.split("-")
    if kind == "mlp" and sizes[0] == "mnist":
        return perceptron([784, 256, 256, 10], nn.ReLU), (int(sizes[1][1:]), 784)
    if kind == "mlp":
        depth, width = map(int, sizes[0].split("x"))
        return perceptron([width] * (depth + 1) + [10], nn.Tanh), (int(sizes[1][1:]), width)
    if kind == "resnet20":
        return resnet20(int(sizes[0][1:])), (int(sizes[2][1:]), 1, *map(int, sizes[1].split("x")))
    if kind == "transformer":
        features, layers, steps, batch = (int(size[1:]) for size in sizes)
        return Encoder(features, layers), (batch, steps, features)
    steps, units, batch = (int(size[1:]) for size in sizes)
    return LastStep({"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[kind], units), (batch, steps, 2)


def step(name, model, x, y):
    classifies = name.startswith(("mlp", "resnet"))
    model.zero_grad()
    loss = nn.CrossEntropyLoss()(model(x), y.long()) if classifies else squared(model(x), y)
    loss.backward()
    torch.optim.SGD(model.parameters(), lr=1e-3).step()


def squared(outputs, y):
    return nn.MSELoss()(outputs, y.view_as(outputs))


def peak():
    # Not getrusage's, which begins with that of whoever started the process.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024 / 1e6


def show_memory(name):
    before = peak()
    model, shape = build(name)
    x = torch.randn(shape)
    y = torch.zeros(shape if name.startswith("transformer") else shape[0])
    for _ in range(3):
        step(name, model, x, y)
    print(f"{peak() - before:.1f}")


def main():
    name, *path = sys.argv[1:]
    if not path:
        show_memory(name)
        return
    numbers = array.array("f")
    with open(path[0], "rb") as file:
        numbers.frombytes(file.read())
    numbers = torch.tensor(numbers)
    model, shape = build(name)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(numbers[: parameter.numel()].view_as(parameter))
            numbers = numbers[parameter.numel():]
    count = torch.Size(shape).numel()
    step(name, model, numbers[:count].view(shape), numbers[count:])
    after = torch.cat([parameter.detach().flatten() for parameter in model.parameters()])
    with open(path[0], "wb") as file:
        array.array("f", after.tolist()).tofile(file)


if __name__ == "__main__":
    main()
