"""What SciPy, scikit-image, OpenCV, Pillow and ImageMagick make of a small image: prints tests/corruptions-golden.json, which
tests/corruptions.test.ts compares with.

    python3 tests/corruptions_golden.py > tests/corruptions-golden.json

Each case is the definition of a corruption of ImageNet-C (arXiv 1903.12261, make_imagenet_c.py and make_cifar_c.py of its repository) with constants of
one of its severities, and with numbers from a small generator in place of random ones, so that both sides have the same. Made with SciPy 1.10,
scikit-image 0.19, OpenCV 4.6, Pillow 9.4 and ImageMagick 6.9.11 (Debian 12: python3-skimage, python3-opencv, imagemagick).
"""
import base64
import io
import json
import os
import subprocess
import tempfile

import cv2
import numpy as np
from PIL import Image
from scipy import ndimage
from skimage import color
from skimage.filters import gaussian

SIDE = 20


class Draws:
    """Lehmer's generator with a summand, modulo 65537: exact in every language."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        self.state = (75 * self.state + 74) % 65537
        return self.state / 65537

    def signed(self):
        return 2 * self.uniform() - 1

    def bell(self):
        return sum(self.uniform() for _ in range(12)) - 6

    def array(self, draw, *shape):
        return np.array([draw() for _ in range(int(np.prod(shape)))]).reshape(shape)


def picture():
    y, x, c = np.meshgrid(np.arange(SIDE), np.arange(SIDE), np.arange(3), indexing="ij")
    noise = ((y * SIDE + x) * 3 + c) * 7919 % 1009 % 61
    levels = 128 + 90 * np.sin(x / 4 + c) * np.cos(y / 3 + 2 * c) + noise - 30
    levels[2:6, 3:8, :1] = 255
    levels[0, :4] = 0
    levels[12:14, 10:16] = 77
    return np.clip(levels, 0, 255).astype(np.uint8)


def blur(x, sigma, **more):
    return gaussian(x, sigma=sigma, channel_axis=-1 if x.ndim == 3 else None, **more)


def motion(levels, radius, sigma, angle):
    """Of bytes, RGB or grey; as a PNG, as published: other formats are rounded otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "a.png"), os.path.join(folder, "b.png")
        Image.fromarray(levels).save(source)
        subprocess.run(["/usr/bin/convert", source, "-motion-blur", f"{radius}x{sigma}{angle:+}", target], check=True)
        return cv2.imread(target, cv2.IMREAD_UNCHANGED)[..., ::-1] if levels.ndim == 3 else cv2.imread(target, cv2.IMREAD_UNCHANGED)


def nearer(plane, factor):
    side = plane.shape[0]
    cut = int(np.ceil(side / factor))
    start = (side - cut) // 2
    large = ndimage.zoom(plane[start : start + cut, start : start + cut], factor, order=1)
    trim = (large.shape[0] - side) // 2
    return large[trim : trim + side, trim : trim + side]


def gaussian_blur(x, sigma):
    return blur(x / 255, sigma)


def defocus_blur(x, radius, softness):
    reach, side = (8, 3) if radius <= 8 else (radius, 5)
    across, down = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    disk = (across**2 + down**2 <= radius**2).astype(np.float64)
    kernel = cv2.GaussianBlur(disk / disk.sum(), (side, side), sigmaX=softness)
    return np.dstack([cv2.filter2D(x[..., c] / 255, -1, kernel) for c in range(3)])


def glass_blur(x, sigma, reach, passes, seed):
    draws = Draws(seed)
    x = np.uint8(blur(x / 255, sigma) * 255)
    for _ in range(passes):
        for row in range(SIDE - reach, reach, -1):
            for column in range(SIDE - reach, reach, -1):
                across, down = [int(draws.uniform() * 2 * reach) - reach for _ in range(2)]
                # an exchange of two views: what is read second has been written before
                x[row, column], x[row + down, column + across] = x[row + down, column + across], x[row, column]
    return blur(x / 255, sigma)


def motion_blur(x, radius, sigma, angle):
    return motion(x, radius, sigma, angle) / 255


def zoom_blur(x, end, step):
    x = x / 255
    factors = np.arange(1, end, step)
    near = [np.dstack([nearer(x[..., c], factor) for c in range(3)]) for factor in factors]
    return (x + sum(near)) / (len(factors) + 1)


def clouds(side, decay, draws):
    height = np.zeros((side, side))
    step, wide = side, 100.0

    def shaken(total):
        return total / 4 + wide * (draws.array(draws.signed, *total.shape) * wide)

    while step >= 2:
        half = step // 2
        corners = height[::step, ::step]
        pairs = corners + np.roll(corners, -1, axis=0)
        height[half::step, half::step] = shaken(pairs + np.roll(pairs, -1, axis=1))
        middles = height[half::step, half::step]
        height[::step, half::step] = shaken(middles + np.roll(middles, 1, axis=0) + corners + np.roll(corners, -1, axis=1))
        height[half::step, ::step] = shaken(middles + np.roll(middles, 1, axis=1) + corners + np.roll(corners, -1, axis=0))
        step, wide = half, wide / decay
    height -= height.min()
    return height / height.max()


def fog(x, thickness, decay, seed):
    x = x / 255
    brightest = x.max()
    x = x + thickness * clouds(32, decay, Draws(seed))[:SIDE, :SIDE, None]
    return x * brightest / (brightest + thickness)


