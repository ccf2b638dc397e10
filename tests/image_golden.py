"""Small images of every kind that is read, and their pixels by PIL and Little CMS: `python3 image_golden.py FOLDER`.

FOLDER gets the files and pixels.json: by file name, height, width, [height, width, 3] packed by zlib in base64, and by how many levels a
decoder may differ, at most or in the mean. Without FOLDER it prints the same of the files that standard input names, a line each.
"""
import base64
import io
import json
import os
import struct
import sys
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps

height, width = 14, 18


def picture(height=height, width=width):
    """Smooth colours and a few edges, [height, width, 3]."""
    y, x = np.mgrid[0:height, 0:width]
    red = 255 * x / (width - 1)
    green = 255 * y / (height - 1)
    blue = 127 + 120 * np.sin(x / 3) * np.cos(y / 4)
    rgb = np.stack([red, green, blue], 2)
    rgb[3:8, 4:10] = [230, 40, 30]
    rgb[8:12, 11:17] = [20, 60, 200]
    return np.clip(np.round(rgb), 0, 255).astype(np.uint8)


def alpha():
    y, x = np.mgrid[0:height, 0:width]
    levels = np.round(255 * np.clip(1.4 * x / width - 0.2, 0, 1)).astype(np.uint8)
    levels[10:] = 255
    return levels


# ICC.1:2001-04

def s15(value):
    return struct.pack('>i', round(value * 65536))


def profile(space, tags, device=b'mntr', pcs=b'XYZ ', version=2):
    body, table, at = b'', b'', 128 + 4 + 12 * len(tags)
    places = {}
    for name, data in tags:
        if data not in places:
            places[data] = at + len(body)
            body += data + b'\0' * (-len(data) % 4)
        table += name + struct.pack('>II', places[data], len(data))
    size = at + len(body)
    head = struct.pack('>I4sI4s4s4s', size, b'lcms', version << 24, device, space, pcs)
    head += struct.pack('>6H', 2020, 1, 1, 0, 0, 0) + b'acsp' + b'\0' * 28
    head += s15(0.9642) + s15(1) + s15(0.8249)
    return head.ljust(128, b'\0') + struct.pack('>I', len(tags)) + table + body


def description(text):
    return b'desc\0\0\0\0' + struct.pack('>I', len(text) + 1) + text.encode() + b'\0' * (1 + 4 + 4 + 2 + 1 + 67)


def xyz(*values):
    return b'XYZ \0\0\0\0' + b''.join(map(s15, values))


def curve(*levels):
    return b'curv\0\0\0\0' + struct.pack('>I', len(levels)) + struct.pack(f'>{len(levels)}H', *levels)


def gamma(exponent):
    return curve(round(exponent * 256))


srgb_curve = b'para\0\0\0\0\0\3\0\0' + b''.join(map(s15, (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)))
srgb_columns = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141))


def display(name, columns, tone, version=2):
    red, green, blue = columns
    tags = [(b'desc', description(name)), (b'cprt', b'text\0\0\0\0none\0'), (b'wtpt', xyz(0.9642, 1, 0.8249))]
    tags += [(b'rXYZ', xyz(*red)), (b'gXYZ', xyz(*green)), (b'bXYZ', xyz(*blue))]
    return profile(b'RGB ', tags + [(name, tone) for name in (b'rTRC', b'gTRC', b'bTRC')], version=version)


def srgb_level(value):
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


profiles = {
    'adobe': display('Like Adobe RGB', ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)), gamma(2.19921875)),
    'p3': display('Like Display P3', ((0.5151, 0.2412, -0.0011), (0.292, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841)), srgb_curve, 4),
    # red and green exchanged: nobody takes it for another
    'turned': display('sRGB IEC61966-2.1', (srgb_columns[1], srgb_columns[0], srgb_columns[2]), srgb_curve, 4),
    'srgb': display('sRGB by formula', srgb_columns, srgb_curve, 4),
    'srgb-table': display('sRGB by table', srgb_columns, curve(*(round(65535 * srgb_level(i / 1023)) for i in range(1024)))),
    'srgb-26': display('sRGB by a small table', srgb_columns, curve(*(round(65535 * srgb_level(i / 25)) for i in range(26)))),
    'grey': profile(b'GRAY', [(b'desc', description('Grey 1.8')), (b'wtpt', xyz(0.9642, 1, 0.8249)), (b'kTRC', gamma(1.8))]),
}


