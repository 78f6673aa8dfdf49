"""Records a PyTorch training as a run that GradFlow judges: `gradflow diagnose run.jsonl`, `gradflow report run.jsonl`.

    import gradflow_torch
    with gradflow_torch.watch(model, optimizer, out="run.jsonl") as w:
        for x, y in batches:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            w.step(loss)

One file, PyTorch 1.13 or later and the standard library. It changes no bit of the training: it draws no random number,
its hooks return nothing, and whatever of it fails becomes one line on standard error while the training goes on.

How it works. On a watched step, module hooks trace the forward pass into *vertices*: a layer of torch.nn, or a single
autograd node where the model computes without a layer (a functional ReLU, the sum of a residual block). From the
vertices follow the *cuts*, which every path from the first parametrised layer to the output crosses, and the *links*
between them. Hooks on the cuts' autograd nodes take the norms of the gradients as they pass. An unwatched step costs
one hook on the model and one line in the log.
"""

import atexit
import datetime
import functools
import json
import math
import os
import re
import sys
import threading
import time
import types

import torch
from torch import nn

__all__ = ["watch", "Watch"]
__version__ = "0.1.0"

_BUDGET = 0.03  # share of the training's time that watching is planned to cost, so that it stays under 5 %
                # where a step takes a third of a millisecond or more
_LARGEST_COPY = 50_000_000  # numbers of which copies are kept (weights before the update, the last gradient)
_HELD_AT_START = 50_000_000  # numbers of gradients that step 0 may keep until all backward passes are done
_FLUSH_SECONDS = 0.25
_SETTLED = 1024  # the step at which the interval is chosen for the last time
_DEAD_SAMPLES = 512  # samples below which a silent unit is not called dead
_LOWEST = 1100  # no exponent of a float lies below minus this
_LAST_STEPS = 4  # late time steps τ that a time profile is averaged over
_EPOCH = 100  # steps that count as an epoch where it is unknown
_MOST_PASSES = 64  # forward passes of one step that are traced
_COUNTED = 20  # the step at which updates are counted; a scaler may have skipped a few by then
_REPLAYED = 32  # sequences that a time profile is taken of
_FOLLOWED = 4  # of these, sequences that the gradient is followed back in


def watch(model, optimizer, out="run.jsonl", *, name=None, every=None, steps=0, steps_per_epoch=0, batch_size=0,
          loss=None, metric_name=None, chance_metric=None, baseline_loss=None, longest_dependency=None, seed=None):
    """Starts to record a training. Call `step(loss)` on the result after each `optimizer.step()`.

    model, optimizer    what is trained; wrap the model (DataParallel, ...) before.
    out                 the log's path; a file that is there is replaced.
    name                the run's name; the log's by default.
    every               watch every n-th step closely; by default what aims at a cost under 5 %. Steps 0, 1, 2, 4, …
                        are watched in any case.
    steps               optimiser steps planned, 0 if unknown.
    steps_per_epoch     optimiser steps per epoch, 0 if unknown.
    batch_size          samples per step; read off the model's input by default.
    loss                the loss's name, such as "cross-entropy" or "mse"; read off its graph by default.
    metric_name         what `step(loss, metric=...)` is given, such as "accuracy" (from 0 to 1).
    chance_metric       the metric of the best constant prediction.
    baseline_loss       the loss of the best constant prediction: the entropy of the class shares, ln 10 for ten equal
                        classes; the targets' variance for MSE. Without it a net that learns slowly is not told from one
                        that does not learn.
    longest_dependency  of a task on sequences: time steps between what decides and the last output.
    """
    given = dict(name=name, every=every, steps=steps, steps_per_epoch=steps_per_epoch, batch_size=batch_size, loss=loss,
                 metric_name=metric_name, chance_metric=chance_metric, baseline_loss=baseline_loss,
                 longest_dependency=longest_dependency, seed=seed)
    if not isinstance(model, nn.Module):
        raise TypeError("watch(model, ...): expected a torch.nn.Module, got " + type(model).__name__)
    if not hasattr(optimizer, "param_groups"):
        raise TypeError("watch(model, optimizer): expected a torch.optim optimizer, got " + type(optimizer).__name__)
    if every is not None and every < 1:
        raise ValueError("watch(every=%r): expected None or at least 1" % every)
    for count in ("steps", "steps_per_epoch", "batch_size", "longest_dependency"):
        if given[count] is not None and given[count] < 0:
            raise ValueError("watch(%s=%r): expected 0 or more" % (count, given[count]))
    if metric_name == "accuracy" and chance_metric is not None and not 0 <= chance_metric <= 1:
        raise ValueError("watch(chance_metric=%r): expected an accuracy from 0 to 1" % chance_metric)
    return Watch(model, optimizer, os.fspath(out), given)


def _safely(part):
    """Makes a method give up its part of the recording, in one line, rather than break the training."""
    def decorate(method):
        @functools.wraps(method)
        def guarded(self, *arguments, **named):
            watch = getattr(self, "watch", self)
            if part in watch.broken:
                return None
            outermost, watch._inside = not watch._inside, True
            begun = time.perf_counter() if outermost else 0
            grads = torch.is_grad_enabled()
            torch.set_grad_enabled(False)
            try:
                return method(self, *arguments, **named)
            except Exception as error:  # of ours, so the training must not see it
                watch.give_up(part, error)
                return None
            finally:
                torch.set_grad_enabled(grads)
                if outermost:
                    watch.spent += time.perf_counter() - begun
                    watch._inside = False
        return guarded
    return decorate


