"""Twenty steps of fine-tuning in PyTorch, in float64: prints tests/fine-tuning-golden.json, which tests/fine-tuning.test.ts compares with.

    python3 tests/fine_tuning_golden.py > tests/fine-tuning-golden.json
"""
import json

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
steps, batch, classes = 20, 4, 3


def numbers(shape, seed):
    size = torch.Size(shape).numel()
    values = [((i * 7919 + seed * 613 + 13) % 1009) / 1009 - 0.5 for i in range(size)]
    # as float32 numbers, which is what Skein starts from
    return torch.tensor(values, dtype=torch.float32).to(torch.float64).reshape(shape)


def layer(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = layer(2, 4)
        self.stage1 = layer(4, 4)
        self.stage2 = layer(4, 6)
        self.classifier = nn.Linear(6, classes)
        with torch.no_grad():
            for seed, entry in enumerate(self.state()):
                values = numbers(entry.shape, seed)
                # variances and scales are above 0
                entry.copy_(values + 1 if seed in self.positive else values)

    positive = {1, 4, 6, 9, 11, 14}

    def state(self):
        entries = []
        for part in (self.stem, self.stage1, self.stage2):
            norm = part[1]
            entries += [part[0].weight, norm.weight, norm.bias, norm.running_mean, norm.running_var]
        return entries + [self.classifier.weight, self.classifier.bias]

    def forward(self, x):
        return self.classifier(self.stage2(self.stage1(self.stem(x))).mean((2, 3)))


def images(step):
    return 4 * numbers((batch, 2, 5, 5), 100 + 10 * step)


def labels(step):
    return torch.tensor([(i + step) % classes for i in range(batch)])


def run(optimiser, lr, frozen, rates, frozen_norms=False):
    model = Small()
    model.train()
    for name in frozen:
        part = getattr(model, name)
        part.eval()
        for parameter in part.parameters():
            parameter.requires_grad_(False)
    if frozen_norms:
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
                for parameter in module.parameters():
                    parameter.requires_grad_(False)
    groups = [
        {"params": [p for p in getattr(model, name).parameters() if p.requires_grad], "lr": lr * rates.get(name, 1)}
        for name in ("stem", "stage1", "stage2", "classifier")
        if name not in frozen
    ]
    rule = optimiser(groups, lr)
    losses = []
    for step in range(steps):
        rule.zero_grad()
        loss = nn.functional.cross_entropy(model(images(step)), labels(step))
        loss.backward()
        rule.step()
        losses.append(loss.item())
    return {"losses": losses, "state": [entry.flatten().tolist() for entry in model.state()]}


def sgd(groups, lr):
    return torch.optim.SGD(groups, lr=lr, momentum=0.9, weight_decay=1e-4)


def adamw(groups, lr):
    return torch.optim.AdamW(groups, lr=lr)


spread = {"stem": 0.1, "stage1": 0.25, "stage2": 0.5}
print(
    json.dumps(
        {
            "all layers by sgd": run(sgd, 0.05, [], spread),
            "all layers by adamw": run(adamw, 0.01, [], spread),
            "without the stem": run(sgd, 0.05, ["stem"], spread),
            "without the stem, by adamw": run(adamw, 0.01, ["stem"], spread),
            "with batch norms as they were": run(sgd, 0.05, [], spread, frozen_norms=True),
            "the head alone": run(sgd, 0.05, ["stem", "stage1", "stage2"], {}),
        }
    )
)
