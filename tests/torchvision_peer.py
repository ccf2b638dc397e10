"""What torchvision computes with random weights, for Skein to compare with; and whether it takes what Skein exports.

  make FOLDER NAME CLASSES BATCH SIZE   weights.pth (a state dict), legacy.pth (the same in the layout before PyTorch 1.6), and
                                        reference.pth: inputs, logits, gradients, and the state after a step of SGD
  load FILE NAME CLASSES REFERENCE      loads FILE (safetensors) strictly and prints the logits for the reference's images

Weights are float32 and torch computes with them in float64, so that what differs is Skein's rounding alone. Batch norms keep nearly
all numbers away from 0, on either side, and of several batches of images that one is taken which keeps farthest away: a rectifier whose
input rounds to the other side changes gradients by whole steps (with weights as usual and ResNet-50, torch's own float32 is 3 % away
from its float64).
"""

import json
import os
import struct
import sys

import numpy
import torch
import torchvision

LR = 0.001
CANDIDATES = 8


def model_of(name, classes):
    return getattr(torchvision.models, name)(num_classes=int(classes))


def far_from_kinks(model, images):
    """The images with which the rectifiers' inputs are farthest from 0: none then rounds to the other side."""
    margins = []
    relus = [module for module in model.modules() if isinstance(module, torch.nn.ReLU)]
    hooks = [relu.register_forward_pre_hook(lambda _, inputs: margins.append(inputs[0].abs().min().item())) for relu in relus]
    best = None
    with torch.no_grad():
        for image in images:
            margins.clear()
            model(image.double())
            if best is None or min(margins) > best[0]:
                best = (min(margins), image)
    for hook in hooks:
        hook.remove()
    return best[1]


def make(folder, name, classes, batch, size):
    torch.manual_seed(7)
    model = model_of(name, classes).double()
    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    # what a residual block adds is mostly positive, or its sum with the input would often be near 0
    blocks = (torchvision.models.resnet.BasicBlock, torchvision.models.resnet.Bottleneck)
    added = {getattr(block, "bn3", block.bn2) for block in model.modules() if isinstance(block, blocks)}
    added |= {block.downsample[1] for block in model.modules() if isinstance(block, blocks) and block.downsample}
    for norm in norms:
        norm.weight.data.uniform_(0.2, 0.4)
        sign = torch.where(torch.rand_like(norm.bias) < (0.05 if norm in added else 0.25), -1.0, 1.0)
        norm.bias.data.uniform_(0.4, 1).mul_(sign)
        norm.momentum = None  # the mean over batches
    image = far_from_kinks(model.train(), [torch.randn(int(batch), 3, int(size), int(size)) for _ in range(CANDIDATES)])
    labels = torch.randint(int(classes), (int(batch),))
    with torch.no_grad():
        model.train()(image.double())
    for norm in norms:
        norm.momentum = 0.1
        norm.running_mean += 0.2 * norm.running_var.sqrt() * torch.randn_like(norm.running_mean)
        norm.running_var *= torch.empty_like(norm.running_var).uniform_(0.5, 1.5)
    model.float()
    state = {key: value.clone() for key, value in model.state_dict().items()}
    torch.save(state, os.path.join(folder, "weights.pth"))
    torch.save(state, os.path.join(folder, "legacy.pth"), _use_new_zipfile_serialization=False)

    model.double()
    reference = {"image": image, "labels": labels.int()}
    with torch.no_grad():
        reference["logits"] = model.eval()(image.double())
    optimizer = torch.optim.SGD(model.parameters(), lr=LR, momentum=0.9, weight_decay=1e-4)
    logits = model.train()(image.double())
    loss = torch.nn.functional.cross_entropy(logits, labels)
    loss.backward()
    reference.update({"training.logits": logits.detach(), "loss": loss.detach(), "lr": torch.tensor(LR)})
    reference.update({f"gradient.{key}": value.grad.float() for key, value in model.named_parameters()})
    optimizer.step()
    reference.update({f"after.{key}": value.float() for key, value in model.state_dict().items() if value.is_floating_point()})
    torch.save(reference, os.path.join(folder, "reference.pth"))


def safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__", None)
    types = {"F32": numpy.float32, "I64": numpy.int64}
    tensors = {}
    for name, fact in header.items():
        begin, end = fact["data_offsets"]
        array = numpy.frombuffer(data[begin:end], dtype=types[fact["dtype"]]).reshape(fact["shape"])
        tensors[name] = torch.from_numpy(array.copy())
    return tensors


def load(file, name, classes, reference):
    model = model_of(name, classes).eval()
    model.load_state_dict(safetensors(file), strict=True)
    with torch.no_grad():
        print(json.dumps(model(torch.load(reference)["image"]).flatten().tolist()))


{"make": make, "load": load}[sys.argv[1]](*sys.argv[2:])