class Watch:
    """A training that is being recorded. Made by `watch`."""

    def __init__(self, model, optimizer, out, given):
        self.model, self.optimizer, self.given = model, optimizer, given
        self.broken, self.spent, self._inside = set(), 0.0, False
        self.count, self.frame, self.is_soon = 0, True, True  # the step that is under way; is it watched, is the next?
        self._out = out if _rank() == 0 else None
        self._log = self._tracer = self._probe = self._schedule = None
        self._closed, self._origin = True, False
        self._clip, self._pre = None, False
        self.updates, self._is_order_known = 0, False
        self._first_losses, self._limit, self._alerts, self._last_loss = [], 0.0, 0, None
        self._per_epoch, self._knows_epoch = given["steps_per_epoch"] or _EPOCH, bool(given["steps_per_epoch"])
        self._is_accuracy = given["metric_name"] == "accuracy"
        self._begun = self._last_end = time.perf_counter()
        self._spent_before = 0.0
        if self._out is not None:
            self._start()

    @_safely("anything")
    def _start(self):
        self._log = _Log(self._out)
        self._schedule = _Schedule(self.given["every"])
        self._probe = _ParameterProbe(self)
        self._tracer = _Tracer(self)
        self._time = _TimeProbe(self)
        _wrap_step(self)
        _Clipping.enter(self)
        self._atexit = self._at_exit
        atexit.register(self._atexit)
        self._closed = False

    # What the training calls.

    @property
    def every(self):
        """Steps between two watched ones; None while it has not been chosen yet."""
        return self._schedule.every if self._schedule is not None else None

    def step(self, loss, metric=None, epoch=None):
        """One optimiser step is done: `loss` is the loss tensor it was taken for (a number will do)."""
        if self._closed:
            return
        begin, step, was_frame = time.perf_counter(), self.count, self.frame
        spent = self.spent
        if was_frame or self.is_soon or not self._note(step, loss, metric, epoch):
            self._step(loss, metric, epoch)
        end = time.perf_counter()
        self.spent = spent + end - begin
        if end - self._log.flushed > _FLUSH_SECONDS:
            self._flush()
        if not self._schedule.is_settled:
            self._schedule.see(step, was_frame, end - self._last_end, self.spent - self._spent_before)
            if self._schedule.next == self.count + 1:
                self.is_soon = True
                self._tracer.expect()
        self._spent_before, self._last_end = self.spent, end

    @_safely("anything")
    def _flush(self):
        self._log.flush()

    def _note(self, step, loss, metric, epoch):
        """An unwatched step in as few lines as will do, since all are paid for; False where more is to be done."""
        if self._is_accuracy and metric is not None and (
                type(metric) is float and not 0 <= metric <= 1 or "the metric" in self.broken):
            return False
        try:
            value = loss.item() if loss.is_cpu else loss.detach().clone()
            if loss.is_cpu and not -self._limit < value < self._limit or loss.dim() > 0:
                return False
            if epoch is None:
                epoch = step // self._per_epoch if self._knows_epoch else 0
            clip, norm = self._clip, None
            if clip is not None:
                self._clip, norm = None, clip["before"]
            self._log.waiting.append((step, epoch, value, metric, self.optimizer.param_groups[0]["lr"], norm, clip))
        except Exception:  # a loss of another kind; or it fails again where that is said
            return False
        self.count = step + 1
        if self.count % self._per_epoch == 0:
            self._tracer.end_epoch()
        if step + 2 >= self._schedule.next:
            self.is_soon = True
            self._tracer.expect()
        return True

    def evaluate(self, loss, metric=None, split="validation", samples=0, epoch=None):
        """The net was judged on a whole split: `train`, `validation` or `test`."""
        if self._closed:
            return
        self._evaluate(loss, metric, split, samples, epoch)

    def close(self, reason=None):
        """Ends the record. `reason`: completed (default), non-finite or interrupted."""
        if self._closed or os.getpid() != self._log.pid:
            return
        self._closed = True
        self._close(reason)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close("interrupted" if kind is not None else None)

    # What happens then.

    @_safely("anything")
    def _step(self, loss, metric, epoch):
        step = self.count
        if step == 0:
            self._write_header(loss)
        if epoch is None:
            epoch = step // self._per_epoch if self._knows_epoch else 0
        if metric is not None:
            metric = self._share(metric)
        value = loss.detach() if torch.is_tensor(loss) else loss
        if torch.is_tensor(value) and (value.device.type != "cpu" or value.dim() > 0):
            value = value.double().mean() if value.dim() > 0 else value.clone()
        rate = float(self.optimizer.param_groups[0]["lr"])
        clip, self._clip = self._clip, None
        if not self._is_order_known:
            self._see_order(step)
        frame = self._finish_frame(step, loss) if self.frame else None
        self._log.waiting.append((step, epoch, value, metric, rate, self._gradient_norm(frame, clip), clip))
        if frame is not None:
            self._log.write(frame)
        self._judge_loss(step, value, frame)
        self.count = step + 1
        if self.count % self._per_epoch == 0:
            self._tracer.end_epoch()
        self.frame = self._schedule.is_frame(self.count) or self._is_alert()
        self.is_soon = self._schedule.find_next(self.count) == self.count + 1
        self._pre = False
        self._tracer.begin_step(self.frame)
        if self.frame or self.is_soon:
            self._tracer.expect()

    @_safely("the order of calls")
    def _see_order(self, step):
        """Says in one line where `step` isn't called once after each update, for then the record is of something else."""
        if step == 0 and not self._probe.has_gradients():
            self._is_order_known = True
            self._say("no parameter has a gradient in the first step; "
                      "expected watch.step(loss) after loss.backward() and optimizer.step()")
        elif step >= _COUNTED:
            self._is_order_known = True
            if 0 < self.updates <= 0.6 * step:
                self._say("watch.step() was called %d times while the optimizer took %d steps; "
                          "expected one call after each optimizer.step()" % (step + 1, self.updates))

    @_safely("the metric")
    def _share(self, metric):
        """The metric, where it can be what it is called: a log with another one would be refused."""
        on_device = torch.is_tensor(metric) and not metric.is_cpu  # reading it would make the device wait
        if self._is_accuracy and not on_device and (metric < 0 or metric > 1):
            raise ValueError("an accuracy of %g; expected a share from 0 to 1" % float(metric))
        return metric

    def _finish_frame(self, step, loss):
        """The frame's record; what failed of it is left out."""
        flow = self._tracer.finish(self._scale())
        return {"record": "frame", "step": step, **(flow or {}), **(self._probe.finish() or {}),
                **(self._time.finish(self._scale()) or {})}

    def _gradient_norm(self, frame, clip):
        if clip is not None and clip.get("before") is not None:
            return clip["before"]
        return frame.pop("norm", None) if frame is not None else None

    def _scale(self):
        return getattr(self._probe, "scale", 1.0) or 1.0

    def _judge_loss(self, step, value, frame):
        """Keeps an eye on a loss that runs away, so that the step that breaks is a watched one."""
        if torch.is_tensor(value) and value.device.type != "cpu" and frame is None:
            self._last_loss = None  # reading it would make the device wait
            return
        self._last_loss = value = float(value)
        if len(self._first_losses) < 5 and math.isfinite(value):
            self._first_losses.append(abs(value))
            if len(self._first_losses) == 5:
                self._limit = 10 * (1e-3 + max(self._first_losses))
        broken = not math.isfinite(value) or (frame is not None and self._probe.is_broken)
        if broken and frame is not None and not self._origin:
            origin = self._tracer.origin(step, value) or self._probe.origin(step)
            if origin is not None:
                self._origin = True
                self._log.write({"record": "non-finite", **origin})

    def _is_alert(self):
        """True for at most 30 steps of a training that seems about to break."""
        value = self._last_loss
        if value is None or self._origin or self._alerts >= 30 or self._limit == 0 and math.isfinite(value):
            return False
        if abs(value) < self._limit:
            return False
        self._alerts += 1
        return True

    def _write_header(self, loss):
        structure = {"cuts": [], "links": [], "parts": [], "signals": [], "parameters": []}
        structure.update(self._tracer.structure(loss) or {})
        structure["parameters"] = self._probe.rows(self._tracer.layers()) or []
        recurrences = self._time.rows(self._tracer) or []
        if recurrences:
            structure["recurrences"] = recurrences
        given, kind = self.given, type(self.optimizer).__name__
        seed = torch.initial_seed() if given["seed"] is None else given["seed"]
        plan = {
            "steps": given["steps"], "stepsPerEpoch": given["steps_per_epoch"],
            "batchSize": given["batch_size"] or self._tracer.batch, "loss": given["loss"] or _loss_name(loss),
            "optimizer": {"RMSprop": "rms-prop"}.get(kind, kind.lower() if kind.isupper() else _kebab(kind)),
            "learningRate": _number(float(self.optimizer.param_groups[0]["lr"])), "metricName": given["metric_name"],
            "chanceMetric": given["chance_metric"], "baselineLoss": given["baseline_loss"],
            "inputRms": self._tracer.input_rms, "inputMaxAbs": self._tracer.input_max,
            "longestDependency": given["longest_dependency"],
        }
        name = given["name"] or os.path.splitext(os.path.basename(self._out))[0]
        started = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._log.header({
            "record": "header", "name": name, "seed": int(seed) & (2 ** 63 - 1), "startedAt": started,
            "producer": "gradflow-torch " + __version__, "plan": plan, "structure": structure, "format": 1})

    @_safely("evaluations")
    def _evaluate(self, loss, metric, split, samples, epoch):
        if metric is not None:
            metric = self._share(metric)
        if epoch is None:
            per = self.given["steps_per_epoch"]
            epoch = self.count / per if per else 0.0
        self._log.write({
            "record": "evaluation", "step": self.count, "epoch": float(epoch), "split": split,
            "loss": _number(float(loss)), "metric": None if metric is None else _number(float(metric)),
            "samples": int(samples)})

    @_safely("the end")
    def _close(self, reason):
        self._tracer.end()
        _Clipping.leave(self)
        _unwrap_step(self)
        atexit.unregister(self._atexit)
        if not self._log.has_header:
            self._write_header(0.0)
        if reason is None:
            broken = self._last_loss is not None and not math.isfinite(self._last_loss)
            reason = "non-finite" if broken else "completed"
        seconds = time.perf_counter() - self._begun
        self._log.write({
            "record": "end", "reason": reason, "seconds": _number(seconds),
            "watchShare": _number(min(1.0, self.spent / max(seconds, 1e-9)))})
        self._log.close()

    def _at_exit(self):
        self.close("interrupted" if getattr(sys, "last_type", None) is not None else None)

    def look(self):
        """Asks for the gradients, once in a step."""
        if not self._pre:
            self.before_update()

    @_safely("parameters")
    def before_update(self):
        """Gradients are complete; clipping and the update come."""
        self._pre = True
        self._probe.before(self.count, self.frame, self.is_soon)

    @_safely("parameters")
    def after_update(self):
        self._probe.after()

    @_safely("the gradient scaler")
    def see_scaler(self, frame):
        """A gradient scaler (AMP) stands above optimizer.step on the stack; its scale is in what flows back."""
        self._probe.see_scaler(frame)

    @_safely("clipping")
    def after_clip_norm(self, parameters, limit, kind, total):
        """Clipped by its norm; the numbers are read when they are written, so that no device waits."""
        limit, total = float(limit), total.detach().clone()
        before = total if float(kind) == 2.0 else None
        self.after_clip(parameters, before, lambda: min(1.0, limit / (float(total) + 1e-6)), None)

    @_safely("clipping")
    def after_clip(self, parameters, before, coefficient, after):
        if self._probe.is_whole(parameters):
            self._clip = {"before": before, "coefficient": coefficient, "after": after}

    def give_up(self, part, error):
        """Says once, in one line, what is no longer recorded."""
        if part in self.broken:
            return
        self.broken.add(part)
        if part == "anything":
            self._closed, self.frame, self.is_soon = True, False, False
            if self._tracer is not None:
                self._tracer.end()
        text = " ".join(str(error).split())[:200]
        self._say("no longer records %s (%s: %s); the training goes on" % (part, type(error).__name__, text))

    @staticmethod
    def _say(line):
        try:
            print("gradflow_torch: " + line, file=sys.stderr)
        except Exception:
            pass


class _Schedule:
    """Which steps are watched closely: 0, 1, 2, 4, 8, ... and every n-th, n chosen by the cost that was measured."""

    def __init__(self, every):
        self.every, self.is_settled, self.next = every, every is not None, 1
        self._plain, self._own = [], []  # time of steps far from watched ones, and what of it was ours
        self._near = {"before": [], "watched": [], "after": []}  # the same in pairs, where watching costs something

    def is_frame(self, step):
        return step & (step - 1) == 0 or (self.every is not None and step % self.every == 0)

    def find_next(self, step):
        """The first watched step after this one."""
        self.next = 1 << step.bit_length()
        if self.every is not None:
            self.next = min(self.next, step - step % self.every + self.every)
        return self.next

    def see(self, step, was_frame, seconds, own):
        """A step took so long in all, of which so much was ours."""
        if was_frame:
            if step > 2:
                self._near["watched"].append((seconds, own))
        elif self.is_frame(step + 1):
            self._near["before"].append((seconds, own))  # its gradient is kept
        elif self.is_frame(step - 1):
            self._near["after"].append((seconds, own))  # the processor's caches are cold
        else:
            self._plain.append(seconds)
            self._own.append(own)
        if step >= 32 and step & (step - 1) == 0 and self._near["watched"]:
            self._choose()
            self.find_next(step + 1)
            self.is_settled = step >= _SETTLED

    def _choose(self):
        plain, own = _median(self._plain), _median(self._own)
        in_all = sum(_median([whole for whole, _ in near]) - plain for near in self._near.values())
        of_us = sum(_median([ours for _, ours in near]) for near in self._near.values())
        cost = min(max(in_all, of_us), 3 * of_us)  # hooks cost the pass more than they take; beyond that it is noise
        self.every = max(1, math.ceil(cost / (max(0.01, _BUDGET - own / plain) * plain)))


# ---------------------------------------------------------------------------------------------------------------------
# The log.


class _Log:
    """The JSON lines, written at most a quarter of a second late, and at once where a step was watched closely."""

    def __init__(self, path):
        self.pid, self.has_header = os.getpid(), False
        self._file = open(path, "w", encoding="utf-8", newline="\n")
        self.waiting, self.flushed = [], 0.0

    def header(self, record):
        self.waiting.insert(0, record)
        self.has_header = True
        self.flush()

    def write(self, record):
        self.waiting.append(record)
        self.flush()

    def close(self):
        self.flush()
        self._file.close()

    def flush(self):
        self.flushed = time.perf_counter()
        if not self.has_header:
            return
        waiting, self.waiting = self.waiting, []
        self._file.write("".join(map(self._line, waiting)))
        self._file.flush()

    @staticmethod
    def _line(record):
        if isinstance(record, tuple):
            return _Log._step_line(*record)
        return json.dumps(record, separators=(",", ":"), allow_nan=False) + "\n"

    @staticmethod
    def _step_line(step, epoch, loss, metric, rate, norm, clip):
        """Written by hand, since every step pays for it."""
        line = '{"record":"step","step":%d,"epoch":%d,"loss":%s,"learningRate":%s' % (
            step, epoch, _text(float(loss)), _text(float(rate)))
        if metric is not None:
            line += ',"metric":' + _text(float(metric))
        after, coefficient = norm, None
        if clip is not None:
            coefficient, after = clip["coefficient"], clip["after"]
            coefficient = coefficient() if callable(coefficient) else coefficient
            after = float(norm) * coefficient if after is None and norm is not None else after
        for name, value in (("gradientNorm", norm), ("clippedNorm", after), ("clipCoefficient", coefficient)):
            if value is not None:
                line += ',"%s":%s' % (name, _text(float(value)))
        return line + "}\n"


def _text(x):
    return "%.7g" % x if math.isfinite(x) else json.dumps(_number(x))


def _number(x):
    """A number as the format has it: seven digits, and words where it is not finite."""
    if x is None:
        return None
    if math.isfinite(x):
        return float("%.7g" % x)
    return "nan" if math.isnan(x) else "inf" if x > 0 else "-inf"


def _numbers(values):
    return [_number(v) for v in values]


def _log10(square):
    """log10 of a norm from its square; -inf of an exact zero."""
    if square is None or math.isnan(square):
        return None if square is None else math.nan
    return 0.5 * math.log10(square) if square > 0 else -math.inf


