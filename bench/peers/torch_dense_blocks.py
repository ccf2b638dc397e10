"""Dense blocks with bottlenecks, and the transitions between them (Huang et al. 2017, arXiv 1608.06993, §3) in PyTorch: compression 0.5;
features are kept, not computed again."""
import torch
import torch.nn.functional as F
from torch import nn


class Layer(nn.Module):
    def __init__(self, inputs, growth):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, 4 * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(4 * growth)
        self.conv2 = nn.Conv2d(4 * growth, growth, 3, 1, 1, bias=False)

    def forward(self, x):
        y = self.conv1(F.relu(self.norm1(x), inplace=True))
        y = self.conv2(F.relu(self.norm2(y), inplace=True))
        return torch.cat((x, y), 1)


def dense_network(stem, growth, blocks, classes):
    """`stem` gives 2 · growth channels; `blocks` counts the layers of each."""
    channels = 2 * growth
    parts = list(stem)
    for block, layers in enumerate(blocks):
        if block > 0:
            kept = channels // 2
            parts += [nn.BatchNorm2d(channels), nn.ReLU(True), nn.Conv2d(channels, kept, 1, bias=False), nn.AvgPool2d(2)]
            channels = kept
        for _ in range(layers):
            parts.append(Layer(channels, growth))
            channels += growth
    head = [nn.BatchNorm2d(channels), nn.ReLU(True), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]
    return nn.Sequential(*parts, *head)
