"""Loads images the way `skein bench data` does in Skein: PyTorch's DataLoader with torchvision's transforms on PIL images.

Reads a JSON object from standard input: paths, size, workers, batch, jitter (options of torchvision's ColorJitter, which then comes last).
The first pass over the images does not count: it starts the worker processes. Prints one line of JSON.
"""
import json
import sys
import time

import torch
import torchvision
from PIL import Image
from torchvision import transforms

task = json.load(sys.stdin)
jitter = [transforms.ColorJitter(**task["jitter"])] if task.get("jitter") else []
transform = transforms.Compose(
    [
        transforms.RandomResizedCrop(task["size"]),
        transforms.RandomHorizontalFlip(),
        *jitter,
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ]
)


class Files(torch.utils.data.Dataset):
    def __len__(self):
        return len(task["paths"])

    def __getitem__(self, index):
        with Image.open(task["paths"][index]) as image:
            return transform(image.convert("RGB")), 0


torch.set_num_threads(1)
loader = torch.utils.data.DataLoader(
    Files(), batch_size=task["batch"], shuffle=True, num_workers=task["workers"], persistent_workers=task["workers"] > 0
)
for _ in loader:
    pass
began = time.perf_counter()
count = sum(len(images) for images, _ in loader)
rate = count / (time.perf_counter() - began)
print(json.dumps({"imagesPerSecond": rate, "version": f"{torch.__version__} and torchvision {torchvision.__version__}"}))
