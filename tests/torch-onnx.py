"""Writes a small network with torch.onnx.export, as src/onnx/testdata has it:

python3 tests/torch-onnx.py src/onnx/testdata/torch.onnx
python3 tests/torch-onnx.py src/onnx/testdata/torch-folded.onnx --fold
"""

import sys

import torch
from torch import nn


def eighths(*shape):
    count = int(torch.tensor(shape).prod())
    return ((torch.arange(count, dtype=torch.float32) * 7) % 61 / 8 - 3).reshape(shape)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3, bias=False)
        self.bn = nn.BatchNorm2d(2)
        self.fc = nn.Linear(8, 3)
        self.register_buffer("halves", torch.tensor([0.5, -2.0], dtype=torch.float16))
        self.register_buffer("doubles", torch.tensor([[0.1], [3.0]], dtype=torch.float64))
        self.register_buffer("steps", torch.tensor(2**40 + 1))
        with torch.no_grad():
            for tensor in [*self.parameters(), self.bn.running_mean, self.bn.running_var]:
                tensor.copy_(eighths(*tensor.shape))
            self.bn.running_var.abs_()

    def forward(self, image):
        logits = self.fc(torch.flatten(torch.relu(self.bn(self.conv(image))), 1))
        return logits, self.halves + 1, self.doubles * 2, self.steps + 1


folding = "--fold" in sys.argv
torch.onnx.export(Net().eval(), torch.zeros(1, 1, 4, 4), sys.argv[1], do_constant_folding=folding,
                  training=torch.onnx.TrainingMode.EVAL if folding else torch.onnx.TrainingMode.PRESERVE)
