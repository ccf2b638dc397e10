"""PyTorch's training step of ResNet-20 on random images, for comparison: prints images/s of the better memory format.

usage: python3 torch_resnet20.py BATCH THREADS STEPS
"""
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

batch, threads, steps = (int(argument) for argument in sys.argv[1:4])
torch.set_num_threads(threads)


class Block(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)
        self.stride = stride
        self.zeros = (width - inputs) // 2

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)), inplace=True)
        y = self.norm2(self.conv2(y))
        if self.stride != 1:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.zeros, self.zeros))
        return F.relu(y + x, inplace=True)


def resnet20():
    layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(True)]
    inputs = 16
    for width, stride in ((16, 1), (32, 2), (64, 2)):
        for block in range(3):
            layers.append(Block(inputs, width, stride if block == 0 else 1))
            inputs = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def rate(memory_format):
    network = resnet20().to(memory_format=memory_format)
    optimiser = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
    images = torch.randn(batch, 3, 32, 32).to(memory_format=memory_format)
    labels = torch.randint(0, 10, (batch,))
    seconds = []
    for _ in range(steps):
        began = time.perf_counter()
        optimiser.zero_grad()
        F.cross_entropy(network(images), labels).backward()
        optimiser.step()
        seconds.append(time.perf_counter() - began)
    return batch / sorted(seconds)[len(seconds) // 2]


print(max(rate(torch.contiguous_format), rate(torch.channels_last)))