def _median(values):
    return sorted(values)[len(values) // 2]


def _kebab(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower().strip("-_").replace("_", "-")


def _rank():
    try:
        return torch.distributed.get_rank() if torch.distributed.is_initialized() else 0
    except (AttributeError, RuntimeError):
        return 0


# ---------------------------------------------------------------------------------------------------------------------
# What stands around the optimiser: its step, and clipping before it.


def _wrap_step(watch):
    """Looks at the gradients before `optimizer.step` and at the weights after it. Schedulers wrap it likewise."""
    optimizer, original = watch.optimizer, watch.optimizer.step

    @functools.wraps(original)
    def step(self, *arguments, **named):
        with_closure = bool(arguments and arguments[0] is not None) or named.get("closure") is not None
        if not with_closure:
            if watch.frame:
                watch.see_scaler(sys._getframe(1))
            if watch.frame or watch.is_soon:
                watch.look()
        result = original(*arguments, **named)
        watch.updates += 1
        if with_closure and (watch.frame or watch.is_soon):
            watch.look()
        if watch.frame:
            watch.after_update()
        return result

    watch._original_step = optimizer.__dict__.get("step")
    watch._own_step = optimizer.step = types.MethodType(step, optimizer)


def _unwrap_step(watch):
    if watch.optimizer.__dict__.get("step") is not watch._own_step:
        return  # somebody has wrapped it again since; ours stays beneath, and does nothing any more
    if watch._original_step is None:
        del watch.optimizer.step
    else:
        watch.optimizer.step = watch._original_step


class _Clipping:
    """Wraps torch's two clipping functions wherever they have been imported, as long as somebody watches."""

    watches, originals = [], {}
    names = ("clip_grad_norm_", "clip_grad_value_")

    @classmethod
    def enter(cls, watch):
        if not cls.watches:
            for name in cls.names:
                original = getattr(torch.nn.utils, name)
                cls.originals[name] = original
                cls._replace(name, original, getattr(cls, "_" + name[:-1])(original))
        cls.watches.append(watch)

    @classmethod
    def leave(cls, watch):
        if watch in cls.watches:
            cls.watches.remove(watch)
        if not cls.watches:
            for name, original in cls.originals.items():
                cls._replace(name, getattr(torch.nn.utils, name), original)
            cls.originals.clear()

    @classmethod
    def _replace(cls, name, old, new):
        for module in list(sys.modules.values()):
            space = getattr(module, "__dict__", None)
            if type(space) is dict and space.get(name) is old:
                space[name] = new

    @classmethod
    def _clip_grad_norm(cls, original):
        @functools.wraps(original)
        def clip_grad_norm_(parameters, max_norm, norm_type=2.0, *arguments, **named):
            parameters = [parameters] if torch.is_tensor(parameters) else list(parameters)
            for watch in cls.watches:
                if watch.frame or watch.is_soon:
                    watch.look()
            total = original(parameters, max_norm, norm_type, *arguments, **named)
            for watch in cls.watches:
                watch.after_clip_norm(parameters, max_norm, norm_type, total)
            return total
        return clip_grad_norm_

    @classmethod
    def _clip_grad_value(cls, original):
        @functools.wraps(original)
        def clip_grad_value_(parameters, *arguments, **named):
            parameters = [parameters] if torch.is_tensor(parameters) else list(parameters)
            for watch in cls.watches:
                if watch.frame or watch.is_soon:
                    watch.look()
            before = cls._norm(parameters)
            result = original(parameters, *arguments, **named)
            after = cls._norm(parameters) if before is not None else None
            if after is not None:
                ratio = after / before if before > 0 else 1.0
                for watch in cls.watches:
                    watch.after_clip(parameters, before, ratio, after)
            return result
        return clip_grad_value_

    @staticmethod
    def _norm(parameters):
        try:
            squares = [_square(p.grad) for p in parameters if p.grad is not None]
            return math.sqrt(float(torch.stack(squares).sum())) if squares else None
        except Exception:
            return None


# ---------------------------------------------------------------------------------------------------------------------
# What layers and autograd nodes are called, and of which kind they are.

_ACTIVATIONS = {
    "ReLU": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "GELU": "gelu", "SiLU": "silu", "LeakyReLU": "leaky-relu",
    "PReLU": "prelu", "RReLU": "rrelu", "ELU": "elu", "SELU": "selu", "CELU": "elu", "Softplus": "softplus",
    "Softsign": "softsign", "Hardtanh": "hard-tanh", "ReLU6": "relu6", "Hardsigmoid": "hard-sigmoid",
    "Hardswish": "hard-swish", "Mish": "mish", "LogSigmoid": "log-sigmoid", "Threshold": "relu",
    "Tanhshrink": "tanh-shrink",
}
_NORMALIZATIONS = {
    "BatchNorm": "batch-norm", "SyncBatchNorm": "batch-norm", "LayerNorm": "layer-norm", "GroupNorm": "group-norm",
    "InstanceNorm": "instance-norm", "LocalResponseNorm": "local-response-norm", "RMSNorm": "rms-norm",
}
_NODE_ACTIVATIONS = {
    "Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "Gelu": "gelu", "Silu": "silu", "LeakyRelu": "leaky-relu",
    "Elu": "elu", "Softplus": "softplus", "Hardtanh": "hard-tanh", "Hardsigmoid": "hard-sigmoid", "Mish": "mish",
    "Hardswish": "hard-swish", "Threshold": "relu", "LogSigmoid": "log-sigmoid", "Prelu": "prelu",
    "PreluKernel": "prelu",
    "RreluWithNoise": "rrelu",
}
_NODE_WEIGHTS = {
    "Addmm": "linear", "Convolution": "conv", "CudnnConvolution": "conv", "MkldnnConvolution": "conv",
    "Embedding": "embedding", "Linear": "linear", "MkldnnLinear": "linear",
}
_NODE_PRODUCTS = {"Mm", "Bmm", "Mv", "Addmv", "Baddbmm", "Addbmm"}
_NODE_NORMALIZATIONS = {
    "NativeBatchNorm": "batch-norm", "CudnnBatchNorm": "batch-norm", "MiopenBatchNorm": "batch-norm",
    "BatchNorm": "batch-norm", "NativeLayerNorm": "layer-norm", "NativeGroupNorm": "group-norm",
}
_NODE_SUMS = {"Add", "Sub"}
# These hand the gradient on as it is, at most in another shape or among zeros.
_NODE_SHAPES = {
    "View", "UnsafeView", "Reshape", "ReshapeAlias", "Transpose", "T", "Permute", "Squeeze", "Unsqueeze", "Clone",
    "Select", "Slice", "Alias", "AsStrided", "ToCopy", "Split", "SplitWithSizes", "Unbind", "Narrow", "Neg", "Index",
    "ConstantPadNd", "Gather", "Broadcast", "Chunk", "UnsafeSplit", "Flatten", "Unflatten", "Swapaxes", "Movedim",
    "Contiguous", "IndexSelect", "Identity",
}
_SATURATED = {  # from the output y, where |φ'| is below 5 % of φ's largest slope
    "sigmoid": lambda y: y * (1 - y) < 0.05 * 0.25,
    "tanh": lambda y: 1 - y * y < 0.05,
    "softsign": lambda y: (1 - y.abs()) ** 2 < 0.05,
}
_ALIVE = {"relu": lambda y: y > 0, "relu6": lambda y: (y > 0) & (y < 6)}
_SIGNALS = ("weights", "activation", "normalization", "recurrence", "attention")


class _Layer:
    """What is known of a module before it is called."""

    def __init__(self, path, module):
        self.path, self.module = path, module
        self.type, self.kind, self.is_weighted = self._classify(module)
        own = type(module).__module__.startswith("torch.")
        self.is_unit = own and (not any(module.children()) or isinstance(module, nn.MultiheadAttention))
        self.is_recurrent = isinstance(module, nn.RNNBase)

    @staticmethod
    def _classify(module):
        kind = type(module).__name__
        for base in type(module).__mro__:
            name = base.__name__
            if name in _ACTIVATIONS:
                return _ACTIVATIONS[name], "activation", False
            plain = re.sub(r"^Lazy|[123]d$", "", name)
            if plain in _NORMALIZATIONS:
                return _NORMALIZATIONS[plain], "normalization", False
        if isinstance(module, (nn.RNNBase, nn.RNNCellBase)):
            return _kebab(re.sub(r"^(LSTM|GRU|RNN)Cell$", r"\1-cell", kind)), "recurrence", True
        if isinstance(module, nn.MultiheadAttention):
            return "attention", "attention", True
        if isinstance(module, (nn.Linear, nn.Bilinear)):
            return "linear", "weights", True
        if isinstance(module, (nn.Embedding, nn.EmbeddingBag)):
            return "embedding", "weights", True
        if isinstance(module, nn.modules.conv._ConvNd):
            return _kebab(kind.replace("Lazy", "")), "weights", True
        return _kebab(kind), "other", any(p.dim() > 1 for p in module.parameters(recurse=False))


class _Vertex:
    """A layer's call, or an autograd node outside any layer: where a gradient can be met on its way."""

    __slots__ = ("key", "order", "layer", "nodes", "entries", "inputs", "type", "kind", "is_weighted", "is_shape",
                 "name", "depth", "parameters", "units", "place")

    def __init__(self, key, order, nodes, entries):
        self.key, self.order, self.nodes, self.entries = key, order, nodes, entries
        self.layer = self.inputs = self.name = self.units = None
        self.depth, self.place, self.parameters = 0, -1, []

    def of_layer(self, layer):
        self.layer, self.type, self.kind, self.is_weighted = layer, layer.type, layer.kind, layer.is_weighted
        self.is_shape = layer.type in ("flatten", "unflatten", "identity")
        return self

    def of_node(self, node):
        base = _base(node)
        self.parameters = _parameters_of(node)
        self.is_weighted, self.is_shape = False, base in _NODE_SHAPES
        if base in _NODE_ACTIVATIONS:
            self.type, self.kind = _NODE_ACTIVATIONS[base], "activation"
        elif base in _NODE_WEIGHTS or base in _NODE_PRODUCTS and self.parameters:
            self.type, self.kind, self.is_weighted = _NODE_WEIGHTS.get(base, "linear"), "weights", True
        elif base in _NODE_NORMALIZATIONS:
            self.type, self.kind = _NODE_NORMALIZATIONS[base], "normalization"
        elif base.startswith("ScaledDotProduct"):
            self.type, self.kind = "attention", "attention"
        else:
            words = {"Mul": "scale", "Div": "scale", "Cat": "concat", "Add": "sum", "Sub": "sum", "Bmm": "product"}
            self.type, self.kind = words.get(base, _kebab(base)), "other"
        return self


def _base(node):
    """`Relu` of ReluBackward0."""
    return re.sub(r"Backward\d*$", "", type(node).__name__).lstrip("_")


def _is_leaf(node):
    return type(node).__name__ == "AccumulateGrad"


def _parameters_of(node, depth=3):
    """The parameters that a node reads, directly or transposed."""
    found = []
    for before, _ in node.next_functions:
        if before is None:
            continue
        if _is_leaf(before):
            found.append(before.variable)
        elif depth > 0 and _base(before) in _NODE_SHAPES:
            found.extend(_parameters_of(before, depth - 1))
    return found


def _tensors(value, depth=0):
    """The tensors in what a module takes or gives."""
    if torch.is_tensor(value):
        yield value
    elif depth < 5:
        if isinstance(value, dict):
            value = value.values()
        elif not isinstance(value, (list, tuple)):
            return
        for one in value:
            yield from _tensors(one, depth + 1)


def _nodes(value):
    """The autograd nodes that made them, each once."""
    found = {}
    for tensor in _tensors(value):
        if tensor.grad_fn is not None and tensor.is_floating_point():
            found[tensor.grad_fn] = None
    return list(found)


def _loss_name(loss):
    """The loss as an experiment file of GradFlow names it, from the last nodes of its graph."""
    node = loss.grad_fn if torch.is_tensor(loss) else None
    for _ in range(6):
        if node is None:
            return "unknown"
        base = _base(node)
        if base.startswith("NllLoss"):
            before = node.next_functions[0][0]
            return "cross-entropy" if before is not None and _base(before) == "LogSoftmax" else "nll"
        names = {"MseLoss": "mse", "BinaryCrossEntropyWithLogits": "binary-cross-entropy", "L1Loss": "l1",
                 "BinaryCrossEntropy": "binary-cross-entropy-probabilities", "SmoothL1Loss": "smooth-l1",
                 "HuberLoss": "huber", "KlDiv": "kl-divergence", "CtcLoss": "ctc", "CrossEntropyLoss": "cross-entropy"}
        if base in names:
            return names[base]
        node = node.next_functions[0][0] if node.next_functions else None
    return "unknown"


# ---------------------------------------------------------------------------------------------------------------------
# Tracing a forward pass, and the gradient back through it.


def _square(tensor):
    """Sum of squares; in float64 wherever float32 would lose some of it, be it that it is too small or too large."""
    tensor = tensor.detach()
    if tensor.is_sparse:
        tensor = tensor.coalesce().values()
    if tensor.is_complex():
        tensor = torch.view_as_real(tensor)
    return _dot(tensor.reshape(-1))


def _dot(flat, other=None):
    other = flat if other is None else other
    if flat.dtype == torch.float32 and flat.device.type == "cpu":  # elsewhere the question would make the device wait
        square = torch.dot(flat, other)
        if 1e-25 < abs(float(square)) < 1e30:
            return square.double()
    return torch.dot(flat.double(), other.double())


class _Gauge:
    """The square of a gradient's norm, summed over what several backward passes bring where it is held."""

    __slots__ = ("held", "square", "fired", "is_held")

    def __init__(self, is_held):
        self.held, self.square, self.fired, self.is_held = {}, None, 0, is_held

    def add(self, slot, tensor, is_first):
        if is_first:
            self.fired += 1
        if self.is_held:
            held = self.held.get(slot)
            self.held[slot] = tensor.detach() if held is None else held + tensor.detach()
        elif self.square is None:
            self.square = _square(tensor)
        else:
            self.square = self.square + _square(tensor)

    def result(self):
        """A scalar tensor; None where nothing came, or where a second backward pass came that was not awaited."""
        if self.is_held and self.held:
            return sum(_square(t) for t in self.held.values())
        return self.square if self.fired == 1 else None


class _Pass:
    """One forward pass through the model, while it is traced."""

    def __init__(self, number):
        self.number, self.order = number, 0
        self.stacks, self.counts = {}, {}
        self.owner, self.vertices = {}, {}
        self.calls = []  # (layer, has a gradient), in the order of the calls
        self.gauges, self.shares = {}, {}
        self.forward, self.outputs, self.is_fit = {}, [], True


class _Call:
    __slots__ = ("layer", "inputs", "number", "begun")

    def __init__(self, layer, inputs, number, begun):
        self.layer, self.inputs, self.number, self.begun = layer, inputs, number, begun


class _Hook:
    """A hook that survives copying and pickling of the model: its copy does nothing."""

    def __init__(self, watch, call):
        self.watch, self.call = watch, call

    def __call__(self, *arguments):
        if self.watch.frame and torch.is_grad_enabled():
            self.call(*arguments)

    def __reduce__(self):
        # As a pre-hook, {}.get(module, inputs) hands the inputs on, and a reader of the pickle needs no file of ours.
        return getattr, ({}, "get")


class _Tracer:
    """Turns watched steps into cut norms, part gains and forward statistics."""

    def __init__(self, watch):
        self.watch, self.model = watch, watch.model
        self._layers = {module: _Layer(path, module) for path, module in self.model.named_modules()}
        self._handles, self._passes, self._lock = [], [], threading.Lock()
        self._direct = None  # the pass of calls outside the model's own forward
        self._open = None
        self._map = self._signals = None
        self._sum_repeats, self._held = True, 0
        self._living = {}
        self.batch, self.input_rms, self.input_max = 0, None, None
        self._is_direct, self._bad_input = False, None
        self.owner_of = {id(p): path for path, module in self.model.named_modules()
                         for p in module.parameters(recurse=False)}
        self._root = None
        self.expect()
        self._arm()  # the first step is traced even where the model is never called as a whole

    # Hooks on modules.

    def _arm(self):
        if self._handles or "the gradient's flow" in self.watch.broken:
            return
        for module, layer in self._layers.items():
            if module is not self.model:  # whose call is entered already when this is asked for
                enter = _Hook(self.watch, functools.partial(self._enter, layer))
                self._handles.append(module.register_forward_pre_hook(enter))
            self._handles.append(module.register_forward_hook(_Hook(self.watch, functools.partial(self._leave, layer))))

    def _disarm(self):
        for handle in self._handles:
            handle.remove()
        self._handles.clear()

    @_safely("the gradient's flow")
    def _enter_model(self, module, inputs):
        if len(self._passes) >= _MOST_PASSES:
            return
        self._see_inputs(inputs)
        self._open = _Pass(len(self._passes))
        self._arm()
        self._enter(self._layers[self.model], module, inputs)

    @_safely("the gradient's flow")
    def _enter(self, layer, module, inputs):
        one = self._current()
        if one is None:
            return
        stack = one.stacks.setdefault(threading.get_ident(), [])
        with self._lock:
            counter = (threading.get_ident(), layer.path)
            number = one.counts[counter] = one.counts.get(counter, -1) + 1
            one.order += 1
        stack.append(_Call(layer, set(_nodes(inputs)), number, one.order))

    @_safely("the gradient's flow")
    def _leave(self, layer, module, inputs, output):
        one = self._current()
        stack = one.stacks.get(threading.get_ident()) if one is not None else None
        if not stack or stack[-1].layer is not layer:
            return
        call = stack.pop()
        nodes = _nodes(output)
        if layer.is_unit:
            self._see_unit(one, call, nodes, inputs, output)
        else:
            self._walk(one, call, nodes)
        if layer.path == "" and one is self._open:
            self._leave_model(one, output)

    def _current(self):
        if self._open is not None:
            return self._open
        if self.watch.frame and (self._is_direct or self.watch.count == 0):
            if self._direct is None:
                self._direct = _Pass(-1)
            return self._direct
        return None

    def _see_inputs(self, inputs):
        tensors = [t for t in _tensors(inputs) if t.dim() > 0]
        if not tensors:
            return
        if self.watch.count == 0:
            self.batch += int(tensors[0].shape[0])
        floats = [t.detach() for t in tensors if t.is_floating_point()]
        if floats:
            size, square = sum(t.numel() for t in floats), sum(_square(t) for t in floats)
            if self.watch.count == 0 and size and self.input_rms is None:
                self.input_rms = _number(math.sqrt(float(square) / size))
                self.input_max = _number(max(float(t.abs().max()) for t in floats if t.numel()))
            self._bad_input = square

    def _see_unit(self, one, call, nodes, inputs, output):
        """A layer of torch.nn was called: one vertex, its forward statistics, and its replay where it is recurrent."""
        layer = call.layer
        one.calls.append((layer, bool(nodes)))
        new = [node for node in nodes if node not in one.owner]
        key = (layer.path, call.number)
        if new:
            entries = call.inputs or self._entries_of(new, one)
            self._add(one, _Vertex(key, call.begun, new, entries).of_layer(layer))
            if one is self._direct:
                self._gauge(one, one.vertices[key][-1])
        if call.number == 0:
            self._see_forward(one, key, layer, output)
        if layer.is_recurrent and one.number <= 0 and call.number == 0:
            self.watch._time.capture(layer, inputs, output)

    @staticmethod
    def _entries_of(nodes, one):
        """What flows into a layer that was called with keywords only, which hooks do not show."""
        entries, seen, stack = set(), set(nodes), list(nodes)
        while stack:
            for before, _ in stack.pop().next_functions:
                if before is None or before in seen or _is_leaf(before):
                    continue
                seen.add(before)
                if before in one.owner:
                    entries.add(before)
                else:
                    stack.append(before)
        return entries

    def _add(self, one, vertex):
        with self._lock:
            one.vertices.setdefault(vertex.key, []).append(vertex)
            for node in vertex.nodes:
                one.owner[node] = vertex

    def _walk(self, one, call, nodes):
        """Finds what a module computes without layers: the nodes between its layers, each a vertex."""
        seen, stack, number = set(), list(reversed(nodes)), 0
        while stack:
            node = stack.pop()
            if node in seen or node in call.inputs or _is_leaf(node):
                continue
            seen.add(node)
            vertex = one.owner.get(node)
            if vertex is not None:
                if vertex.order >= call.begun:
                    stack.extend(sorted(vertex.entries - seen, key=self._place(one)))
                continue
            before = [n for n, _ in node.next_functions if n is not None and not _is_leaf(n)]
            key = (call.layer.path, call.number, number, _base(node))
            vertex = _Vertex(key, call.begun, [node], set(before)).of_node(node)
            self._add(one, vertex)
            self._see_node(one, vertex, node)
            number += 1
            stack.extend(reversed(before))

    @staticmethod
    def _place(one):
        return lambda node: one.owner[node].order if node in one.owner else -1

    def _leave_model(self, one, output):
        """The forward pass is over: from here on the gradient is waited for at the cuts."""
        one.outputs = _nodes(output)
        self._open = None
        self._disarm()
        if self.watch.count == 0 and self._map is None and len(one.outputs) == 1:
            self._map = _Map.of(self, one, [one.owner[n] for n in one.outputs if n in one.owner])
        if self._map is not None:
            self._await(one)
        elif self.watch.count == 0:
            for vertices in list(one.vertices.values()):
                for vertex in vertices:
                    self._gauge(one, vertex)
        self._passes.append(one)
        if self._map is not None:
            one.owner, one.vertices, one.stacks = {}, {}, {}  # nothing of ours keeps the graph alive

    # Hooks on autograd nodes.

    def _await(self, one):
        for key in self._map.wanted:
            if key not in one.vertices:
                one.is_fit = False
        for key in self._map.wanted if one.is_fit else ():
            for vertex in one.vertices[key]:
                self._gauge(one, vertex)
        for share, (origin, consumers) in enumerate(self._map.shares if one.is_fit else ()):
            self._await_share(one, share, origin, consumers)

    def _hold(self):
        return self._sum_repeats and self._held < _HELD_AT_START

    def _gauge(self, one, vertex):
        for node in vertex.nodes:
            gauge = _Gauge(self._hold())
            one.gauges.setdefault(vertex.key, []).append(gauge)
            node.register_hook(functools.partial(self._arrive, gauge))

    @_safely("the gradient's flow")
    def _arrive(self, gauge, _, gradients):
        is_first = True
        for slot, gradient in enumerate(gradients):
            if gradient is not None:
                gauge.add(slot, gradient, is_first)
                is_first = False
                if gauge.is_held:
                    self._held += gradient.numel()

    def _await_share(self, one, share, origin, consumers):
        """The part of a vertex's gradient that comes back through some of its consumers."""
        for source in one.vertices[origin]:
            gauge = _Gauge(self._hold())
            sources, found = set(source.nodes), 0
            for key in consumers:
                for consumer in one.vertices.get(key, ()):
                    for node in self._inside(consumer, sources):
                        slots = [k for k, (n, _) in enumerate(node.next_functions) if n in sources]
                        node.register_hook(functools.partial(self._arrive_share, gauge, slots))
                        found += len(slots)
            gauge.is_held |= found > 1
            if found:
                one.shares.setdefault(share, []).append(gauge)

    @staticmethod
    def _inside(consumer, sources):
        """The nodes of a vertex that read a source directly."""
        found, seen, stack = [], set(consumer.nodes), list(consumer.nodes)
        while stack:
            node = stack.pop()
            if any(n in sources for n, _ in node.next_functions):
                found.append(node)
            if consumer.layer is None:
                continue
            for before, _ in node.next_functions:
                if before is None or before in seen or before in consumer.entries:
                    continue
                if not _is_leaf(before):
                    seen.add(before)
                    stack.append(before)
        return found

    @_safely("the gradient's flow")
    def _arrive_share(self, gauge, slots, gradients, _):
        for slot in slots:
            if slot < len(gradients) and gradients[slot] is not None:
                gauge.add(0, gradients[slot], True)

    # Forward statistics.

    @_safely("forward statistics")
    def _see_forward(self, one, key, layer, output):
        if layer.kind not in _SIGNALS:
            return
        value = next((t for t in _tensors(output) if t.is_floating_point()), None)
        if value is not None and value.numel():
            is_conv = value.dim() > 3 or layer.type.startswith("conv")
            self._measure(one, key, layer.type, value.detach(), 1 if is_conv and value.dim() > 2 else -1)

    @_safely("forward statistics")
    def _see_node(self, one, vertex, node):
        if vertex.kind != "activation":
            return
        for saved in ("_saved_result", "_saved_output"):
            try:
                value = getattr(node, saved)
            except (AttributeError, RuntimeError):
                continue
            if torch.is_tensor(value) and value.numel():
                self._measure(one, vertex.key, vertex.type, value.detach(), 1 if value.dim() > 3 else -1)
            return

    def _measure(self, one, key, kind, value, axis):
        units = value.shape[axis] if value.dim() else 1
        total, square = value.sum(dtype=torch.float64), _square(value)
        bad = None
        if value.device.type != "cpu" or not math.isfinite(float(square)):
            bad = value.numel() - torch.isfinite(value).sum()
        saturated = None
        if kind in _SATURATED:
            saturated = _SATURATED[kind](value).sum()
        if kind in _ALIVE and value.dim():
            alive = _ALIVE[kind](value)
            others = [d for d in range(value.dim()) if d != axis % value.dim()]
            mask = alive.sum(dim=others) > 0 if others else alive
            living = self._living.setdefault(key, _Living(units))
            living.see(mask, value.shape[0] if value.dim() > 1 else 1)
        one.forward.setdefault(key, []).append((value.numel(), total, square, bad, saturated, units))

    # A step's end.

    def begin_step(self, is_frame):
        self._passes.clear()
        self._direct = self._open = None
        self._held = 0
        if not is_frame:
            self.end()
        elif self._is_direct:
            self._arm()

    def expect(self):
        """The next step is watched, or this one: the model's forward pass is waited for."""
        if self._root is None:
            self._root = self.model.register_forward_pre_hook(_Hook(self.watch, self._enter_model))

    def end(self):
        self._disarm()
        if self._root is not None:
            self._root.remove()
            self._root = None

    @_safely("the gradient's flow")
    def structure(self, loss):
        """The tables, at the end of step 0."""
        one = self._passes[0] if self._passes else self._direct
        if one is None or not one.calls and not one.vertices:
            return None
        if not self._passes:
            self._is_direct = True
            self._passes.append(one)
        if self._map is None:
            self._map = _Map.of(self, one, self._sinks(one, loss), fired=one.gauges)
        if self._map is None:
            return None
        self._signals = self._map.signals(one)
        for one in self._passes:
            one.owner, one.vertices, one.stacks = {}, {}, {}
        return {"cuts": self._map.cut_rows, "links": self._map.link_rows, "parts": self._map.part_rows,
                "signals": [row for _, row in self._signals]}

    def _sinks(self, one, loss):
        """The vertices that the loss is made of: by its graph, else by where a gradient came."""
        if torch.is_tensor(loss) and loss.grad_fn is not None:
            found, seen, stack = {}, set(), [loss.grad_fn]
            while stack:
                node = stack.pop()
                if node in seen or _is_leaf(node):
                    continue
                seen.add(node)
                if node in one.owner:
                    found[one.owner[node]] = None
                    continue
                stack.extend(n for n, _ in node.next_functions if n is not None)
            if found:
                return list(found)
        fired = [key for key, gauges in one.gauges.items() if any(g.fired for g in gauges)]
        nodes = {n for n in one.outputs}
        return [v for key in fired for v in one.vertices.get(key, ()) if nodes.intersection(v.nodes) or not nodes]

    def layers(self):
        """The depth of each module's path, and of each parameter that a node reads itself."""
        return self._map.depths if self._map is not None else {}

    def is_product(self, path, parameter):
        """True where a parameter is multiplied with what passes, so that it has inputs and outputs."""
        layer = self._layers[self.model.get_submodule(path)]
        if layer.type == "embedding":
            return False
        return layer.is_unit and layer.is_weighted or self._map is not None and id(parameter) in self._map.products

    def name_of(self, path):
        return self._map.names.get(path, path) if self._map is not None else path

    @_safely("the gradient's flow")
    def finish(self, scale):
        if self._map is None:
            return None
        passes = [p for p in self._passes + ([self._direct] if self._is_direct and self._direct else [])
                  if any(g.fired for gauges in p.gauges.values() for g in gauges)]
        passes = list(dict.fromkeys(passes))
        self._norms = self._collect(passes, scale)
        if self.watch.count == 0:
            every = [g for p in passes for gauges in p.gauges.values() for g in gauges]
            self._sum_repeats = any(g.fired > 1 for g in every)
        elif any(g.fired > 1 for p in passes for gauges in p.gauges.values() for g in gauges):
            self._sum_repeats = True
        result = {}
        if self._norms is not None and self._map.cut_keys:
            result["cutNorms"], result["partGains"] = self._map.measure(*self._norms)
        forward = self._forward_row(passes)
        if forward is not None:
            result["forward"] = forward
        self._seen = passes
        return result

    def _collect(self, passes, scale):
        """log10 of each wanted norm: over passes, squares add."""
        if not passes or not all(p.is_fit for p in passes):
            return None
        tensors, places = [], []
        for kind, source in (("gauges", 0), ("shares", 1)):
            for p in passes:
                for key, gauges in getattr(p, kind).items():
                    for gauge in gauges:
                        square = gauge.result()
                        if square is not None:
                            tensors.append(square.reshape(()).double().to("cpu", non_blocking=True))
                            places.append((source, key))
                        elif gauge.fired > 1:
                            tensors.append(torch.tensor(math.nan, dtype=torch.float64))
                            places.append((source, key))
        found = ({}, {})
        if tensors:
            if any(t.device.type != "cpu" for t in tensors):
                tensors = [t.cpu() for t in tensors]
            for (source, key), square in zip(places, torch.stack(tensors).tolist()):
                found[source][key] = found[source].get(key, 0.0) + square
        shift = math.log10(scale) if scale > 0 else 0.0
        return tuple({key: (None if math.isnan(s) and self._unknown(passes, key) else _log10(s) - shift)
                      for key, s in one.items()} for one in found)

    @staticmethod
    def _unknown(passes, key):
        return any(g.fired > 1 and not g.is_held for p in passes for g in p.gauges.get(key, ()))

    def _forward_row(self, passes):
        if "forward statistics" in self.watch.broken or not self._signals:
            return None
        columns = {name: [] for name in ("mean", "std", "rms", "saturatedShare", "deadShare", "nonFinite")}
        for key, _ in self._signals:
            parts = [part for p in passes for part in p.forward.get(key, ())]
            row = self._forward_of(key, parts)
            for name, value in zip(columns, row):
                columns[name].append(_number(value))
        return columns

    def _forward_of(self, key, parts):
        if not parts:
            return (None,) * 6
        size = sum(part[0] for part in parts)
        mean = float(sum(part[1] for part in parts)) / size
        square = float(sum(part[2] for part in parts)) / size
        bad = sum(float(part[3]) for part in parts if part[3] is not None)
        saturated = None if parts[0][4] is None else sum(float(part[4]) for part in parts) / size
        living = self._living.get(key)
        variance = square - mean * mean
        std = math.sqrt(max(0.0, variance)) if math.isfinite(variance) else variance
        rms = math.sqrt(square) if square >= 0 else square
        return mean, std, rms, saturated, living.share() if living else None, bad

    def end_epoch(self):
        for living in self._living.values():
            living.close()

    def origin(self, step, loss):
        """Where the first number that is not finite came from, as far as this step's records tell."""
        if self._map is None or not getattr(self, "_seen", None):
            return None
        if self._bad_input is not None and not math.isfinite(float(self._bad_input)):
            return self._origin(step, "data", "input", "data", float(self._bad_input))
        one = self._seen[0]
        for key in [key for key, _ in self._signals if key in one.forward]:
            square = sum(float(part[2]) for part in one.forward[key])
            if not math.isfinite(square):  # infinite where an entry is, and NaN only where one is NaN
                return self._forward_origin(step, key, square)
        if not math.isfinite(loss):
            return self._origin(step, "forward", "loss", self.watch.given["loss"] or "loss", loss)
        return self._backward_origin(step)

    def _forward_origin(self, step, key, square):
        name = self._map.name_by_key.get(key, key[0] or "model")
        parameter = self.watch._probe.first_bad(key[0])
        if parameter is not None:
            return self._origin(max(0, step - 1), "update", name, "optimizer", parameter)
        kind = self._map.kind_by_key.get(key)
        operations = {"linear": "matrix product", "conv2d": "convolution", "conv1d": "convolution"}
        return self._origin(step, "forward", name, operations.get(kind, kind or "forward"), square)

    def _backward_origin(self, step):
        norms = self._norms[0] if self._norms else {}
        cuts = self._map.cut_keys
        for at in range(len(cuts) - 1, -1, -1):
            norm = norms.get(cuts[at])
            if norm is not None and (math.isnan(norm) or norm == math.inf):
                last = at == len(cuts) - 1
                layer = "loss" if last else self._map.link_rows[at]["name"]
                operation = "loss" if last else self._map.link_rows[at]["type"]
                return self._origin(step, "backward", layer, operation, norm)
        return None

    @staticmethod
    def _origin(step, phase, layer, operation, value):
        return {"step": step, "phase": phase, "layer": layer, "operation": operation,
                "kind": "nan" if math.isnan(value) else "inf"}


class _Living:
    """Which units had a slope for any watched sample of the epoch."""

    def __init__(self, units):
        self.units, self.alive, self.dead, self.samples = units, None, None, 0

    def see(self, mask, samples):
        self.alive = mask if self.alive is None else self.alive | mask
        self.samples += samples

    def close(self):
        if self.alive is not None and self.samples >= _DEAD_SAMPLES:
            self.dead, self.alive, self.samples = ~self.alive, None, 0

    def share(self):
        if self.dead is None:
            return None
        if self.alive is not None:
            self.dead = self.dead & ~self.alive
        return float(self.dead.sum()) / max(1, self.units)


class _Map:
    """The net as cuts, links and parts, read off one traced pass; it keeps keys, and nothing of the graph."""

    def __init__(self):
        self.cut_keys, self.cut_rows, self.link_rows, self.part_rows = [], [], [], []
        self.wanted, self.shares, self._gains = [], [], []
        self.names, self.depths, self.name_by_key, self.kind_by_key = {}, {}, {}, {}
        self.products = set()
        self._counts, self._taken, self._places = {}, set(), {}

    @staticmethod
    def of(tracer, one, sinks, fired=None):
        """The map of what lies before the sinks; None where nothing that is trained does."""
        if not sinks:
            return None
        self = _Map()
        self._one = one
        self._resolve()
        self._order = self._sorted(sinks)
        self._name(tracer)
        self._count()
        self._cut(sinks, fired)
        self._describe_all()
        self.wanted = list(dict.fromkeys(self.wanted))
        for dead in ("_one", "_order", "_far", "_on", "_cuts", "_passing", "_counts", "_taken"):
            self.__dict__.pop(dead, None)
        return self

    def _resolve(self):
        """Which vertices each vertex reads; those of an autograd node in the order of its inputs."""
        owner = self._one.owner
        for vertices in self._one.vertices.values():
            for vertex in vertices:
                nodes = vertex.entries
                if vertex.layer is None:
                    nodes = [n for n, _ in vertex.nodes[0].next_functions if n is not None]
                vertex.inputs = list(dict.fromkeys(v for node in nodes for v in self._owners(owner, node)))

    @staticmethod
    def _owners(owner, node):
        found, seen, stack = [], set(), [node]
        while stack:
            node = stack.pop()
            if node is None or node in seen or _is_leaf(node):
                continue
            seen.add(node)
            if node in owner:
                found.append(owner[node])
            else:
                stack.extend(n for n, _ in node.next_functions)
        return found

    @staticmethod
    def _sorted(sinks):
        """All that goes into the sinks, what is read before what reads it."""
        order, state = [], {}
        for sink in sinks:
            stack = [(sink, iter(sorted(sink.inputs, key=lambda v: v.order)))] if sink not in state else []
            state.setdefault(sink, 1)
            while stack:
                vertex, rest = stack[-1]
                for before in rest:
                    if before not in state:
                        state[before] = 1
                        stack.append((before, iter(sorted(before.inputs, key=lambda v: v.order))))
                        break
                else:
                    order.append(vertex)
                    stack.pop()
        for place, vertex in enumerate(order):
            vertex.place = place
        return order

    def _name(self, tracer):
        """Layers by their path in the model, or by type and count where that is a number alone."""
        for layer, _ in self._one.calls:
            if layer.path not in self.names:
                is_telling = re.search("[A-Za-z]", layer.path) is not None
                self.names[layer.path] = layer.path if is_telling else self._next(layer.type)
        for vertex in self._order:
            if vertex.layer is not None:
                vertex.name = self.names[vertex.layer.path]
            elif vertex.is_weighted and vertex.parameters:
                path = tracer.owner_of.get(id(vertex.parameters[0]), "")
                is_telling = re.search("[A-Za-z]", path) is not None
                vertex.name = self.names.setdefault(path, path if is_telling else self._next(vertex.type))
            elif vertex.kind in ("activation", "normalization", "attention"):
                vertex.name = self._next(vertex.type)
            self.name_by_key[vertex.key] = vertex.name
            self.kind_by_key[vertex.key] = vertex.type
        for layer, _ in self._one.calls:
            self.name_by_key.setdefault((layer.path, 0), self.names[layer.path])
            self.kind_by_key.setdefault((layer.path, 0), layer.type)

    def _next(self, kind):
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return "%s-%d" % (kind, self._counts[kind])

    def _named(self, vertex):
        if vertex.name is None:
            vertex.name = self.name_by_key[vertex.key] = self._next(vertex.type)
        return vertex.name

    def _count(self):
        """How many parametrised layers lie at or before each vertex; frozen ones at the start have none."""
        count = 0
        for layer, has_gradient in self._one.calls:
            if layer.is_weighted and not has_gradient:
                count += 1
                self.depths.setdefault(layer.path, count)
        for vertex in self._order:
            count += vertex.is_weighted
            vertex.depth = count
            self._places[vertex.key] = (vertex.place, count)
            if vertex.layer is not None:
                self.depths.setdefault(vertex.layer.path, max(1, count))
            if vertex.is_weighted:
                self.products.update(map(id, vertex.parameters))
            for parameter in vertex.parameters:
                self.depths.setdefault(id(parameter), max(1, count))
        self.depths.setdefault("", max(1, count))

    def _cut(self, sinks, fired):
        source = next((v for v in self._order if v.is_weighted), None)
        self._cuts, self._on = [], set()
        if source is None:
            return
        for vertex in self._order[source.place:]:
            if vertex is source or any(v in self._on for v in vertex.inputs):
                self._on.add(vertex)
        end = len(self._order) if len(sinks) > 1 else -1
        passing = self._dominators(source, [v for v in self._order if v in self._on], {s: end for s in sinks})
        self._passing = passing
        self._cuts = [v for v in passing if not self._is_neutral(v) and (fired is None or self._has_fired(v, fired))]

    @staticmethod
    def _has_fired(vertex, fired):
        return any(gauge.fired for gauge in fired.get(vertex.key, ()))

    @staticmethod
    def _dominators(source, members, far):
        """The members that every path from the source to the last one crosses."""
        far, inside = dict(far), set(members)
        for vertex in members:
            for before in vertex.inputs:
                if before in inside:
                    far[before] = max(far.get(before, -1), vertex.place)
        reach, found = source.place, []
        for vertex in members:
            if reach <= vertex.place:
                found.append(vertex)
            reach = max(reach, far.get(vertex, -1))
        return found

    def _is_neutral(self, vertex):
        """True where the gradient passes as it is: shapes, and sums with what no gradient is followed into."""
        is_sum = vertex.layer is None and vertex.type == "sum"
        return (vertex.is_shape or is_sum) and sum(v in self._on for v in vertex.inputs) < 2

    def _describe_all(self):
        for at, vertex in enumerate(self._cuts):
            if at == 0:
                name, kind, is_weighted = self._named(vertex), None, True
                row = (name, vertex.type)
            else:
                # What is neutral on the way hands the gradient on, so a block begins behind it.
                entry = self._passing[self._passing.index(vertex) - 1]
                content = [v for v in self._order[entry.place + 1:vertex.place] if v in self._on]
                arms = self._arms(entry, vertex, set(content))
                name, type_, kind, is_weighted = self._describe(content, vertex, arms)
                row = (name, type_)
                self.link_rows.append({"name": name, "type": type_, "kind": kind, "layer": vertex.depth})
                self._add_parts(at - 1, entry, vertex, arms, (name, type_, kind))
            self.cut_keys.append(vertex.key)
            self.wanted.append(vertex.key)
            self.cut_rows.append({
                "name": row[0], "type": row[1], "layer": max(1, vertex.depth), "isLayerOutput": bool(is_weighted)})

    def _describe(self, content, vertex, arms=None):
        """Name, type, kind and whether it holds weights, of a stretch that ends in a vertex."""
        inner = [v for v in content if not self._is_neutral(v)]
        is_weighted = vertex.is_weighted or any(v.is_weighted for v in inner)
        if arms is not None:
            return self._next("residual"), "residual", "skip", is_weighted
        if not inner:
            return self._named(vertex), vertex.type, vertex.kind, vertex.is_weighted
        if any(v.type == "softmax" or v.kind == "attention" for v in inner):
            return self._next("attention"), "attention", "attention", is_weighted
        return self._next("block"), "block", "weights" if is_weighted else "other", is_weighted

    def _arms(self, entry, vertex, content):
        """Of a sum that closes a residual block: skip and branch, as (last vertex, members); else None."""
        if vertex.layer is not None or vertex.type != "sum" or not content:
            return None
        ends = [v for v in vertex.inputs if v is entry or v in content]
        if len(ends) != 2:
            return None
        arms = [(end, self._before(end, entry, content)) for end in ends]
        if arms[0][1] & arms[1][1]:
            return None
        arms.sort(key=lambda arm: (sum(v.is_weighted for v in arm[1]), sum(not v.is_shape for v in arm[1])))
        return arms if arms[1][1] else None

    @staticmethod
    def _before(end, entry, content):
        found, stack = set(), [end]
        while stack:
            vertex = stack.pop()
            if vertex is entry or vertex in found or vertex not in content:
                continue
            found.add(vertex)
            stack.extend(vertex.inputs)
        return found

    def _add_parts(self, link, entry, vertex, arms, row):
        if arms is None:
            self._add_part(link, row, ("link", link))
            return
        end, members = arms[1]
        first = len(self.part_rows)
        inside = [entry] + sorted(members, key=lambda v: v.place)
        passing = [v for v in self._dominators(entry, inside, {}) if v is not entry and not self._is_neutral(v)]
        source, begin = ("share", len(self.shares)), entry
        self.shares.append((entry.key, [v.key for v in inside[1:] if entry in v.inputs]))
        for at in passing:
            content = [v for v in inside if begin.place < v.place < at.place]
            name, type_, kind, _ = self._describe(content, at)
            self.wanted.append(at.key)
            self._add_part(link, (name, type_, kind), ("between", source, ("whole", at.key)))
            source, begin = ("whole", at.key), at
        self._add_part(link, row, ("close", link, first, len(self.part_rows)))

    def _add_part(self, link, row, gain):
        self.part_rows.append({"link": link, "name": row[0], "type": row[1], "kind": row[2]})
        self._gains.append(gain)

    def signals(self, one):
        """The layers that forward statistics were taken of, in the order of the net, each by its first call."""
        rows = []
        for key in sorted(one.forward, key=lambda k: self._places.get(k, (-1, 0))):
            place, depth = self._places.get(key, (-1, self.depths.get(key[0], 0)))
            kind = self.kind_by_key.get(key)
            name = self.name_by_key.get(key)
            if name is None or kind is None:
                continue
            rows.append((key, {"name": name, "type": kind, "kind": self._kinds(one, key, kind), "layer": depth,
                               "units": int(one.forward[key][0][5])}))
        return rows

    @staticmethod
    def _kinds(one, key, kind):
        if len(key) > 2:
            return "activation"
        return next(layer.kind for layer, _ in one.calls if layer.path == key[0])

    def measure(self, norms, shares):
        """Cut norms and part gains of a step."""
        cuts = [norms.get(key) for key in self.cut_keys]
        gains = []
        for gain in self._gains:
            if gain[0] == "link":
                gains.append(_minus(cuts[gain[1]], cuts[gain[1] + 1]))
            elif gain[0] == "between":
                ends = [shares.get(at) if kind == "share" else norms.get(at) for kind, at in gain[1:]]
                gains.append(_minus(*ends))
            else:
                gains.append(self._close(_minus(cuts[gain[1]], cuts[gain[1] + 1]), gains[gain[2]:gain[3]]))
        return _numbers(cuts), _numbers(gains)

    @staticmethod
    def _close(link, parts):
        if link is None or any(part is None for part in parts):
            return None
        total = sum(parts)
        return link - total if math.isfinite(total) else link


def _minus(first, last):
    if first is None or last is None:
        return None
    return math.nan if first == last and math.isinf(first) else first - last


# ---------------------------------------------------------------------------------------------------------------------
# Parameters.


class _ParameterProbe:
    """Statistics of every parameter, its gradient and its update."""

    def __init__(self, watch):
        self.watch, self.scale, self.is_broken = watch, 1.0, False
        self._named, seen = [], set()
        for path, module in watch.model.named_modules():
            for name, parameter in module.named_parameters(recurse=False):
                if id(parameter) not in seen:
                    seen.add(id(parameter))
                    self._named.append((path, name, module, parameter))
        self._all = [p for _, _, _, p in self._named]
        self._is_small = sum(p.numel() for p in self._all) <= _LARGEST_COPY
        with torch.no_grad():
            self._std = [float(p.detach().double().std(unbiased=False)) if p.numel() else 0.0 for p in self._all]
            self._initial = [p.detach().clone() for p in self._all] if self._is_small else None
            self._norm0 = [math.sqrt(float(_square(p))) for p in self._all]
        self._kept, self._kept_step, self._bad_weights = None, -2, set()
        self._reset()

    def see_scaler(self, frame):
        for _ in range(4):
            if frame is None:
                return
            if frame.f_code.co_name == "_maybe_opt_step":
                scaler = frame.f_locals.get("self")
                if hasattr(scaler, "get_scale"):
                    self.scale = float(scaler.get_scale())
                return
            frame = frame.f_back

    def is_whole(self, parameters):
        """True where these are all parameters that have a gradient."""
        given = {id(p) for p in parameters}
        return all(id(p) in given for p in self._all if p.grad is not None)

    def rows(self, depths):
        rows = []
        for (path, name, module, p), std in zip(self._named, self._std):
            layer = self.watch._tracer.name_of(path) or "model"
            weights = p.dim() >= 2 and self.watch._tracer.is_product(path, p)
            rows.append({
                "name": "%s.%s" % (layer, name), "layerName": layer,
                "layer": int(self._depth(depths, path, p)),
                "role": self._role(module, name, p), "shape": list(p.shape),
                "fanIn": p.numel() // max(1, p.shape[0]) if weights else 0, "fanOut": int(p.shape[0]) if weights else 0,
                "initialStd": _number(std), "isFrozen": not p.requires_grad})
        return rows

    @staticmethod
    def _depth(depths, path, parameter):
        """The depth of what reads the parameter, of its layer, or of the layer that this is inside of."""
        if id(parameter) in depths:
            return depths[id(parameter)]
        while path not in depths and path:
            path = path.rpartition(".")[0]
        return depths.get(path, 1)

    @staticmethod
    def _role(module, name, parameter):
        if isinstance(module, (nn.RNNBase, nn.RNNCellBase)) and "_hh" in name:
            return "recurrent-bias" if "bias" in name else "recurrent-weight"
        is_bias = "bias" in name or (parameter.dim() < 2 and "weight" not in name and "gamma" not in name)
        if _Layer._classify(module)[1] == "normalization":
            return "shift" if is_bias else "gain"
        return "bias" if is_bias else "weight"

    def has_gradients(self):
        """Whether any parameter has or had a gradient in this step, other than zeros that an earlier one has left."""
        if self._reached is not None and any(self._reached):
            return True
        return any(p.grad is not None and (p.grad.is_sparse or bool((p.grad != 0).any())) for p in self._all)

    def before(self, step, is_frame, is_next_frame):
        if is_frame:
            self._measure(step)
        if is_next_frame and self._is_small:
            self._kept = [p.grad.detach().clone() if _is_plain(p.grad) else None for p in self._all]
            self._kept_step = step

    def _measure(self, step):
        self._before = [p.detach().clone() for p in self._all] if self._is_small else None
        rows = []
        for at, p in enumerate(self._all):
            far = _square(p.detach() - self._initial[at]) if self._is_small else _square(p) * math.nan
            rows.append(torch.stack([_square(p), far] + [x.double() for x in self._of_gradient(p)]))
        self._rows = _fetch(rows)
        self._reached = [p.grad is not None and p.grad.numel() > 0 for p in self._all]
        self._counts = [
            self._exponents(p.grad, p.numel() - int(row[5]), math.isfinite(row[2])) if is_reached else None
            for p, row, is_reached in zip(self._all, self._rows, self._reached)]
        self._cosine = self._compare() if self._kept_step == step - 1 else None
        self.is_broken = any(
            is_reached and not math.isfinite(row[2]) for is_reached, row in zip(self._reached, self._rows))
        self._gradient_squares = [row[2] if is_reached else 0.0 for row, is_reached in zip(self._rows, self._reached)]
        self._bad_weights = {path for (path, _, _, _), row in zip(self._named, self._rows) if not math.isfinite(row[0])}

    @staticmethod
    def _of_gradient(parameter):
        """Sum of squares, sum and largest of magnitudes, and how many are not 0."""
        g = parameter.grad
        if g is None or g.numel() == 0:
            return [torch.zeros((), device=parameter.device, dtype=torch.float64)] * 4
        g = g.detach().coalesce().values() if g.is_sparse else g.detach()
        size = g.abs()
        return [_square(g), size.sum(dtype=torch.float64), size.max(), torch.count_nonzero(size)]

    @staticmethod
    def _exponents(gradient, zeros, is_finite):
        """First exponent and counts; None where no entry is finite and other than 0."""
        if not _is_plain(gradient) or gradient.is_complex() or zeros == gradient.numel():
            return None
        g = gradient.detach().reshape(-1)
        g = g if g.dtype == torch.float64 else g.float()
        if not is_finite:
            g = g[torch.isfinite(g)]
            zeros = int((g == 0).sum())
        counts = torch.bincount(torch.frexp(g)[1] + _LOWEST).tolist()
        counts += [0] * (_LOWEST + 1 - len(counts))
        counts[_LOWEST] -= zeros  # whose exponent is said to be 0
        filled = [at for at, count in enumerate(counts) if count]
        # PyTorch has mantissas from a half, the format from 1.
        return {"first": filled[0] - _LOWEST - 1, "counts": counts[filled[0]:filled[-1] + 1]} if filled else None

    def _compare(self):
        """Cosine with the gradient of the step before, over the parameters that both reached."""
        products = []
        for p, kept in zip(self._all, self._kept):
            if kept is not None and _is_plain(p.grad):
                old, new = kept.reshape(-1), p.grad.detach().reshape(-1)
                products.append(torch.stack([_dot(old, new), _dot(old), _dot(new)]).cpu())
        if not products:
            return None
        dot, old, new = torch.stack(products).sum(0).tolist()
        return dot / math.sqrt(old) / math.sqrt(new) if old > 0 and new > 0 else math.nan

    def after(self):
        if self._before is not None:
            self._updates = _fetch([_square(p.detach() - b) for p, b in zip(self._all, self._before)])

    @_safely("parameters")
    def finish(self):
        if self._rows is None:
            return None
        columns = {name: [] for name in (
            "weightNorm", "gradientNorm", "gradientMeanAbs", "gradientMaxAbs", "zeroShare", "nonFinite", "updateRatio",
            "distance")}
        for at in range(len(self._all)):
            for column, value in zip(columns.values(), self._statistics(at)):
                column.append(_number(value))
        record = {"parameters": dict(columns, exponents=self._counts)}
        if self._cosine is not None:
            record["gradientCosine"] = _number(self._cosine)
        reached = [row[2] for row, is_reached in zip(self._rows, self._reached) if is_reached]
        if reached:
            record["norm"] = math.sqrt(sum(reached))
        self._reset()
        return record

    def _statistics(self, at):
        weight, far, square, total, largest, others = self._rows[at]
        size, norm = max(1, self._all[at].numel()), math.sqrt(weight)
        update = _ratio(math.sqrt(self._updates[at]), norm) if self._updates is not None else None
        distance = _ratio(math.sqrt(far), self._norm0[at]) if self._is_small else None
        if not self._reached[at]:
            return norm, None, None, None, None, None, update, distance
        bad = 0 if math.isfinite(square) else int((~torch.isfinite(self._all[at].grad)).sum())
        return norm, _log10(square), _log(total / size), _log(largest), 1 - others / size, bad, update, distance

    def _reset(self):
        self._rows = self._before = self._cosine = self._updates = self._counts = self._reached = None

    def first_bad(self, path):
        """Whether a layer's weights were not finite before the update."""
        return math.nan if path in self._bad_weights else None

    def origin(self, step):
        """A gradient that is not finite although no cut's is."""
        for (path, _, _, _), size in zip(self._named, self._gradient_squares):
            if not math.isfinite(size):
                name = self.watch._tracer.name_of(path) or "model"
                return {"step": step, "phase": "backward", "layer": name, "operation": "gradient",
                        "kind": "nan" if math.isnan(size) else "inf"}
        return None


def _is_plain(gradient):
    return gradient is not None and not gradient.is_sparse


def _log(x):
    return math.nan if math.isnan(x) else math.inf if x == math.inf else math.log10(x) if x > 0 else -math.inf


def _ratio(part, whole):
    return part / whole if whole != 0 else math.nan


def _fetch(tensors):
    """Numbers of equally shaped tensors, in one transfer from each device."""
    if len({t.device for t in tensors}) > 1:
        tensors = [t.cpu() for t in tensors]
    return torch.stack(tensors).tolist() if tensors else []


# ---------------------------------------------------------------------------------------------------------------------
# Through time.


class _TimeProbe:
    """The gradient of one late step's loss alone, on its way back through a recurrent layer's states.

    The gradient that arrives at a late output h_τ is kept, and run back by hand through a replay of the layer on the
    inputs that it was given, in float64 and apart from the training's graph. The state is all that is handed on: h, and
    of an LSTM c beside it, whose gradient is that of the c that the next step reads.
    """

    def __init__(self, watch):
        self.watch, self._captured, self._table = watch, {}, []

    @_safely("the gradient's way through time")
    def capture(self, layer, inputs, output):
        module = layer.module
        x = inputs[0] if inputs else None
        if not torch.is_tensor(x) or x.dim() != 3 or module.bidirectional or getattr(module, "proj_size", 0):
            return
        out, state = output
        if not out.requires_grad or out.shape[0 if not module.batch_first else 1] < 2:
            return
        first = inputs[1] if len(inputs) > 1 else None
        first = [t.detach() for t in _tensors(first)] if first is not None else None
        weights = {name: p.detach().clone() for name, p in module.named_parameters()}  # as they are before the update
        one = {"layer": layer, "x": x.detach(), "first": first, "late": None, "ends": {}, "weights": weights}
        self._captured[layer.path] = one
        out.grad_fn.register_hook(functools.partial(self._arrive, one, "late", out.output_nr))
        for at, end in enumerate(_tensors(state)):
            if end.grad_fn is not None and end.grad_fn is not out.grad_fn:
                end.grad_fn.register_hook(functools.partial(self._arrive, one, at, end.output_nr))

    @_safely("the gradient's way through time")
    def _arrive(self, one, what, slot, _, gradients):
        gradient = gradients[slot]
        if gradient is None:
            return
        if what == "late":
            if one["layer"].module.batch_first:
                gradient = gradient.transpose(0, 1)
            gradient = self._followed(gradient[-_LAST_STEPS:])
            one["late"] = gradient if one["late"] is None else one["late"] + gradient
        else:
            one["ends"][what] = one["ends"].get(what, 0) + self._followed(gradient)

    @staticmethod
    def _followed(gradient):
        """The gradient of the sequences that are followed, zeros of the others that are replayed."""
        gradient = gradient[:, :_REPLAYED].detach().double().clone()
        gradient[:, _FOLLOWED:] = 0
        return gradient

    @_safely("the gradient's way through time")
    def rows(self, tracer):
        rows = []
        for path, one in self._captured.items():
            module, layer = one["layer"].module, one["layer"]
            steps = one["x"].shape[1 if module.batch_first else 0]
            self._table.append((path, module.num_layers, int(steps)))
            for at in range(module.num_layers):
                name = tracer.name_of(path) + (".l%d" % at if module.num_layers > 1 else "")
                row = {"name": name, "type": layer.type, "layer": int(tracer.layers().get(path, 1)),
                       "units": module.hidden_size, "steps": int(steps)}
                if isinstance(module, nn.RNN):
                    row["activation"] = module.nonlinearity
                rows.append(row)
        return rows

    @_safely("the gradient's way through time")
    def finish(self, scale):
        captured, self._captured = self._captured, {}
        if not self._table:
            return None
        profiles = []
        for path, layers, steps in self._table:
            one = captured.get(path)
            replay = _Replay(one, scale) if one is not None else None
            profiles += replay.profiles(steps) if replay is not None and replay.is_late else [None] * layers
        return {"throughTime": profiles} if any(p is not None for p in profiles) else None


class _Replay:
    """A recurrent layer of torch.nn, run again by hand and back from a few late steps."""

    def __init__(self, one, scale):
        self.module = module = one["layer"].module
        x = one["x"].transpose(0, 1) if module.batch_first else one["x"]
        self.share = math.sqrt(x.shape[1] / min(x.shape[1], _FOLLOWED)) / (scale or 1.0)
        self.x = x[:, :_REPLAYED].double()
        self.first, self.parameters = one["first"], one["weights"]
        self.is_lstm, self.is_gru = module.mode == "LSTM", module.mode == "GRU"
        self._seed(one)

    def _seed(self, one):
        """The late steps τ at which a gradient arrives, and that gradient."""
        steps, n = self.x.shape[0], self.x.shape[1]
        late, self.ends = one["late"], one["ends"]
        seeds = {}
        for at in range(late.shape[0] if late is not None else 0):
            if float(late[at].abs().sum()) > 0:
                seeds[steps - late.shape[0] + at] = late[at]
        if self.ends and steps - 1 not in seeds:
            seeds[steps - 1] = self.x.new_zeros(n, self.module.hidden_size)
        self.seeds = seeds
        self.is_late = bool(seeds)

    def profiles(self, most):
        """A profile per stacked layer, of at most so many time steps."""
        passes, x = [], self.x
        for level in range(self.module.num_layers):
            one = self._forward(level, x)
            passes.append(one)
            x = one["h"][1:]
        profiles, above = [], None
        for level in reversed(range(self.module.num_layers)):
            profile, above = self._backward(level, passes[level], above)
            profiles.append({k: v[:most] if isinstance(v, list) else v for k, v in profile.items()})
        return profiles[::-1]

    def _weights(self, level):
        def of(name):
            p = self.parameters.get("%s_l%d" % (name, level))
            return p.double() if p is not None else None
        w_ih, w_hh, b_ih, b_hh = of("weight_ih"), of("weight_hh"), of("bias_ih"), of("bias_hh")
        zero = w_ih.new_zeros(w_ih.shape[0])
        return w_ih, w_hh, zero if b_ih is None else b_ih, zero if b_hh is None else b_hh

    def _forward(self, level, x):
        w_ih, w_hh, b_ih, b_hh = self._weights(level)
        inputs = x @ w_ih.T + b_ih
        n, units = x.shape[1], self.module.hidden_size
        h = x.new_zeros(n, units) if self.first is None else self.first[0][level, :_REPLAYED].double()
        has_cell = self.first is not None and self.is_lstm
        c = self.first[1][level, :_REPLAYED].double() if has_cell else x.new_zeros(n, units)
        one = {"h": [h], "c": [c], "gates": [], "w_ih": w_ih, "w_hh": w_hh}
        for a in inputs:
            inner = h @ w_hh.T + b_hh
            if self.is_lstm:
                i, f, g, o = (a + inner).chunk(4, 1)
                i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
                c = f * c + i * g
                h = o * c.tanh()
                one["gates"].append((i, f, g, o))
                one["c"].append(c)
            elif self.is_gru:
                (r, z, m), (s, t, u) = a.chunk(3, 1), inner.chunk(3, 1)
                r, z = (r + s).sigmoid(), (z + t).sigmoid()
                m = (m + r * u).tanh()
                one["gates"].append((r, z, m, u))
                h = (1 - z) * m + z * h
            else:
                h = (a + inner).tanh() if self.module.nonlinearity == "tanh" else (a + inner).relu()
                slope = 1 - h * h if self.module.nonlinearity == "tanh" else (h > 0).double()
                one["gates"].append(slope)
            one["h"].append(h)
        one["h"] = torch.stack(one["h"])
        return one

    def _backward(self, level, one, above):
        """From the last step to the first, all late steps τ at once."""
        times, steps, n = sorted(self.seeds), self.x.shape[0], self.x.shape[1]
        shape = (len(times), n, self.module.hidden_size)
        dh, dc = self.x.new_zeros(shape), self.x.new_zeros(shape)
        is_top = level == self.module.num_layers - 1
        norms, carried, below = [], [], [None] * steps
        for t in reversed(range(steps)):
            dh = dh if above is None else dh + above[t]
            if is_top and t in times:
                dh = dh.clone()
                dh[times.index(t)] += self.seeds[t]
            if t == steps - 1 and t in times:
                dh, dc = self._add_ends(level, times.index(t), dh, dc)
            norms.append((dh.square().sum((1, 2)) + dc.square().sum((1, 2))).sqrt())
            dh, dc, gradient, through = self._back(one, t, dh, dc)
            carried.append((through.square().sum((1, 2))).sqrt())
            below[t] = gradient @ one["w_ih"] if level > 0 else None
        return self._profile(one, times, torch.stack(norms), torch.stack(carried), is_top), below

    def _add_ends(self, level, at, dh, dc):
        dh, dc = dh.clone(), dc.clone()
        if 0 in self.ends:
            dh[at] += self.ends[0][level]
        if 1 in self.ends:
            dc[at] += self.ends[1][level]
        return dh, dc

    def _back(self, one, t, dh, dc):
        """One step back: state gradients, pre-activations' gradient, and what passes by the slope or the gate alone."""
        w_hh = one["w_hh"]
        if self.is_lstm:
            i, f, g, o = one["gates"][t]
            bent = one["c"][t + 1].tanh()
            dc = dc + dh * o * (1 - bent * bent)
            parts = (
                dc * g * i * (1 - i), dc * one["c"][t] * f * (1 - f), dc * i * (1 - g * g), dh * bent * o * (1 - o))
            gradient, through = torch.cat(parts, 2), dc * f
            return gradient @ w_hh, through, gradient, through
        if self.is_gru:
            r, z, m, u = one["gates"][t]
            dm = dh * (1 - z) * (1 - m * m)
            dr, dz = dm * u * r * (1 - r), dh * (one["h"][t] - m) * z * (1 - z)
            through = dh * z
            inner = torch.cat((dr, dz, dm * r), 2)
            return through + inner @ w_hh, dc, torch.cat((dr, dz, dm), 2), through
        gradient = dh * one["gates"][t]
        return gradient @ w_hh, dc, gradient, gradient

    def _profile(self, one, times, norms, carried, is_top):
        steps, lags = self.x.shape[0], times[0] + 1
        rows, shares = [], []
        for at, time_ in enumerate(times):
            begin = steps - 1 - time_  # norms run from the last step to the first
            rows.append([_log(v * self.share) for v in norms[begin:begin + lags, at].tolist()])
            shares.append([_log(v * self.share) for v in carried[begin:begin + lags, at].tolist()])
        mean = [_mean_log([row[k] for row in rows]) for k in range(lags)]
        profile = {"lagNorms": _numbers(mean)}
        own = weights = None
        if is_top and lags > 1:
            own, weights = [], []
            for row, share in zip(rows, shares):
                own += [share[k] - row[k] for k in range(lags - 1)]
                weights += [row[k + 1] - share[k] for k in range(lags - 1)]
            own, weights = (sum(v) / len(v) if all(map(math.isfinite, v)) else None for v in (own, weights))
        profile["weightDecades"] = _number(weights)
        profile["gateDecades" if self.is_lstm or self.is_gru else "activationDecades"] = _number(own)
        profile["stateRms"] = _numbers(one["h"][1:].square().mean((1, 2)).sqrt().tolist())
        if not (self.is_lstm or self.is_gru):
            profile["slopes"] = _numbers([float(s.square().mean().sqrt()) for s in one["gates"]])
        return profile


def _mean_log(values):
    """The mean of logarithms; an exact zero counts where all are."""
    finite = [v for v in values if math.isfinite(v)]
    return sum(finite) / len(finite) if finite else values[0]
