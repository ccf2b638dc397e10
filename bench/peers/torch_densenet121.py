"""DenseNet-121 for ImageNet (Huang et al. 2017, arXiv 1608.06993, Table 1) in PyTorch: growth 32, compression 0.5; features are kept,
not computed again.

usage: python3 torch_densenet121.py train --batch 16 --threads 2
"""
import torch
import torch.nn.functional as F
from torch import nn

from torch_bench import main

growth = 32
blocks = (6, 12, 24, 16)


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


def densenet121():
    channels = 2 * growth
    parts = [nn.Conv2d(3, channels, 7, 2, 3, bias=False), nn.BatchNorm2d(channels), nn.ReLU(True), nn.MaxPool2d(3, 2, 1)]
    for block, layers in enumerate(blocks):
        if block > 0:
            kept = channels // 2
            parts += [nn.BatchNorm2d(channels), nn.ReLU(True), nn.Conv2d(channels, kept, 1, bias=False), nn.AvgPool2d(2)]
            channels = kept
        for _ in range(layers):
            parts.append(Layer(channels))
            channels += growth
    parts += [nn.BatchNorm2d(channels), nn.ReLU(True), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 1000)]
    return nn.Sequential(*parts)


if __name__ == "__main__":
    main(densenet121, size=224, classes=1000)
