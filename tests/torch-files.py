"""Writes files with torch.save into a folder, and expected.json: what a reader should find in each. Values need no rounding.

src/torch/testdata holds tensors-zip.pth, tensors-legacy.pth and their entry of expected.json from one run.
"""

import argparse
import json
import os
import sys
from collections import OrderedDict

import numpy
import torch
from torch import nn

HOST = {torch.float16: "float32", torch.bfloat16: "float32", torch.int16: "int32", torch.int8: "int32"}


def eighths(*shape):
    count = int(torch.tensor(shape).prod()) if shape else 1
    return ((torch.arange(count, dtype=torch.float32) * 7) % 61 / 8 - 3).reshape(shape)


def tensors():
    shared = eighths(12)
    tied = eighths(3)
    state = OrderedDict()
    state["weight"] = nn.Parameter(eighths(4, 3, 2, 2))
    state["channels_last"] = eighths(2, 3, 2, 2).to(memory_format=torch.channels_last)
    state["transposed"] = eighths(3, 4).t()
    state["every_other"] = eighths(4, 6)[1:, ::2]
    state["first_half"], state["second_half"] = shared[:6], shared[6:]
    state["tied"], state["tied_again"] = tied, tied
    state["expanded"] = eighths(2).expand(3, 2)
    state["half"] = eighths(5).half()
    state["half_transposed"] = eighths(2, 3).half().t()
    state["bfloat16"] = eighths(5).bfloat16()
    state["double"] = torch.tensor([1 / 3, -2e300], dtype=torch.float64)
    state["num_batches_tracked"] = torch.tensor(2**60 + 1)
    state["int32"] = torch.tensor([-(2**31), 7], dtype=torch.int32)
    state["int16"] = torch.tensor([-(2**15), 7], dtype=torch.int16)
    state["int8"] = torch.tensor([-128, 7], dtype=torch.int8)
    state["uint8"] = torch.tensor([255, 7], dtype=torch.uint8)
    state["bool"] = torch.tensor([True, False])
    state["empty"] = torch.zeros(0, 3)
    state["__proto__"] = eighths(1)
    state["größe"] = eighths(1)
    return state


def network():
    torch.manual_seed(1)
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 3))


def training():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 4])
    model(eighths(2, 1, 4, 4)).sum().backward()
    optimizer.step()
    return model.state_dict(), {
        "epoch": 3,
        "state_dict": model.state_dict(),
        "state_dict_ema": dict(model.state_dict(), n_averaged=torch.tensor(2)),
        "best_acc1": torch.tensor(71.5),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "numpy": numpy.float64(0.5),
        "shape": torch.Size([2, 3]),
        "dtype": torch.float16,
        "device": torch.device("cpu"),
        "large": 2**70,
        "loss": 0.25,
        "plain": [None, True, "text", b"bytes", {1, 2}, (), (1, 2, 3, 4)],
    }


def expected(state, path=""):
    return {
        "path": path,
        "tensors": [
            {
                "name": name,
                "dtype": HOST.get(value.dtype, str(value.dtype).replace("torch.", "")),
                "shape": list(value.shape),
                # as text, because JSON has no 64-bit integers
                "values": [str(int(x) if isinstance(x, bool) else x) for x in value.detach().flatten().tolist()],
            }
            for name, value in state.items()
        ],
    }


def main(folder):
    facts = {}

    def save(name, value, fact, **options):
        torch.save(value, os.path.join(folder, name), **options)
        facts[name] = fact

    state = {"state_dict": tensors(), "epoch": 3}
    weights, checkpoint = training()
    refused = {
        "module": (network(), "a whole pickled network, \"torch.nn.modules.container.Sequential\""),
        "inside": ({"model": network()}, "`model` is a whole pickled network"),
        "sparse": ({"w": eighths(2).to_sparse()}, "torch._utils._rebuild_sparse_tensor"),
        "complex": ({"w": eighths(2) * 1j}, "torch.ComplexFloatStorage"),
        "alone": (eighths(2), "expected a dict of named tensors, such as a state_dict, got a tensor [2]"),
        "none": ({"epoch": 1}, "expected a dict of named tensors, such as a state_dict, got a dict of 1"),
    }
    for layout in "zip", "legacy":
        options = {"_use_new_zipfile_serialization": layout == "zip"}
        save(f"tensors-{layout}.pth", state, expected(state["state_dict"], "state_dict"), **options)
        save(f"weights-{layout}.pth", weights, expected(weights), **options)
        for protocol in 1, 2, 3, 4, 5:
            fact = expected(weights, "state_dict")
            save(f"checkpoint-{layout}-{protocol}.pth", checkpoint, fact, pickle_protocol=protocol, **options)
        beside = {"args": argparse.Namespace(lr=1), "w": eighths(1)}
        save(f"namespace-{layout}.pth", beside, expected({"w": beside["w"]}), **options)
        for name, (value, error) in refused.items():
            save(f"{name}-{layout}.pth", value, {"error": error}, **options)
    torch.jit.script(network()).save(os.path.join(folder, "script.pt"))
    facts["script.pt"] = {"error": "this is a TorchScript program"}
    with open(os.path.join(folder, "expected.json"), "w") as file:
        json.dump(facts, file)


main(sys.argv[1])
