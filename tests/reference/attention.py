"""Writes attention.json: PyTorch's multi-head attention and Transformer layers on small inputs, and their gradients.

Run with Debian's python3-torch:  python3 attention.py
Numbers are computed in float64 and printed with all their digits.
"""

import json
import pathlib

import torch

torch.manual_seed(20240915)
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
SAMPLES, STEPS, MEMORY, FEATURES, HEADS, HIDDEN = 3, 5, 4, 6, 2, 10


def numbers(tensor):
    return tensor.detach().reshape(-1).tolist()


def drawn(module):
    """All parameters away from their defaults, so that none of them goes unnoticed."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    return module.eval()


def case(name, module, inputs, call, **more):
    inputs = {key: value.requires_grad_() for key, value in inputs.items()}
    output = call(**inputs)
    cotangent = torch.randn_like(output)
    output.backward(cotangent)
    return {"name": name, "output": numbers(output), "cotangent": numbers(cotangent),
            "inputs": {key: {"value": numbers(value), "gradient": numbers(value.grad)}
                       for key, value in inputs.items()},
            "parameters": {key: {"value": numbers(value), "gradient": numbers(value.grad)}
                           for key, value in module.named_parameters()}, **more}


def attention(name, masked=None, lengths=None, cross=False):
    module = drawn(torch.nn.MultiheadAttention(FEATURES, HEADS, batch_first=True))
    inputs = {"x": torch.randn(SAMPLES, STEPS, FEATURES)}
    if cross:
        inputs["memory"] = torch.randn(SAMPLES, MEMORY, FEATURES)
    keys = MEMORY if cross else STEPS
    padding = None if lengths is None else torch.arange(keys)[None] >= torch.tensor(lengths)[:, None]

    def call(x, memory=None):
        memory = x if memory is None else memory
        return module(x, memory, memory, key_padding_mask=padding, attn_mask=masked, need_weights=False)[0]

    return case(name, module, inputs, call, lengths=lengths or [])


def apart(allowed):
    place = torch.arange(STEPS)
    return ~allowed(place[:, None], place[None])


def encoder(name, norm_first, activation="relu"):
    layer = drawn(torch.nn.TransformerEncoderLayer(
        FEATURES, HEADS, HIDDEN, dropout=0.0, activation=activation, batch_first=True, norm_first=norm_first))
    # In evaluation PyTorch takes another path, which has no gradient.
    layer.train()
    return case(name, layer, {"x": torch.randn(SAMPLES, STEPS, FEATURES)}, lambda x: layer(x))


def decoder(name, norm_first):
    layer = drawn(torch.nn.TransformerDecoderLayer(
        FEATURES, HEADS, HIDDEN, dropout=0.0, batch_first=True, norm_first=norm_first)).train()
    mask = apart(lambda query, key: key <= query)
    inputs = {"x": torch.randn(SAMPLES, STEPS, FEATURES), "memory": torch.randn(SAMPLES, MEMORY, FEATURES)}
    return case(name, layer, inputs, lambda x, memory: layer(x, memory, tgt_mask=mask))


def main():
    causal = apart(lambda query, key: key <= query)
    cases = [
        attention("plain"),
        attention("causal", causal),
        attention("lengths", lengths=[5, 2, 4]),
        attention("causal with lengths", causal, [1, 5, 3]),
        attention("window of 3", apart(lambda query, key: (query - key).abs() <= 1)),
        attention("causal window of 2", apart(lambda query, key: (key <= query) & (query - key < 2))),
        attention("cross", cross=True),
        attention("cross with lengths", lengths=[4, 1, 2], cross=True),
        encoder("encoder post", False),
        encoder("encoder pre", True),
        encoder("encoder pre gelu", True, "gelu"),
        decoder("decoder post", False),
        decoder("decoder pre", True),
    ]
    path = pathlib.Path(__file__).with_name("attention.json")
    sizes = {"samples": SAMPLES, "steps": STEPS, "memory": MEMORY, "features": FEATURES, "heads": HEADS,
             "hidden": HIDDEN}
    path.write_text(json.dumps({"torch": torch.__version__, "sizes": sizes, "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
