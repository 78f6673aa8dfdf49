"""What the companion promises: it changes no bit, survives what trainings do, and its numbers are what they are called.

python3 -m unittest discover companions/pytorch/tests
"""

import contextlib
import copy
import io
import json
import math
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import unittest

import torch
from torch import nn
from torch.nn import functional

import trainings
import gradflow_torch

torch.set_num_threads(1)


class Case(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = os.path.join(folder.name, "run.jsonl")
        self.said = io.StringIO()
        redirect = contextlib.redirect_stderr(self.said)
        redirect.__enter__()
        self.addCleanup(redirect.__exit__, None, None, None)

    def tearDown(self):
        self.assertNotIn("no longer records", self.said.getvalue())

    def records(self, kind):
        with open(self.out, encoding="utf-8") as lines:
            return [r for r in map(json.loads, lines) if r["record"] == kind]

    def header(self):
        return self.records("header")[0]

    def structure(self):
        return self.header()["structure"]

    def frames(self):
        return self.records("frame")

    def train(self, model, step, steps=9, optimizer=None, every=1, **options):
        optimizer = optimizer or torch.optim.SGD(model.parameters(), lr=0.05)
        with gradflow_torch.watch(model, optimizer, self.out, every=every, **options) as watch:
            for at in range(steps):
                watch.step(step(model, optimizer, at))
        return optimizer


def net(*widths, activation=nn.Tanh):
    layers = []
    for before, after in zip(widths, widths[1:]):
        layers += [nn.Linear(before, after), activation()]
    return nn.Sequential(*layers[:-1])


def plain(model, optimizer, at):
    """A step of regression on samples of its own."""
    draws = torch.Generator().manual_seed(at)
    x = torch.randn(16, 4, generator=draws)
    optimizer.zero_grad()
    loss = (model(x).sum(1) - x[:, 0]).square().mean()
    loss.backward()
    optimizer.step()
    return loss


def norm(tensor):
    return math.log10(float(tensor.double().norm()))


class SameBits(Case):
    """A watched training is the same training."""

    def check(self, name, every):
        watched, unwatched = trainings.ALL[name](), trainings.ALL[name]()
        with watched.watch(self.out, every=every) as watch:
            torch.manual_seed(9)
            losses = watched.take(watch, 20)
            state = torch.get_rng_state()
        torch.manual_seed(9)
        self.assertEqual([repr(x) for x in losses], [repr(x) for x in unwatched.take(None, 20)])
        self.assertTrue(torch.equal(state, torch.get_rng_state()))
        mine, other = watched.model.state_dict(), unwatched.model.state_dict()
        for key in mine:
            self.assertEqual(mine[key].numpy().tobytes(), other[key].numpy().tobytes(), key)

    def test_of_each_training_at_every_step(self):
        for name in trainings.ALL:
            with self.subTest(name):
                self.check(name, 1)

    def test_of_each_training_at_some_steps(self):
        for name in trainings.ALL:
            with self.subTest(name):
                self.check(name, None)

    def test_nothing_is_left_behind(self):
        model = net(4, 8, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        clip = torch.nn.utils.clip_grad_norm_
        gradflow_torch.watch(model, optimizer, self.out).close()
        self.assertIs(torch.nn.utils.clip_grad_norm_, clip)
        self.assertNotIn("step", vars(optimizer))
        self.assertFalse(any(m._forward_hooks or m._forward_pre_hooks for m in model.modules()))


class Numbers(Case):
    """What is recorded is what autograd says."""

    def test_cut_norms_are_the_gradients_of_the_layer_outputs(self):
        model = net(4, 8, 8, 1, activation=nn.Sigmoid)
        seen = {}

        def keep(module, inputs, output):
            output.retain_grad()
            seen[module] = output

        for module in model:
            module.register_forward_hook(keep)
        self.train(model, plain, steps=1)
        expected = [norm(seen[module].grad) for module in model]
        for recorded, wanted in zip(self.frames()[0]["cutNorms"], expected):
            self.assertAlmostEqual(recorded, wanted, 5)
        self.assertEqual([c["name"] for c in self.structure()["cuts"]],
                         ["linear-1", "sigmoid-1", "linear-2", "sigmoid-2", "linear-3"])
        self.assertEqual([c["layer"] for c in self.structure()["cuts"]], [1, 1, 2, 2, 3])

    def test_the_parts_of_a_residual_block_sum_to_its_link(self):
        for name in ("conv-residual", "transformer"):
            training = trainings.ALL[name]()
            with training.watch(self.out, every=1) as watch:
                training.take(watch, 3)
            structure = self.structure()
            self.assertIn("skip", [part["kind"] for part in structure["parts"]])
            for frame in self.frames():
                cuts, gains = frame["cutNorms"], frame["partGains"]
                for link in range(len(structure["links"])):
                    total = sum(g for g, part in zip(gains, structure["parts"]) if part["link"] == link)
                    self.assertAlmostEqual(total, cuts[link] - cuts[link + 1], 4)

    def test_a_branch_is_measured_by_its_own_share(self):
        class Block(nn.Module):
            def __init__(self):
                super().__init__()
                self.first, self.inner, self.last = nn.Linear(4, 6), nn.Linear(6, 6), nn.Linear(6, 1)

            def forward(self, x):
                x = self.first(x)
                return self.last(x + torch.tanh(self.inner(x)))

        model = Block()
        kept = {}

        def step(model, optimizer, at):
            loss = plain(model, optimizer, at)
            kept["loss"] = loss
            return loss

        weight = model.inner.weight.detach().clone()
        self.train(model, step, steps=1)
        parts = self.structure()["parts"]
        self.assertEqual([(p["type"], p["kind"]) for p in parts],
                         [("linear", "weights"), ("tanh", "activation"), ("residual", "skip"), ("linear", "weights")])
        # The share through a linear layer of constant gain: orthogonal weights leave the norm as it is.
        model = Block()
        nn.init.orthogonal_(model.inner.weight)
        self.train(model, step, steps=1)
        self.assertAlmostEqual(self.frames()[0]["partGains"][0], 0, 5)
        self.assertEqual(weight.shape, model.inner.weight.shape)

    def test_parameter_statistics(self):
        model = net(4, 8, 1)
        before = [p.detach().clone() for p in model.parameters()]
        self.train(model, plain, steps=1)
        row = self.frames()[0]["parameters"]
        for at, (old, p) in enumerate(zip(before, model.parameters())):
            g = p.grad
            self.assertAlmostEqual(row["weightNorm"][at], float(old.norm()), 4)
            self.assertAlmostEqual(row["gradientNorm"][at], norm(g), 4)
            self.assertAlmostEqual(row["gradientMeanAbs"][at], math.log10(float(g.abs().mean())), 4)
            self.assertAlmostEqual(row["gradientMaxAbs"][at], math.log10(float(g.abs().max())), 4)
            self.assertAlmostEqual(row["updateRatio"][at], float((p.detach() - old).norm() / old.norm()), 4)
            self.assertEqual(sum(row["exponents"][at]["counts"]), int((g != 0).sum()))
            smallest = min(math.frexp(x)[1] - 1 for x in g.flatten().tolist())
            self.assertEqual(row["exponents"][at]["first"], smallest)

    def test_saturated_and_dead_units(self):
        model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 1))
        with torch.no_grad():
            model[0].weight.mul_(1000)
            model[2].weight[:6].zero_()
            model[2].bias[:6] = -1
        self.train(model, plain, steps=80, steps_per_epoch=40, optimizer=torch.optim.SGD(model.parameters(), lr=1e-9))
        names = [s["name"] for s in self.structure()["signals"]]
        forward = self.frames()[-1]["forward"]
        self.assertGreater(forward["saturatedShare"][names.index("tanh-1")], 0.9)
        self.assertGreaterEqual(forward["deadShare"][names.index("relu-1")], 0.75)

    def test_through_time_is_the_gradient_of_the_last_step_alone(self):
        for kind, size in ((nn.RNN, 1), (nn.GRU, 1), (nn.LSTM, 2)):
            torch.manual_seed(2)
            model = trainings.LastStep(kind(4, 6, batch_first=True), 1)
            x, y = torch.randn(3, 7, 4), torch.randn(3, 1)

            def step(model, optimizer, at):
                optimizer.zero_grad()
                loss = (model(x) - y).square().mean()
                loss.backward()
                optimizer.step()
                return loss

            expected = self.states_back(model, x, y, size)
            self.train(model, step, steps=1)
            profile = self.frames()[0]["throughTime"][0]
            for recorded, wanted in zip(profile["lagNorms"], expected):
                self.assertAlmostEqual(recorded, wanted, 4, kind.__name__)
            shares = [profile.get(k) for k in ("weightDecades", "activationDecades", "gateDecades")]
            slope = (profile["lagNorms"][-1] - profile["lagNorms"][0]) / 6
            self.assertAlmostEqual(sum(s for s in shares if s is not None), slope, 4)

    @staticmethod
    def states_back(model, x, y, size):
        """Feeds the sequence in two halves at each place, and asks autograd for the state between them."""
        norms = []
        for cut in range(x.shape[1], 0, -1):
            with torch.no_grad():
                state = model.recurrent(x[:, :cut])[1]
            state = [s.clone().requires_grad_() for s in (state if size == 2 else (state,))]
            if cut == x.shape[1]:
                out = state[0][0]
            else:
                out = model.recurrent(x[:, cut:], tuple(state) if size == 2 else state[0])[0][:, -1]
            loss = (model.head(out) - y).square().mean()
            found = [g for g in torch.autograd.grad(loss, state, allow_unused=True) if g is not None]
            norms.append(math.log10(float(sum(g.double().square().sum() for g in found).sqrt())))
        return norms

    def test_a_loss_at_every_step_does_not_hide_what_vanishes(self):
        torch.manual_seed(3)
        recurrent, head = nn.RNN(4, 16, batch_first=True), nn.Linear(16, 4)

        class Every(nn.Module):
            def __init__(self):
                super().__init__()
                self.recurrent, self.head = recurrent, head

            def forward(self, x):
                return self.head(self.recurrent(x)[0])

        def step(model, optimizer, at):
            x = torch.randn(8, 40, 4, generator=torch.Generator().manual_seed(at))
            optimizer.zero_grad()
            loss = (model(x) - x).square().mean()
            loss.backward()
            optimizer.step()
            return loss

        self.train(Every(), step, steps=1)
        norms = self.frames()[0]["throughTime"][0]["lagNorms"]
        self.assertLess(norms[-1] - norms[0], -4)


