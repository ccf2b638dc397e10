"""DenseNet-BC for CIFAR (Huang et al. 2017, arXiv 1608.06993, §3) in PyTorch: 100 layers, growth 12.

usage: python3 torch_densenet_bc100.py train --batch 64 --threads 2
"""
from torch import nn

from torch_bench import main
from torch_dense_blocks import dense_network


def densenet_bc100():
    return dense_network([nn.Conv2d(3, 24, 3, 1, 1, bias=False)], growth=12, blocks=(16, 16, 16), classes=10)


if __name__ == "__main__":
    main(densenet_bc100)
