"""Measures a network in PyTorch the way `skein bench` measures Skein's: whole training steps or predictions on random images.

Each memory format runs in a process of its own, so that the memory of one does not count for the other. Prints one line of JSON
about the faster one, with the rate of the slower one. In bf16, what PyTorch's automatic mixed precision gives to it runs in bfloat16.
"""
import argparse
import json
import multiprocessing
import resource
import signal
import sys
import time
from statistics import median

import torch
import torch.nn.functional as F

formats = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


def autocast(precision):
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bf16")


def training(network, images, labels, precision):
    optimiser = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)

    def step():
        optimiser.zero_grad(set_to_none=True)
        with autocast(precision):
            loss = F.cross_entropy(network(images), labels)
        loss.backward()
        optimiser.step()

    return step


def prediction(network, images, _labels, precision):
    network.eval()

    def step():
        with torch.inference_mode(), autocast(precision):
            network(images)

    return step


def measure(build, size, classes, arguments, name):
    torch.set_num_threads(arguments.threads)
    # no seed: after torch.manual_seed, steps of PyTorch 1.13 in channels_last take twice as long
    network = build().to(memory_format=formats[name])
    images = torch.randn(arguments.batch, 3, size, size).to(memory_format=formats[name])
    labels = torch.randint(0, classes, (arguments.batch,))
    step = (training if arguments.phase == "train" else prediction)(network, images, labels, arguments.precision)
    for _ in range(arguments.warmup):
        step()
    seconds = []
    while len(seconds) < arguments.steps or sum(seconds) < arguments.seconds:
        began = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "imagesPerSecond": arguments.batch / median(seconds),
        "peakBytes": peak if sys.platform == "darwin" else peak * 1024,
        "format": name,
        "precision": arguments.precision,
        "version": torch.__version__,
        "params": sum(parameter.numel() for parameter in network.parameters()),
    }


def main(build, size=32, classes=10):
    """Reads the command line and measures the network that `build` makes, on images of size × size pixels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("phase", choices=["train", "infer"])
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--precision", choices=["float32", "bf16"], default="float32")
    parser.add_argument("--format", choices=list(formats), help="only this one")
    parser.add_argument("--warmup", type=int, default=2, help="steps before the measured ones")
    parser.add_argument("--steps", type=int, default=5, help="measure at least so many")
    parser.add_argument("--seconds", type=float, default=0, help="and for at least so long")
    arguments = parser.parse_args()
    # leaving by an exception ends the pool's process too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    results = []
    for name in [arguments.format] if arguments.format else formats:
        # a pool that replaces its process may end while the new one starts, which then misses its signal and stays
        with multiprocessing.Pool(1) as pool:
            results.append(pool.apply(measure, (build, size, classes, arguments, name)))
    best, *others = sorted(results, key=lambda result: -result["imagesPerSecond"])
    print(json.dumps({**best, "slowerImagesPerSecond": max((other["imagesPerSecond"] for other in others), default=None)}))
