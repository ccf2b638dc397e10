"""Measures a network in PyTorch the way `skein bench` measures Skein's: whole training steps or predictions on random images.

Each memory format runs in a process of its own, so that the memory of one does not count for the other. Prints one line of JSON
about the faster one.
"""
import argparse
import functools
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


def training(network, images, labels):
    optimiser = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)

    def step():
        optimiser.zero_grad(set_to_none=True)
        F.cross_entropy(network(images), labels).backward()
        optimiser.step()

    return step


def prediction(network, images, _labels):
    network.eval()

    def step():
        with torch.inference_mode():
            network(images)

    return step


def measure(build, arguments, name):
    torch.set_num_threads(arguments.threads)
    # no seed: after torch.manual_seed, steps of PyTorch 1.13 in channels_last take twice as long
    network = build().to(memory_format=formats[name])
    images = torch.randn(arguments.batch, 3, 32, 32).to(memory_format=formats[name])
    labels = torch.randint(0, 10, (arguments.batch,))
    step = (training if arguments.phase == "train" else prediction)(network, images, labels)
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
        "version": torch.__version__,
        "params": sum(parameter.numel() for parameter in network.parameters()),
    }


def main(build):
    """Reads the command line and measures the network that `build` makes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("phase", choices=["train", "infer"])
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--warmup", type=int, default=2, help="steps before the measured ones")
    parser.add_argument("--steps", type=int, default=5, help="measure at least so many")
    parser.add_argument("--seconds", type=float, default=0, help="and for at least so long")
    arguments = parser.parse_args()
    # leaving by an exception ends the pool's process too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with multiprocessing.Pool(1, maxtasksperchild=1) as pool:
        results = pool.map(functools.partial(measure, build, arguments), formats, chunksize=1)
    print(json.dumps(max(results, key=lambda result: result["imagesPerSecond"])))