def snow(x, mean, deviation, size, threshold, radius, sigma, kept, angle, seed):
    draws = Draws(seed)
    x = x / 255
    flakes = nearer(mean + deviation * draws.array(draws.bell, SIDE, SIDE), size)
    flakes[flakes < threshold] = 0
    streaks = motion((np.clip(flakes, 0, 1) * 255).astype(np.uint8), radius, sigma, angle)[..., None] / 255
    luma = (x @ [0.299, 0.587, 0.114])[..., None]
    return kept * x + (1 - kept) * np.maximum(x, 1.5 * luma + 0.5) + streaks + np.rot90(streaks, 2)


def spatter(x, liquid, mean, deviation, sigma, threshold, strength, seed):
    draws = Draws(seed)
    x = x / 255
    drops = blur(mean + deviation * draws.array(draws.bell, SIDE, SIDE), sigma)
    drops[drops < threshold] = 0
    if liquid == "water":
        thick = (drops * 255).astype(np.uint8)
        away = cv2.distanceTransform(255 - cv2.Canny(thick, 50, 150), cv2.DIST_L2, 5)
        away = cv2.equalizeHist(cv2.blur(np.minimum(away, 20), (3, 3)).astype(np.uint8))
        lit = cv2.filter2D(away, cv2.CV_8U, np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]))
        wet = thick * cv2.blur(lit, (3, 3)).astype(np.float32)
        return x + (wet / wet.max() * strength)[..., None] * np.array([175, 238, 238]) / 255
    mud = blur((drops > threshold).astype(np.float64), strength)
    mud[mud < 0.8] = 0
    return x * (1 - mud[..., None]) + mud[..., None] * np.array([63, 42, 20]) / 255


def contrast(x, left):
    x = x / 255
    mean = x.mean(axis=(0, 1), keepdims=True)
    return (x - mean) * left + mean


def brightness(x, added):
    hsv = color.rgb2hsv(x / 255)
    hsv[..., 2] = np.clip(hsv[..., 2] + added, 0, 1)
    return color.hsv2rgb(hsv)


def saturate(x, factor, summand):
    hsv = color.rgb2hsv(x / 255)
    hsv[..., 1] = np.clip(hsv[..., 1] * factor + summand, 0, 1)
    return color.hsv2rgb(hsv)


def jpeg_compression(x, quality):
    file = io.BytesIO()
    Image.fromarray(x).save(file, "JPEG", quality=quality)
    return np.array(Image.open(file)) / 255


def pixelate(x, share):
    few = int(SIDE * share)
    return np.array(Image.fromarray(x).resize((few, few), Image.BOX).resize((SIDE, SIDE), Image.BOX)) / 255


def elastic_transform(x, strength, sigma, corners, seed):
    draws = Draws(seed)
    third = SIDE // 3
    middle = SIDE // 2
    points = np.float32([[middle + third, middle + third], [middle + third, middle - third], [middle - third, middle - third]])
    moved = (points + SIDE * corners * draws.array(draws.signed, 3, 2)).astype(np.float32)
    turn = cv2.getAffineTransform(points, moved)
    x = cv2.warpAffine((x / 255).astype(np.float32), turn, (SIDE, SIDE), borderMode=cv2.BORDER_REFLECT_101)
    by = [
        SIDE * strength * gaussian(draws.array(draws.signed, SIDE, SIDE), SIDE * sigma, mode="reflect", truncate=3) for _ in range(2)
    ]
    row, column = np.meshgrid(np.arange(SIDE), np.arange(SIDE), indexing="ij")
    places = [row + by[1], column + by[0]]
    return np.dstack([ndimage.map_coordinates(x[..., c], places, order=1, mode="reflect") for c in range(3)])


cases = [
    (gaussian_blur, [1]),
    (gaussian_blur, [6]),
    (defocus_blur, [1.5, 0.1]),
    (defocus_blur, [6, 0.5]),
    (defocus_blur, [10, 0.5]),
    (glass_blur, [0.7, 1, 2, 5]),
    (glass_blur, [1.1, 3, 2, 6]),
    (motion_blur, [6, 1.5, 30.0]),
    (motion_blur, [10, 3, -41.3]),
    (zoom_blur, [1.06, 0.01]),
    (zoom_blur, [1.31, 0.03]),
    (fog, [1.5, 2, 7]),
    (snow, [0.1, 0.3, 3, 0.5, 10, 4, 0.8, -100.0, 8]),
    (spatter, ["water", 0.65, 0.3, 2, 0.68, 0.5, 10]),
    (spatter, ["water", 0.62, 0.1, 0.7, 0.7, 0.5, 11]),
    (spatter, ["mud", 0.65, 0.3, 1, 0.65, 1.5, 12]),
    (contrast, [0.3]),
    (brightness, [0.2]),
    (saturate, [0.3, 0]),
    (saturate, [20, 0.2]),
    (jpeg_compression, [25]),
    (pixelate, [0.6]),
    (pixelate, [0.95]),
    (elastic_transform, [0.05, 0.2, 0.07, 13]),
    (elastic_transform, [2, 0.7, 0.1, 14]),
]


def planes(x):
    return base64.b64encode(np.ascontiguousarray(x.transpose(2, 0, 1)).tobytes()).decode()


x = picture()
results = [
    {"name": make.__name__, "constants": constants, "pixels": planes((np.clip(make(x, *constants), 0, 1) * 255).astype(np.uint8))}
    for make, constants in cases
]
print(json.dumps({"side": SIDE, "pixels": planes(x), "cases": results}, indent=1))
