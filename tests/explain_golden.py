"""Maps of PyTorch for a trained ResNet-20, which tests/explain-golden.test.ts compares with:

    /usr/bin/python3 tests/explain_golden.py ../shared/data/weights/cifar10_resnet20.safetensors > tests/explain-golden.json

The network is written out here (He et al. 2015, section 4.2, shortcut A), in float64; the images are sums of seeded waves. Where a rectifier's
input is so near 0 that float32 may take its other side, gradients jump: images are taken where none comes that near on the way.
"""
import base64
import json
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

mean = torch.tensor([0.485, 0.456, 0.406], dtype=torch.float64).view(1, 3, 1, 1)
std = torch.tensor([0.229, 0.224, 0.225], dtype=torch.float64).view(1, 3, 1, 1)
steps = 8
nearest = 2e-6


def read(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__", None)
    found = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            continue
        first, after = entry["data_offsets"]
        array = np.frombuffer(data[first:after], "<f4").reshape(entry["shape"]).astype(np.float64)
        found[name.replace("module.", "")] = torch.from_numpy(array)
    return found


weights = read(sys.argv[1])
margin = float("inf")


def conv(x, name, stride=1):
    return F.conv2d(x, weights[f"{name}.weight"], stride=stride, padding=1)


def norm(x, name):
    w = weights
    return F.batch_norm(
        x, w[f"{name}.running_mean"], w[f"{name}.running_var"], w[f"{name}.weight"], w[f"{name}.bias"], False, 0.0, 1e-5
    )


def relu(x):
    global margin
    margin = min(margin, float(x.detach().abs().min()))
    return F.relu(x)


def stem(x):
    return relu(norm(conv(x, "conv1"), "bn1"))


def body(x, stages):
    for stage in stages:
        for block in range(3):
            name = f"layer{stage}.{block}"
            stride = 2 if stage > 1 and block == 0 else 1
            y = relu(norm(conv(x, f"{name}.conv1", stride), f"{name}.bn1"))
            y = norm(conv(y, f"{name}.conv2"), f"{name}.bn2")
            if stride == 2:
                more = y.shape[1] // 4
                x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, more, more))
            x = relu(x + y)
    return x


def features(x):
    return body(stem(x), (1, 2, 3))


def classify(maps):
    return maps.mean((2, 3)) @ weights["linear.weight"].T + weights["linear.bias"]


def waves(random):
    y, x = np.mgrid[0:32, 0:32] / 32
    channels = []
    for _ in range(3):
        total = np.zeros((32, 32))
        for _ in range(6):
            u, v, phase, size = random.uniform(-3, 3), random.uniform(-3, 3), random.uniform(0, 6.3), random.uniform(0.3, 1)
            total += size * np.cos(2 * np.pi * (u * x + v * y) + phase)
        channels.append(128 + 48 * total)
    return np.clip(np.round(np.stack(channels)), 0, 255).astype(np.uint8)


def text(array):
    return base64.b64encode(np.ascontiguousarray(array)).decode()


def floats(tensor):
    return text(tensor.detach().numpy().astype("<f4"))


def cams(maps, rest, chosen):
    """Grad-CAM and HiResCAM at maps, from which `rest` leads to the logits."""
    maps = maps.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(rest(maps)[0, chosen], maps)
    with torch.no_grad():
        return {
            "gradCam": F.relu((gradient.mean((2, 3), keepdim=True) * maps).sum(1))[0],
            "hiResCam": (gradient * maps).sum(1)[0],
        }


def integrated(image, chosen):
    black = ((0 - mean) / std).to(image.dtype) + 0 * image
    total = torch.zeros_like(image)
    for step in range(steps):
        point = (black + (step + 0.5) / steps * (image - black)).detach().requires_grad_()
        (slope,) = torch.autograd.grad(classify(features(point))[0, chosen], point)
        total += slope / steps
    with torch.no_grad():
        difference = float(classify(features(image))[0, chosen] - classify(features(black))[0, chosen])
        return ((image - black) * total).sum(1)[0], difference


def maps_of(image, chosen):
    early = body(stem(image), (1, 2))
    late = cams(body(early, (3,)), classify, chosen)
    middle = cams(early, lambda maps: classify(body(maps, (3,))), chosen)
    attributions, difference = integrated(image, chosen)
    found = {"stage3": late, "stage2": middle, "image": {"integratedGradients": attributions}}
    return found, difference


random = np.random.RandomState(17)
entries = []
while len(entries) < 2:
    levels = waves(random)
    image = (torch.from_numpy(levels.astype(np.float64))[None] / 255 - mean) / std
    with torch.no_grad():
        logits = classify(features(image))[0]
    # the second image is asked for another class than it is taken for
    chosen = int(logits.argsort(descending=True)[len(entries)])
    margin = float("inf")
    found, difference = maps_of(image, chosen)
    if margin < nearest:
        continue
    entries.append(
        {
            "image": text(levels),
            "label": chosen,
            "logits": logits.tolist(),
            "maps": {layer: {name: floats(own) for name, own in maps.items()} for layer, maps in found.items()},
            "difference": difference,
        }
    )
print(json.dumps({"torch": torch.__version__, "steps": steps, "images": entries}, indent=1))
