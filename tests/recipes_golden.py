"""Twenty steps of small recipes in PyTorch, in float64: prints tests/recipes-golden.json, which tests/recipes.test.ts compares with.

    python3 tests/recipes_golden.py > tests/recipes-golden.json
"""
import copy
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


def network():
    model = nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, classes))
    with torch.no_grad():
        for seed, parameter in enumerate(model.parameters()):
            parameter.copy_(numbers(parameter.shape, seed))
    return model


def images(step, part):
    return 4 * numbers((batch, 2, 5, 5), 100 + 10 * step + part)


def labels(step, part):
    return torch.tensor([(i + step + part) % classes for i in range(batch)])


def shares(step, part):
    rows = numbers((batch, classes), 200 + 10 * step + part) + 0.6
    return (rows / rows.sum(1, keepdim=True)).float().double()


def smoothed(targets, smoothing):
    return (1 - smoothing) * targets + smoothing / classes


def cross_entropy(logits, step, part):
    return nn.functional.cross_entropy(logits, labels(step, part))


def soft_cross_entropy(logits, step, part):
    return nn.functional.cross_entropy(logits, shares(step, part))


def weighted_cross_entropy(logits, step, part):
    return nn.functional.cross_entropy(logits, labels(step, part), weight=torch.tensor([0.5, 2.0, 1.25]))


def bce(logits, step, part):
    return nn.functional.binary_cross_entropy_with_logits(logits, smoothed(shares(step, part), 0.1))


def run(optimiser, loss=cross_entropy, clip=None, accumulate=1, ema=None):
    model = network()
    average = copy.deepcopy(model)
    rule = optimiser(model.parameters())
    losses = []
    for step in range(steps):
        rule.zero_grad()
        total = 0.0
        for part in range(accumulate):
            value = loss(model(images(step, part)), step, part) / accumulate
            value.backward()
            total += value.item()
        if clip is not None:
            nn.utils.clip_grad_norm_(model.parameters(), clip)
        rule.step()
        losses.append(total)
        if ema is not None:
            with torch.no_grad():
                for kept, now in zip(average.parameters(), model.parameters()):
                    kept.mul_(ema).add_(now, alpha=1 - ema)
    result = {"losses": losses, "parameters": [p.flatten().tolist() for p in model.parameters()]}
    if ema is not None:
        result["averages"] = [p.flatten().tolist() for p in average.parameters()]
    return result


def sgd(parameters):
    return torch.optim.SGD(parameters, lr=0.25, momentum=0.9, weight_decay=1e-4)


print(
    json.dumps(
        {
            "adamw": run(lambda p: torch.optim.AdamW(p, lr=0.01)),
            "adamw with other options": run(
                lambda p: torch.optim.AdamW(p, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1)
            ),
            "clipped": run(sgd, clip=0.1),
            "accumulated": run(sgd, accumulate=3),
            "averaged": run(sgd, ema=0.9),
            "soft labels": run(sgd, loss=soft_cross_entropy),
            "bce": run(sgd, loss=bce),
            "class weights": run(sgd, loss=weighted_cross_entropy),
            "all together": run(
                lambda p: torch.optim.AdamW(p, lr=0.01), loss=bce, clip=0.05, accumulate=2, ema=0.95
            ),
        }
    )
)