def cmyk_profile():
    """Inks that multiply: a look-up table of 5 levels for each, to Lab and back."""
    levels = np.linspace(0, 1, 5)
    grid = np.stack(np.meshgrid(levels, levels, levels, levels, indexing='ij'), -1).reshape(-1, 4)
    inks = np.array([[0.1, 0.5, 0.8], [0.7, 0.15, 0.4], [0.95, 0.85, 0.1], [0.05, 0.05, 0.05]])
    light = np.prod(1 - grid[:, :, None] * (1 - inks[None]), 1) ** 2.2
    lab = lab_of(light @ np.array(srgb_columns))
    coded = np.stack([lab[:, 0] * 652.8, (lab[:, 1] + 128) * 256, (lab[:, 2] + 128) * 256], 1)

    def table(inputs, outputs, points, values):
        head = b'mft2\0\0\0\0' + bytes([inputs, outputs, points, 0]) + b''.join(s15(v) for v in (1, 0, 0, 0, 1, 0, 0, 0, 1))
        ramps = struct.pack('>2H', 0, 65535)
        return head + struct.pack('>2H', 2, 2) + ramps * inputs + np.round(values).clip(0, 65535).astype('>u2').tobytes() + ramps * outputs

    back = np.zeros((8, 4))
    tags = [(b'desc', description('Inks that multiply')), (b'wtpt', xyz(0.9642, 1, 0.8249))]
    tags += [(b'A2B0', table(4, 3, 5, coded)), (b'B2A0', table(3, 4, 2, back))]
    return profile(b'CMYK', tags, b'prtr', b'Lab ')


def lab_of(xyz_values):
    t = xyz_values / np.array([0.9642, 1, 0.8249])
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], 1)


def png(data, colour, depth, chunks=()):
    """Unfiltered, of samples [height, row bytes]: what PIL does not write."""
    def chunk(name, content):
        return struct.pack('>I', len(content)) + name + content + struct.pack('>I', zlib.crc32(name + content))
    head = struct.pack('>IIBBBBB', width, height, depth, colour, 0, 0, 0)
    rows = b''.join(b'\0' + bytes(row) for row in data)
    parts = [(b'IHDR', head), *chunks, (b'IDAT', zlib.compress(rows, 9)), (b'IEND', b'')]
    return b'\x89PNG\r\n\x1a\n' + b''.join(chunk(*part) for part in parts)