class Survives(Case):
    """What trainings do besides."""

    def test_data_parallel(self):
        self.train(nn.DataParallel(net(4, 8, 1)), plain)
        self.assertEqual(len(self.structure()["cuts"]), 3)
        self.assertEqual(len(self.frames()[-1]["cutNorms"]), 3)

    def test_frozen_layers(self):
        model = net(4, 8, 8, 1)
        model[0].requires_grad_(False)
        self.train(model, plain)
        structure = self.structure()
        self.assertEqual([p["isFrozen"] for p in structure["parameters"]], [True, True] + [False] * 4)
        self.assertEqual([c["name"] for c in structure["cuts"]], ["linear-2", "tanh-2", "linear-3"])
        self.assertEqual([c["layer"] for c in structure["cuts"]], [2, 2, 3])
        self.assertIsNone(self.frames()[-1]["parameters"]["gradientNorm"][0])

    def test_a_layer_frozen_on_the_way(self):
        model = net(4, 8, 8, 1)

        def step(model, optimizer, at):
            if at == 3:
                model[0].requires_grad_(False)
            return plain(model, optimizer, at)

        self.train(model, step)
        self.assertNotIn("cutNorms", self.frames()[-1])
        self.assertEqual(len(self.records("step")), 9)

    def test_two_losses_backwarded_in_pieces(self):
        model = net(4, 8, 1)
        seen = {}

        def keep(module, inputs, output):
            output.retain_grad()
            seen["y"] = output

        model[0].register_forward_hook(keep)

        def step(model, optimizer, at):
            x = torch.randn(16, 4, generator=torch.Generator().manual_seed(at))
            optimizer.zero_grad()
            y = model(x)
            first, second = y.square().mean(), (y - 1).abs().mean()
            first.backward(retain_graph=True)
            second.backward()
            optimizer.step()
            return first + second

        self.train(model, step)
        frame = self.frames()[-1]
        self.assertAlmostEqual(frame["cutNorms"][0], norm(seen["y"].grad), 4)

    def test_several_outputs_and_an_auxiliary_loss(self):
        class Two(nn.Module):
            def __init__(self):
                super().__init__()
                self.body, self.left, self.right = net(4, 8, 8), nn.Linear(8, 1), nn.Linear(8, 1)

            def forward(self, x):
                x = self.body(x)
                return self.left(x), self.right(x), x

        def step(model, optimizer, at):
            x = torch.randn(16, 4, generator=torch.Generator().manual_seed(at))
            optimizer.zero_grad()
            left, right, _ = model(x)
            loss = left.square().mean() + right.abs().mean()
            loss.backward()
            optimizer.step()
            return loss

        self.train(Two(), step)
        self.assertEqual([c["name"] for c in self.structure()["cuts"]], ["body.0", "body.1", "body.2"])
        self.assertTrue(all(len(f["cutNorms"]) == 3 for f in self.frames()))

    def test_shared_modules(self):
        class Twice(nn.Module):
            def __init__(self):
                super().__init__()
                self.first, self.again, self.last = nn.Linear(4, 6), nn.Linear(6, 6), nn.Linear(6, 1)

            def forward(self, x):
                return self.last(torch.tanh(self.again(torch.tanh(self.again(self.first(x))))))

        self.train(Twice(), plain)
        cuts = self.structure()["cuts"]
        self.assertEqual([c["name"] for c in cuts], ["first", "again", "tanh-1", "again", "tanh-2", "last"])
        self.assertEqual([c["layer"] for c in cuts], [1, 2, 2, 3, 3, 4])

    def test_gradient_accumulation_counts_as_one_batch(self):
        torch.manual_seed(4)
        model = net(4, 8, 1)
        twin = copy.deepcopy(model)
        x = torch.randn(16, 4)

        def whole(model, optimizer, at):
            optimizer.zero_grad()
            loss = model(x).square().mean()
            loss.backward()
            optimizer.step()
            return loss

        def pieces(model, optimizer, at):
            optimizer.zero_grad()
            for part in x.chunk(4):
                loss = model(part).square().mean() / 4
                loss.backward()
            optimizer.step()
            return loss

        self.train(model, whole, steps=2)
        expected, batch = self.frames()[0], self.header()["plan"]["batchSize"]
        self.train(twin, pieces, steps=2)
        for mine, other in zip(self.frames()[0]["cutNorms"], expected["cutNorms"]):
            self.assertAlmostEqual(mine, other, 4)
        self.assertEqual((self.header()["plan"]["batchSize"], batch), (16, 16))

    def test_a_gradient_scaler(self):
        class Scaler:  # torch's own needs a GPU before 2.3; it calls the optimiser from a method of this name
            def get_scale(self):
                return 1024.0

            def _maybe_opt_step(self, optimizer):
                optimizer.step()

            def step(self, optimizer):
                for group in optimizer.param_groups:
                    for p in group["params"]:
                        p.grad.div_(1024.0)
                self._maybe_opt_step(optimizer)

        torch.manual_seed(5)
        model = net(4, 8, 1)
        twin, scaler = copy.deepcopy(model), Scaler()
        off = torch.cuda.amp.GradScaler(enabled=False)
        x = torch.randn(16, 4)

        def scaled(model, optimizer, at):
            optimizer.zero_grad()
            loss = model(x).square().mean()
            (loss * 1024.0).backward()
            scaler.step(optimizer)
            return loss

        def disabled(model, optimizer, at):
            optimizer.zero_grad()
            loss = model(x).square().mean()
            off.scale(loss).backward()
            off.step(optimizer)
            off.update()
            return loss

        self.train(model, scaled, steps=2)
        mine = self.frames()[0]
        self.train(twin, disabled, steps=2)
        for name in ("cutNorms", "partGains"):
            for a, b in zip(mine[name], self.frames()[0][name]):
                self.assertAlmostEqual(a, b, 4)

    def test_steps_that_a_scaler_skips(self):
        def step(model, optimizer, at):
            optimizer.zero_grad()
            loss = model(torch.ones(2, 4)).square().mean()
            loss.backward()
            if at % 2:
                optimizer.step()
            return loss

        self.train(net(4, 8, 1), step)
        self.assertEqual(len(self.frames()), 9)
        self.assertNotIn("parameters", self.frames()[0])

    def test_clipping_is_accounted_for(self):
        from torch.nn.utils import clip_grad_norm_ as imported_before
        self.assertTrue(callable(imported_before))

        def step(model, optimizer, at):
            optimizer.zero_grad()
            loss = 100 * model(torch.ones(2, 4)).square().mean()
            loss.backward()
            returned.append(float(torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5)))
            optimizer.step()
            return loss

        returned = []
        self.train(net(4, 8, 1), step, every=1000)
        for record, total in zip(self.records("step"), returned):
            self.assertAlmostEqual(record["gradientNorm"], total, 3)
            self.assertAlmostEqual(record["clipCoefficient"], min(1, 0.5 / (total + 1e-6)), 5)
            self.assertAlmostEqual(record["clippedNorm"], total * min(1, 0.5 / (total + 1e-6)), 4)

    def test_clipping_by_value(self):
        def step(model, optimizer, at):
            optimizer.zero_grad()
            loss = 100 * model(torch.ones(2, 4)).square().mean()
            loss.backward()
            torch.nn.utils.clip_grad_value_(model.parameters(), 0.01)
            optimizer.step()
            return loss

        self.train(net(4, 8, 1), step)
        record = self.records("step")[0]
        self.assertLess(record["clipCoefficient"], 1)
        self.assertAlmostEqual(record["clippedNorm"], record["gradientNorm"] * record["clipCoefficient"], 4)

    def test_functional_and_in_place_activations(self):
        class Functional(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleList(nn.Linear(4, 4) for _ in range(4))

            def forward(self, x):
                for layer in self.layers[:-1]:
                    x = functional.relu_(layer(x))
                x = x * 1
                x += 1
                return self.layers[-1](x)

        self.train(Functional(), plain)
        kinds = [link["kind"] for link in self.structure()["links"]]
        self.assertEqual(kinds, ["activation", "weights"] * 2 + ["activation", "other", "weights"])
        self.assertEqual([s["type"] for s in self.structure()["signals"]], ["linear", "relu"] * 3 + ["linear"])

    def test_a_model_that_is_never_called_as_a_whole(self):
        def step(model, optimizer, at):
            optimizer.zero_grad()
            loss = model[2](torch.relu(model[0](torch.ones(8, 4)))).square().mean()
            loss.backward()
            optimizer.step()
            return loss

        self.train(nn.ModuleList(net(4, 8, 1)), step)
        self.assertEqual([c["type"] for c in self.structure()["cuts"]], ["linear", "linear"])
        self.assertTrue(all(None not in f["cutNorms"] for f in self.frames()))

    def test_a_model_without_any_layer(self):
        class Alone(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Parameter(torch.ones(3))

            def forward(self, x):
                return (self.a * x).sum()

        def step(model, optimizer, at):
            optimizer.zero_grad()
            loss = model(torch.ones(3)).square()
            loss.backward()
            optimizer.step()
            return loss

        self.train(Alone(), step)
        self.assertEqual(self.structure()["cuts"], [])
        self.assertEqual(len(self.frames()[0]["parameters"]["gradientNorm"]), 1)

    def test_checkpointing_evaluation_and_schedulers(self):
        from torch.utils.checkpoint import checkpoint
        model = net(4, 8, 8, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

        class Checked(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = model

            def forward(self, x):
                return checkpoint(self.body, x.requires_grad_())

        checked = Checked()
        with gradflow_torch.watch(checked, optimizer, self.out, every=1) as watch:
            schedule = torch.optim.lr_scheduler.StepLR(optimizer, 2, 0.5)
            for at in range(6):
                loss = plain(checked, optimizer, at)
                schedule.step()
                watch.step(loss)
                with torch.no_grad():
                    watch.evaluate(checked(torch.ones(2, 4)).mean(), samples=2)
                checked(torch.ones(2, 4))  # with a graph that nobody goes back through
        self.assertEqual(len(self.records("evaluation")), 6)
        self.assertEqual(len(self.frames()), 6)

    def test_copies_and_pickles_of_a_watched_model(self):
        model = net(4, 8, 1)

        def step(model, optimizer, at):
            loss = plain(model, optimizer, at)
            copied = copy.deepcopy(model)
            again = pickle.loads(pickle.dumps(model))
            x = torch.ones(2, 4)
            self.assertTrue(torch.equal(copied(x), model(x)))
            self.assertTrue(torch.equal(again(x), model(x)))
            return loss

        self.train(model, step)

    def test_an_optimiser_with_a_closure(self):
        model = net(4, 8, 1)
        x = torch.randn(16, 4)

        def step(model, optimizer, at):
            def closure():
                optimizer.zero_grad()
                loss = model(x).square().mean()
                loss.backward()
                return loss
            return optimizer.step(closure)

        self.train(model, step, optimizer=torch.optim.LBFGS(model.parameters(), max_iter=3))
        self.assertEqual(len(self.records("step")), 9)

    def test_stacked_recurrent_layers_and_hidden_state(self):
        class Hidden(nn.Module):
            def __init__(self):
                super().__init__()
                self.recurrent, self.head = nn.LSTM(4, 6, 2), nn.Linear(6, 1)

            def forward(self, x):
                _, (h, _) = self.recurrent(x.expand(5, *x.shape).contiguous())
                return self.head(h[-1])

        self.train(Hidden(), plain)
        self.assertEqual([r["name"] for r in self.structure()["recurrences"]], ["recurrent.l0", "recurrent.l1"])
        self.assertTrue(all(len(f["throughTime"]) == 2 and f["throughTime"][1] for f in self.frames()))


class Robust(Case):
    """When something goes wrong."""

    def tearDown(self):
        pass  # here it may say that it gives up

    def test_a_failure_of_ours_is_one_line_and_the_training_goes_on(self):
        model = net(4, 8, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        with gradflow_torch.watch(model, optimizer, self.out, every=1) as watch:
            watch._tracer._measure = None  # whatever measures forward statistics fails now
            for at in range(5):
                watch.step(plain(model, optimizer, at))
        said = self.said.getvalue().strip().splitlines()
        self.assertEqual(len(said), 1)
        self.assertIn("no longer records forward statistics", said[0])
        self.assertTrue(all("cutNorms" in f and "forward" not in f for f in self.frames()))

    def lines_of(self, calls, steps=40):
        """What is said where `calls` makes the calls of a step in its own order."""
        model = net(4, 8, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        with gradflow_torch.watch(model, optimizer, self.out) as watch:
            for at in range(steps):
                optimizer.zero_grad()
                calls(watch, optimizer, model(torch.randn(16, 4)).square().mean(), at)
        return self.said.getvalue().strip().splitlines()

    def test_a_step_told_before_its_backward_pass_is_named_once(self):
        def calls(watch, optimizer, loss, at):
            watch.step(loss)
            loss.backward()
            optimizer.step()

        said = self.lines_of(calls)
        self.assertEqual(len(said), 1)
        self.assertIn("after loss.backward() and optimizer.step()", said[0])

    def test_a_step_without_a_backward_pass_is_named_once(self):
        said = self.lines_of(lambda watch, optimizer, loss, at: (optimizer.step(), watch.step(loss)))
        self.assertEqual(len(said), 1)
        self.assertIn("no parameter has a gradient", said[0])

    def test_a_step_that_is_told_twice_is_named_once(self):
        def calls(watch, optimizer, loss, at):
            loss.backward()
            optimizer.step()
            watch.step(loss)
            watch.step(loss)

        said = self.lines_of(calls)
        self.assertEqual(len(said), 1)
        self.assertRegex(said[0], r"called \d+ times while the optimizer took \d+ steps")

    def test_nothing_is_said_of_a_loop_that_clears_its_gradients_early_or_skips_a_step(self):
        def calls(watch, optimizer, loss, at):
            loss.backward()
            if at not in (0, 1, 5):  # as a gradient scaler does
                optimizer.step()
                optimizer.zero_grad()
            watch.step(loss)

        self.assertEqual(self.lines_of(calls), [])

    def test_a_log_that_cannot_be_written(self):
        model = net(4, 8, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        watch = gradflow_torch.watch(model, optimizer, os.path.join(self.out, "no", "folder.jsonl"))
        for at in range(3):
            watch.step(plain(model, optimizer, at))
        watch.close()
        self.assertEqual(len(self.said.getvalue().strip().splitlines()), 1)

    def test_a_disk_that_is_full_ends_the_record_alone(self):
        model = net(4, 8, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        watch = gradflow_torch.watch(model, optimizer, self.out, every=1)
        watch.step(plain(model, optimizer, 0))
        watch._log._file.close()
        for at in range(1, 4):
            watch.step(plain(model, optimizer, at))
        watch.close()
        self.assertEqual(len(self.said.getvalue().strip().splitlines()), 1)
        self.assertFalse(any(m._forward_hooks or m._forward_pre_hooks for m in model.modules()))

    def test_a_killed_training_leaves_a_readable_log(self):
        code = ("import sys; sys.path.insert(0, sys.argv[2]); import trainings\n"
                "t = trainings.ALL['deep-sigmoid'](); w = t.watch(sys.argv[1])\n"
                "t.take(w, 40); print('ready', flush=True); t.take(w, 10 ** 9)")
        here = os.path.dirname(os.path.abspath(__file__))
        with subprocess.Popen([sys.executable, "-c", code, self.out, here], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            process.send_signal(signal.SIGKILL)
            process.wait()
        with open(self.out, encoding="utf-8") as lines:
            whole = [line for line in lines if line.endswith("\n")]
        kinds = [json.loads(line)["record"] for line in whole]
        self.assertEqual(kinds[0], "header")
        self.assertGreater(kinds.count("step"), 20)
        self.assertNotIn("end", kinds)

    def test_a_training_that_breaks_off_says_how(self):
        model = net(4, 8, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        with self.assertRaises(RuntimeError):
            with gradflow_torch.watch(model, optimizer, self.out) as watch:
                watch.step(plain(model, optimizer, 0))
                raise RuntimeError("of the training")
        self.assertEqual(self.records("end")[0]["reason"], "interrupted")

    def test_wrong_arguments_are_named(self):
        model = net(4, 1)
        with self.assertRaisesRegex(TypeError, "torch.nn.Module"):
            gradflow_torch.watch("model", None)
        with self.assertRaisesRegex(TypeError, "optimizer"):
            gradflow_torch.watch(model, None)
        with self.assertRaisesRegex(ValueError, "every"):
            gradflow_torch.watch(model, torch.optim.SGD(model.parameters(), lr=1), self.out, every=0)
        for wrong in (dict(steps=-1), dict(batch_size=-1), dict(metric_name="accuracy", chance_metric=10)):
            with self.assertRaisesRegex(ValueError, next(reversed(wrong))):
                gradflow_torch.watch(model, torch.optim.SGD(model.parameters(), lr=1), self.out, **wrong)

    def test_an_accuracy_in_per_cent_is_named_and_left_out(self):
        model = net(4, 8, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
        with gradflow_torch.watch(model, optimizer, self.out, every=100, metric_name="accuracy") as watch:
            for at, metric in enumerate((0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 55.0, 0.5)):
                watch.step(plain(model, optimizer, at), metric)
        self.assertEqual([r.get("metric") for r in self.records("step")], [0.5, 0.6, 0.7, 0.8, 0.9, 1.0, None, None])
        self.assertIn("no longer records the metric (ValueError: an accuracy of 55;", self.said.getvalue())
        self.said.truncate(0)


class Origins(Case):
    """Where the first number that is not finite came from."""

    def origin(self):
        found = self.records("non-finite")
        return (found[0]["phase"], found[0]["layer"], found[0]["kind"]) if found else None

    def test_data(self):
        def step(model, optimizer, at):
            optimizer.zero_grad()
            loss = model(torch.full((2, 4), math.nan)).mean()
            loss.backward()
            return loss

        self.train(net(4, 8, 1), step, steps=1)
        self.assertEqual(self.origin(), ("data", "input", "nan"))

    def test_forward(self):
        model = net(4, 8, 8, 1)
        with torch.no_grad():
            model[2].bias.fill_(100)
            model[4].weight.fill_(3e38)
        self.train(model, plain, steps=1)
        self.assertEqual(self.origin(), ("forward", "linear-3", "inf"))

    def test_backward(self):
        class Root(nn.Module):
            def __init__(self):
                super().__init__()
                self.first, self.last = nn.Linear(4, 4, bias=False), nn.Linear(4, 1)
                nn.init.zeros_(self.first.weight)

            def forward(self, x):
                return self.last(self.first(x).abs().sqrt())

        self.train(Root(), plain, steps=1)
        phase, layer, _ = self.origin()
        self.assertEqual((phase, layer), ("backward", "sqrt-1"))

    def test_update(self):
        def step(model, optimizer, at):
            loss = plain(model, optimizer, at)
            if at == 1:
                with torch.no_grad():
                    model[2].weight[0, 0] = math.inf
            return loss

        self.train(net(4, 8, 8, 1), step, steps=4)
        self.assertEqual(self.origin()[:2], ("update", "linear-2"))


if __name__ == "__main__":
    unittest.main()
