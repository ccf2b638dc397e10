"""Trains torchvision's resnet18 from scratch on a folder of photographs, for as long as `skein train --max-minutes` would, by the same recipe.

The folder has train/, validation/ and test/, each with a folder for each class. A few warm steps and a validation tell how many steps the time has room
for; the schedule ends with the last of them. Prints a line for each epoch and, last, one line of JSON: the accuracy on the test images of the weights
that were best in validation, and of the last ones.
"""
import argparse
import copy
import json
import math
import time

import torch
import torch.nn.functional as F
import torchvision
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("data")
parser.add_argument("--minutes", type=float, default=10)
parser.add_argument("--steps", type=int, help="as many, whatever they take; default: what the minutes have room for")
parser.add_argument("--size", type=int, default=64)
parser.add_argument("--batch", type=int, default=32)
parser.add_argument("--rate", type=float, default=0.025)
parser.add_argument("--warmup", type=float, default=0.1, help="share of the steps in which the rate rises")
parser.add_argument("--workers", type=int, default=2)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--format", choices=["contiguous", "channels_last"], default="contiguous")
parser.add_argument("--seed", type=int, default=0)
arguments = parser.parse_args()

began = time.perf_counter()
torch.set_num_threads(arguments.threads)
torch.manual_seed(arguments.seed)
layout = torch.channels_last if arguments.format == "channels_last" else torch.contiguous_format

warm_steps, timed_steps = 5, 15

pixels = [transforms.ToTensor(), transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]
changed = transforms.Compose(
    [
        transforms.RandomResizedCrop(arguments.size, scale=(0.35, 1)),
        transforms.RandomHorizontalFlip(),
        transforms.ColorJitter(0.2, 0.2, 0.2),
        *pixels,
    ]
)
plain = transforms.Compose([transforms.Resize(arguments.size), transforms.CenterCrop(arguments.size), *pixels])


def loader(split, transform, training):
    return DataLoader(
        ImageFolder(f"{arguments.data}/{split}", transform),
        batch_size=arguments.batch if training else 128,
        shuffle=training,
        num_workers=arguments.workers,
        persistent_workers=arguments.workers > 0,
    )


train, validation, test = loader("train", changed, True), loader("validation", plain, False), loader("test", plain, False)
network = torchvision.models.resnet18(num_classes=len(train.dataset.classes)).to(memory_format=layout)
optimiser = torch.optim.SGD(network.parameters(), lr=arguments.rate, momentum=0.9, weight_decay=1e-4)


def rate(step, steps):
    """Linear from nearly 0, then half a cosine."""
    warm = round(arguments.warmup * steps)
    if step < warm:
        return arguments.rate * (step + 1) / warm
    return arguments.rate * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def accuracy(images):
    network.eval()
    right = 0
    with torch.inference_mode():
        for batch, labels in images:
            right += (network(batch.to(memory_format=layout)).argmax(1) == labels).sum().item()
    network.train()
    return right / len(images.dataset)


def train_step(batch, labels, rate_now):
    for group in optimiser.param_groups:
        group["lr"] = rate_now
    optimiser.zero_grad(set_to_none=True)
    loss = F.cross_entropy(network(batch.to(memory_format=layout)), labels)
    loss.backward()
    optimiser.step()
    return loss.item()


def seconds_of(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure():
    """Seconds of a step with its images and of a validation; the network is afterwards as it was."""
    kept = copy.deepcopy(network.state_dict())
    for step, (batch, labels) in enumerate(train):
        if step == warm_steps:
            start = time.perf_counter()
        train_step(batch, labels, 0.0)
        if step == warm_steps + timed_steps - 1:
            break
    seconds = (time.perf_counter() - start) / timed_steps
    accuracy(validation)
    measured = seconds, seconds_of(lambda: accuracy(validation))
    network.load_state_dict(kept)
    optimiser.state.clear()
    return measured


def steps_within(minutes):
    """How many fit, beside validation, test and start."""
    step_seconds, validation_seconds = measure()
    tests = 2 * validation_seconds * len(test.dataset) / len(validation.dataset)
    remaining = minutes * 60 - (time.perf_counter() - began) - tests - 2
    fit = int(remaining / (len(train) * step_seconds + validation_seconds) * len(train))
    print(f"{step_seconds:.4f} s a step, {validation_seconds:.2f} s a validation: {fit} steps", flush=True)
    return fit


steps = arguments.steps or steps_within(arguments.minutes)
step, best, best_state, epoch = 0, -1.0, None, 0
while step < steps:
    losses = []
    for batch, labels in train:
        losses.append(train_step(batch, labels, rate(step, steps)))
        step += 1
        if step == steps:
            break
    epoch += 1
    now = accuracy(validation)
    if now > best:
        best, best_state = now, copy.deepcopy(network.state_dict())
    print(f"epoch {epoch}: loss {sum(losses) / len(losses):.4f}, validation {now:.4f}, {time.perf_counter() - began:.0f} s", flush=True)

last = accuracy(test)
network.load_state_dict(best_state)
results = {"best": accuracy(test), "last": last, "validation": best, "epochs": epoch, "steps": steps, "minutes": (time.perf_counter() - began) / 60}
print(json.dumps({**results, "seed": arguments.seed, "version": torch.__version__}))