def interlaced(rgb):
    """Adam7, of PNG 8.2."""
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    def chunk(name, content):
        return struct.pack('>I', len(content)) + name + content + struct.pack('>I', zlib.crc32(name + content))
    rows = b''
    for top, left, down, across in passes:
        part = rgb[top::down, left::across]
        if part.size:
            rows += b''.join(b'\0' + row.tobytes() for row in part)
    head = struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 1)
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + chunk(b'IDAT', zlib.compress(rows, 9)) + chunk(b'IEND', b'')


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def files():
    rgb = Image.fromarray(picture())
    grey = rgb.convert('L')
    clear = rgb.copy()
    clear.putalpha(Image.fromarray(alpha()))
    few = rgb.quantize(12, method=Image.Quantize.MEDIANCUT)
    cmyk = rgb.convert('CMYK')
    jpeg = dict(quality=90)
    for name, subsampling in (('444', 0), ('422', 1), ('420', 2)):
        yield f'jpeg-{name}.jpg', saved(rgb, 'JPEG', subsampling=subsampling, **jpeg)
    yield 'jpeg-progressive.jpg', saved(rgb, 'JPEG', progressive=True, **jpeg)
    yield 'jpeg-grey.jpg', saved(grey, 'JPEG', **jpeg)
    for name in profiles:
        if name != 'grey':
            yield f'jpeg-{name}.jpg', saved(rgb, 'JPEG', icc_profile=profiles[name], **jpeg)
    yield 'jpeg-grey-profile.jpg', saved(grey, 'JPEG', icc_profile=profiles['grey'], **jpeg)
    inks = cmyk_profile()
    yield 'jpeg-cmyk-profile.jpg', saved(cmyk, 'JPEG', icc_profile=inks, **jpeg)
    ycck = Image.merge('CMYK', (*(ImageOps.invert(p) for p in rgb.convert('YCbCr').split()), Image.new('L', rgb.size, 40)))
    ycck = saved(ycck, 'JPEG', icc_profile=inks, **jpeg)
    at = ycck.index(b'Adobe\0')
    yield 'jpeg-ycck-profile.jpg', ycck[:at + 11] + b'\2' + ycck[at + 12:]
    for orientation in range(2, 9):
        yield f'jpeg-turned-{orientation}.jpg', saved(rgb, 'JPEG', exif=turned(orientation), subsampling=0, **jpeg)
    yield 'png-turned-6.png', saved(rgb, 'PNG', exif=turned(6))
    yield 'webp-turned-6.webp', saved(rgb, 'WEBP', exif=turned(6).tobytes(), lossless=True)
    yield 'tiff-turned-6.tif', saved(rgb, 'TIFF', tiffinfo={0x0112: 6})

    yield 'png-rgb.png', saved(rgb, 'PNG')
    yield 'png-palette.png', saved(few, 'PNG')
    yield 'png-palette-clear.png', saved(few, 'PNG', transparency=bytes([0, 90, 180] + [255] * 9))
    yield 'png-palette-key.png', saved(few, 'PNG', transparency=3)
    yield 'png-palette-profile.png', saved(few, 'PNG', icc_profile=profiles['adobe'])
    yield 'png-grey.png', saved(grey, 'PNG')
    yield 'png-grey-alpha.png', saved(clear.convert('LA'), 'PNG')
    yield 'png-alpha.png', saved(clear, 'PNG')
    yield 'png-alpha-profile.png', saved(clear, 'PNG', icc_profile=profiles['p3'])
    yield 'png-bits.png', saved(grey.convert('1'), 'PNG')
    yield 'png-interlaced.png', interlaced(picture())
    yield 'png-profile.png', saved(rgb, 'PNG', icc_profile=profiles['adobe'])
    yield 'png-grey-profile.png', saved(grey, 'PNG', icc_profile=profiles['grey'])
    deep = (picture().astype(np.uint16) * 257 - 100 * (picture() > 3)).astype('>u2')
    deep_alpha = alpha().astype('>u2') * 257
    yield 'png-16.png', png([row.tobytes() for row in deep], 2, 16)
    yield 'png-16-profile.png', png([row.tobytes() for row in deep], 2, 16, [(b'iCCP', b'p\0\0' + zlib.compress(profiles['adobe']))])
    yield 'png-16-grey-profile.png', png([row.tobytes() for row in deep[:, :, 0]], 0, 16, [(b'iCCP', b'p\0\0' + zlib.compress(profiles['grey']))])
    yield 'png-16-grey.png', png([row.tobytes() for row in deep[:, :, 0]], 0, 16)
    yield 'png-16-alpha.png', png([row.tobytes() for row in np.dstack([deep, deep_alpha]).astype('>u2')], 6, 16)
    yield 'png-16-grey-alpha.png', png([row.tobytes() for row in np.dstack([deep[:, :, 0], deep_alpha]).astype('>u2')], 4, 16)

    yield 'webp.webp', saved(rgb, 'WEBP', lossless=True)
    yield 'webp-alpha.webp', saved(clear, 'WEBP', lossless=True, exact=True)
    yield 'webp-profile.webp', saved(rgb, 'WEBP', lossless=True, icc_profile=profiles['p3'])
    yield 'webp-frames.webp', saved(rgb, 'WEBP', lossless=True, save_all=True, append_images=[rgb.rotate(180)])

    yield 'gif.gif', saved(few, 'GIF')
    yield 'gif-clear.gif', saved(few, 'GIF', transparency=2)
    yield 'gif-frames.gif', saved(few, 'GIF', save_all=True, append_images=[few.rotate(180)], loop=0)
    yield 'gif-grey.gif', saved(grey, 'GIF')

    for name, compression in (('plain', None), ('lzw', 'tiff_lzw'), ('jpeg', 'jpeg')):
        yield f'tiff-{name}.tif', saved(rgb, 'TIFF', compression=compression)
    yield 'tiff-grey.tif', saved(grey, 'TIFF')
    yield 'tiff-bits.tif', saved(grey.convert('1'), 'TIFF', compression='group4')
    yield 'tiff-palette.tif', saved(few, 'TIFF')
    yield 'tiff-alpha.tif', saved(clear, 'TIFF', compression='tiff_lzw')
    yield 'tiff-profile.tif', saved(rgb, 'TIFF', icc_profile=profiles['adobe'], compression='tiff_lzw')
    yield 'tiff-cmyk-profile.tif', saved(cmyk, 'TIFF', icc_profile=inks, compression='tiff_lzw')
    yield 'tiff-pages.tif', saved(rgb, 'TIFF', save_all=True, append_images=[rgb.rotate(180)], compression='tiff_lzw')
    yield 'tiff-16-grey.tif', saved(Image.fromarray(deep[:, :, 0].astype('<u2')), 'TIFF')


