"""DenseNet-BC for CIFAR (Huang et al. 2017, arXiv 1608.06993, §3) in PyTorch: 100 layers, growth 12, compression 0.5.

usage: python3 torch_densenet_bc100.py train --batch 64 --threads 2
"""
import torch
import torch.nn.functional as F
from torch import nn

from torch_bench import main

growth = 12
layers = (100 - 4) // 6


class Layer(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, 4 * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(4 * growth)
        self.conv2 = nn.Conv2d(4 * growth, growth, 3, 1, 1, bias=False)

    def forward(self, x):
        y = self.conv1(F.relu(self.norm1(x), inplace=True))
        y = self.conv2(F.relu(self.norm2(y), inplace=True))
        return torch.cat((x, y), 1)


def densenet_bc100():
    channels = 2 * growth
    parts = [nn.Conv2d(3, channels, 3, 1, 1, bias=False)]
    for block in range(3):
        if block > 0:
            kept = channels // 2
            parts += [nn.BatchNorm2d(channels), nn.ReLU(True), nn.Conv2d(channels, kept, 1, bias=False), nn.AvgPool2d(2)]
            channels = kept
        for _ in range(layers):
            parts.append(Layer(channels))
            channels += growth
    parts += [nn.BatchNorm2d(channels), nn.ReLU(True), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10)]
    return nn.Sequential(*parts)


if __name__ == "__main__":
    main(densenet_bc100)
