"""SE-ResNet-50 for ImageNet (Hu et al. 2018, arXiv 1709.01507, Table 1) in PyTorch: ResNet-50 whose residuals are scaled, channel by
channel, by what all of them decide.

usage: python3 torch_seresnet50.py train --batch 16 --threads 2
"""
import torch
import torch.nn.functional as F
from torch import nn

from torch_bench import main
from torch_resnet50 import Bottleneck, resnet50


class SqueezingBottleneck(Bottleneck):
    def __init__(self, inputs, width, stride):
        super().__init__(inputs, width, stride)
        self.squeeze = nn.Linear(4 * width, 4 * width // 16)
        self.excite = nn.Linear(4 * width // 16, 4 * width)

    def residual(self, x):
        y = super().residual(x)
        scale = torch.sigmoid(self.excite(F.relu(self.squeeze(y.mean((2, 3))), inplace=True)))
        return y * scale[:, :, None, None]


def seresnet50():
    return resnet50(SqueezingBottleneck)


if __name__ == "__main__":
    main(seresnet50, size=224, classes=1000)
