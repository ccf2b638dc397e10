"""Writes tests/import-golden: a tiny dense network of torchvision, and what torch computes with it, as torchvision_peer.py does.

    python3 tests/import_golden.py tests/import-golden

The weights are half precision, so that the file is small; torch computes with the same numbers in float64.
"""

import os
import sys

import torch
from torchvision.models import DenseNet

torch.manual_seed(3)
LR = 0.01
model = DenseNet(growth_rate=2, block_config=(2, 1), num_init_features=4, bn_size=4, num_classes=3)
for module in model.modules():
    if isinstance(module, torch.nn.BatchNorm2d):
        module.weight.data.uniform_(0.5, 1.5)
        module.bias.data.normal_(0, 0.3)
        module.running_mean.normal_(0, 0.3)
        module.running_var.uniform_(0.5, 1.5)
model.half()
state = {key: value.clone() for key, value in model.state_dict().items()}
torch.save({"state_dict": state, "epoch": 3}, os.path.join(sys.argv[1], "weights.pth"), _use_new_zipfile_serialization=False)

model.double()
image = torch.randn(2, 3, 32, 32).half()
labels = torch.tensor([2, 0])
reference = {"image": image, "labels": labels.int(), "lr": torch.tensor(LR)}
with torch.no_grad():
    reference["logits"] = model.eval()(image.double()).float()
optimizer = torch.optim.SGD(model.parameters(), lr=LR, momentum=0.9, weight_decay=1e-4)
logits = model.train()(image.double())
torch.nn.functional.cross_entropy(logits, labels).backward()
optimizer.step()
reference["training.logits"] = logits.detach().float()
reference.update({f"gradient.{key}": value.grad.float() for key, value in model.named_parameters()})
reference.update({f"after.{key}": value.float() for key, value in model.state_dict().items() if value.is_floating_point()})
torch.save(reference, os.path.join(sys.argv[1], "reference.pth"), _use_new_zipfile_serialization=False)
