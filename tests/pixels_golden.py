"""What torchvision and Pillow make of small images: prints tests/pixels-golden.json, which tests/pixels.test.ts compares with.

    python3 tests/pixels_golden.py > tests/pixels-golden.json

With the word `large`, the same of larger images and with more parameters. Made with torchvision 0.14.1 and Pillow 9.4.
"""
import base64
import json
import math
import sys

import numpy as np
from PIL import Image
from torchvision.transforms import functional as F
from torchvision.transforms.functional import InterpolationMode as Mode

large = sys.argv[1:] == ["large"]


def picture(height, width, channels):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    noise = ((y * width + x) * channels + c) * 7919 % 1009 % 61
    levels = 128 + 90 * np.sin(x / 5 + c) * np.cos(y / 4 + 2 * c) + noise - 30
    if not large:
        levels[2:5, 3:7, :1] = 255
        levels[0, :4] = 0
    return np.clip(levels, 0, 255).astype(np.uint8)


sizes = [(97, 131, 3), (64, 80, 1), (3, 2, 3)] if large else [(11, 14, 3), (9, 8, 1)]
images = [picture(*size) for size in sizes]
modes = {"nearest": Mode.NEAREST, "bilinear": Mode.BILINEAR}
resizes = {"nearest": Image.NEAREST, "bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC, "lanczos": Image.LANCZOS}


def resize(image, box, size, interpolation):
    top, left, height, width = box
    cut = image.crop((left, top, left + width, top + height))
    return cut.resize((size[1], size[0]), resizes[interpolation])


def shear(image, x, y, interpolation, fill):
    degrees = [math.degrees(math.atan(x)), math.degrees(math.atan(y))]
    return F.affine(image, 0.0, [0, 0], 1.0, degrees, modes[interpolation], fill, center=[0, 0])


operations = {
    "brightness": F.adjust_brightness,
    "contrast": F.adjust_contrast,
    "saturation": F.adjust_saturation,
    "sharpness": F.adjust_sharpness,
    "hue": F.adjust_hue,
    "grey": lambda image: F.to_grayscale(image, len(image.getbands())),
    "posterise": F.posterize,
    "solarise": F.solarize,
    "invert": F.invert,
    "autoContrast": F.autocontrast,
    "equalise": F.equalize,
    "blur": lambda image, kernel, sigma: F.gaussian_blur(image, [kernel, kernel], [sigma, sigma]),
    "rotate": lambda image, angle, how, fill: F.rotate(image, angle, modes[how], fill=fill),
    "affine": lambda image, angle, translate, scale, degrees, how, fill: F.affine(
        image, angle, translate, scale, degrees, modes[how], fill
    ),
    "shear": shear,
    "resize": resize,
}

factors = [0, 0.1, 0.37, 0.55, 1, 1.45, 1.9] if large else [0.37, 1.45]
cases = []
for name in ["brightness", "contrast", "saturation", "sharpness"]:
    cases += [(name, [factor]) for factor in factors]
cases += [("hue", [turn]) for turn in ([-0.5, -0.21, -0.05, 0, 0.1, 0.33, 0.5] if large else [-0.21, 0.1])]
cases += [("posterise", [bits]) for bits in ([0, 1, 2, 4, 7, 8] if large else [3])]
cases += [("solarise", [threshold]) for threshold in ([0.0, 100.3, 128, 255.0] if large else [100.3])]
cases += [(name, []) for name in ["grey", "invert", "autoContrast", "equalise"]]
cases += [("blur", [kernel, sigma]) for kernel, sigma in ([(3, 0.1), (3, 2.0), (9, 0.7), (23, 2.0)] if large else [(5, 1.3)])]
angles = [0, 1, 13.7, 90, -90, 135, 180, -77.7, 270] if large else [13.7, -90]
for how, fill in [("nearest", 0), ("bilinear", 0), ("bilinear", 200)]:
    cases += [("rotate", [angle, how, fill]) for angle in angles]
    cases += [("shear", [x, y, how, fill]) for x, y in ([(0.3, 0), (-0.99, 0), (0, 0.3), (0, -0.07)] if large else [(0.3, 0), (0, -0.2)])]
    changes = [(10.5, [3, -2], 1.2, [7.0, 0.0]), (-30, [0, 1], 0.8, [-5.0, 3.0]), (0, [0, 4], 1.3, [0.0, 0.0]), (0, [-3, 0], 1.0, [0.0, 0.0])]
    cases += [("affine", [*change, how, fill]) for change in (changes if large else changes[:1] + changes[2:3])]


def boxes(height, width):
    whole = ([0, 0, height, width], [height // 2 + 1, width // 2 + 2])
    part = ([1, 0, height - 2, width - 1], [height // 3 + 1, width])
    up = ([0, 1, max(1, height // 3), max(1, width // 2)], [height, width + 3])
    same = ([0, 1, height - 1, width - 1], [height - 1, width - 1])
    thin = ([0, 0, 1, width], [5, 3])
    return [whole, part, up, same, thin] if large else [part, up]


def text(array):
    return base64.b64encode(array.tobytes()).decode()


def run(at, name, arguments):
    array = images[at]
    image = Image.fromarray(array[:, :, 0] if array.shape[2] == 1 else array)
    result = np.asarray(operations[name](image, *arguments))
    height, width = result.shape[:2]
    planes = result.reshape(height, width, -1).transpose(2, 0, 1)
    return {"image": at, "name": name, "arguments": arguments, "height": height, "width": width, "pixels": text(planes)}


def fits(at, name, arguments):
    # reflection needs more pixels than the kernel reaches
    return name != "blur" or arguments[0] // 2 < min(sizes[at][:2])


found = [run(at, *case) for at in range(len(images)) for case in cases if fits(at, *case)]
for at, (height, width, _) in enumerate(sizes):
    found += [run(at, "resize", [box, size, how]) for box, size in boxes(height, width) for how in resizes]
print(
    json.dumps(
        {
            "images": [
                {"height": height, "width": width, "channels": channels, "pixels": text(images[at].transpose(2, 0, 1))}
                for at, (height, width, channels) in enumerate(sizes)
            ],
            "cases": found,
        },
        separators=(",", ":"),
    ).replace('{"image":', '\n{"image":')
)
