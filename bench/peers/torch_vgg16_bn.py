"""VGG-16 for ImageNet (Simonyan and Zisserman 2014, arXiv 1409.1556, Table 1, column D) in PyTorch, with batch norms behind its convolutions.

usage: python3 torch_vgg16_bn.py train --batch 8 --threads 2
"""
from torch import nn

from torch_bench import main


def vgg16_bn():
    layers, inputs = [], 3
    for width, convolutions in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(convolutions):
            layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(True)]
            inputs = width
        layers.append(nn.MaxPool2d(2))
    layers.append(nn.Flatten())
    for features in (512 * 7 * 7, 4096):
        layers += [nn.Linear(features, 4096), nn.ReLU(True), nn.Dropout()]
    return nn.Sequential(*layers, nn.Linear(4096, 1000))


if __name__ == "__main__":
    main(vgg16_bn, size=224, classes=1000)