def sixteen(name, data):
    """What PIL cuts to 8 bits: the samples of a PNG above, v/257."""
    if name.startswith('tiff'):
        return np.repeat(np.asarray(Image.open(io.BytesIO(data)))[:, :, None], 3, 2) / 257
    at, packed = 8, b''
    while at < len(data):
        length = struct.unpack('>I', data[at:at + 4])[0]
        if data[at + 4:at + 8] == b'IDAT':
            packed += data[at + 8:at + 8 + length]
        at += 12 + length
    rows = zlib.decompress(packed)
    samples = np.frombuffer(rows, np.uint8).reshape(height, -1)[:, 1:].copy().view('>u2').reshape(height, width, -1) / 257
    has_alpha = samples.shape[2] in (2, 4)
    colour = samples[:, :, :-1] if has_alpha else samples
    if colour.shape[2] == 1:
        colour = np.repeat(colour, 3, 2)
    if has_alpha:
        share = samples[:, :, -1:] / 255
        colour = colour * share + 255 * (1 - share)
    return colour


def pixels(name, data):
    """[height, width, 3], upright, in sRGB, on white."""
    image = Image.open(io.BytesIO(data))
    icc = image.info.get('icc_profile')
    if '-16' in name:
        levels = np.round(sixteen(name, data)).astype(np.uint8)
        image = Image.fromarray(levels[:, :, 0] if 'grey' in name else levels)
    else:
        image.load()
        # a TIFF is turned as it is loaded
        image = image if image.format == 'TIFF' else ImageOps.exif_transpose(image)
    if image.mode in ('P', 'PA') or 'transparency' in image.info:
        image = image.convert('RGBA')
    if image.mode == '1':
        image = image.convert('L')
    share = None
    if image.mode in ('RGBA', 'LA'):
        share = image.getchannel('A')
        image = image.convert('RGB' if image.mode == 'RGBA' else 'L')
    if icc:
        image = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(io.BytesIO(icc)), ImageCms.createProfile('sRGB'), outputMode='RGB')
    image = image.convert('RGB')
    if share is not None:
        image.putalpha(share)
        white = Image.new('RGBA', image.size, 'white')
        image = Image.alpha_composite(white, image).convert('RGB')
    return np.asarray(image)


def described(name, data):
    rgb = pixels(name, data)
    has_profile = 'srgb' not in name and Image.open(io.BytesIO(data)).info.get('icc_profile')
    bound = {'mean': 3} if has_profile else {'most': 1}
    return {'height': rgb.shape[0], 'width': rgb.shape[1], **bound, 'pixels': base64.b64encode(zlib.compress(rgb.tobytes(), 9)).decode()}


def main():
    if len(sys.argv) < 2:
        paths = sys.stdin.read().split('\n')
        print(json.dumps({path: described(os.path.basename(path), open(path, 'rb').read()) for path in paths if path}))
        return
    folder = sys.argv[1]
    found = {}
    for name, data in files():
        with open(os.path.join(folder, name), 'wb') as file:
            file.write(data)
        found[name] = described(name, data)
    with open(os.path.join(folder, 'pixels.json'), 'w') as file:
        json.dump(found, file, indent=2)
        file.write('\n')


main()
