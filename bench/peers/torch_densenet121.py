"""DenseNet-121 for ImageNet (Huang et al. 2017, arXiv 1608.06993, Table 1) in PyTorch: growth 32.

usage: python3 torch_densenet121.py train --batch 16 --threads 2
"""
from torch import nn

from torch_bench import main
from torch_dense_blocks import dense_network


def densenet121():
    stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(True), nn.MaxPool2d(3, 2, 1)]
    return dense_network(stem, growth=32, blocks=(6, 12, 24, 16), classes=1000)


if __name__ == "__main__":
    main(densenet121, size=224, classes=1000)
