"""Writes src/torch/testdata/beside-PROTOCOL.pkl: what training scripts save beside weights, as Python itself pickles it.

The classes of PyTorch are stood in for by their names, so that no PyTorch is needed. The one storage, `0`, has eight floats.
"""

import argparse
import collections
import dataclasses
import datetime
import decimal
import enum
import os
import pathlib
import pickle
import sys
import types
import uuid

torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
sys.modules.update({"torch": torch, "torch._utils": utils})
torch.FloatStorage = type("FloatStorage", (), {"__module__": "torch", "__qualname__": "FloatStorage"})


def _rebuild_tensor_v2(*arguments):
    raise NotImplementedError


_rebuild_tensor_v2.__module__ = "torch._utils"
utils._rebuild_tensor_v2 = _rebuild_tensor_v2


class Tensor:
    def __init__(self, offset, *size):
        self.offset, self.size = offset, size

    def __reduce__(self):
        strides = [1]
        for extent in self.size[:0:-1]:
            strides.insert(0, strides[0] * extent)
        return _rebuild_tensor_v2, (
            torch.FloatStorage(),
            self.offset,
            self.size,
            tuple(strides),
            False,
            collections.OrderedDict(),
        )


class Mode(enum.Enum):
    FINE = 1


class Settings(dict):
    """As addict, EasyDict and MMEngine have it."""


class Names(list):
    pass


class Slots:
    __slots__ = ("lr", "momentum")


@dataclasses.dataclass
class Recipe:
    lr: float
    mode: Mode


class Keyword:
    def __new__(cls, *, lr):
        return super().__new__(cls)

    def __getnewargs_ex__(self):
        return (), {"lr": 0.1}


def lr(epoch):
    return 0.1


def slots():
    value = Slots()
    value.lr, value.momentum = 0.1, Mode.FINE
    return value


def checkpoint(protocol):
    lists = collections.defaultdict(list)
    lists["loss"].append(0.5)
    return {
        "args": argparse.Namespace(lr=0.1, data=pathlib.PosixPath("/data"), mode=Mode.FINE),
        "begun": datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc),
        "took": datetime.timedelta(hours=3),
        "history": lists,
        "path": pathlib.PosixPath("/data/run"),
        "mode": Mode.FINE,
        "config": Settings(model=Settings(name="resnet"), mean=Tensor(0, 3)),
        "tags": Names(["a", Mode.FINE]),
        "slots": slots(),
        "recipe": Recipe(0.1, Mode.FINE),
        "decimal": decimal.Decimal("0.1"),
        "uuid": uuid.UUID(int=7),
        "queue": collections.deque([1, 2], maxlen=5),
        "simple": types.SimpleNamespace(lr=0.1),
        "schedule": lr,
        "class": Settings,
        "complex": 1j,
        "range": range(5),
        **({"keyword": Keyword(lr=0.1)} if protocol >= 4 else {}),
        "state_dict": collections.OrderedDict({"w": Tensor(0, 2, 3), "b": Tensor(6, 2)}),
        "state_dict_ema": collections.OrderedDict({"w": Tensor(2, 2, 3), "b": Tensor(0, 2)}),
        "class_to_idx": {"dog": 1, "cat": 0},
        "epoch": 3,
    }


class Pickler(pickle._Pickler):
    def persistent_id(self, value):
        return ("storage", torch.FloatStorage, "0", "cpu", 8) if isinstance(value, torch.FloatStorage) else None


folder = os.path.join(os.path.dirname(__file__), "../src/torch/testdata")
for each in 2, 3, 4, 5:
    with open(os.path.join(folder, f"beside-{each}.pkl"), "wb") as file:
        Pickler(file, each).dump(checkpoint(each))
