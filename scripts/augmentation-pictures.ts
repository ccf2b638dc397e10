/** The pictures of docs/augmentations.md: a photograph and six random draws, side by side. */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { flip, randomResizedCrop } from '../src/augmentations/index.ts';
import {
  type Augmentation,
  augmented,
  decodeImage,
  decodeStored,
  type Image,
  type Pixels,
  resample,
  streamOf,
} from '../src/data/index.ts';
import { Random } from '../src/tensor/index.ts';
import { type Shown, shownAugmentations } from './augmentations-page.ts';

const size = { channels: 3, height: 224, width: 224 } as const;
const draws = 6;
/** Pixels of a picture's cells, half of what is drawn; between cells, and after the photograph. */
const [cell, gap, gutter] = [112, 4, 16];
const classes = 2;
/** Draws that show more of what may come. */
const seeds: Readonly<Record<string, number>> = { augMix: 5, trivialAugment: 6 };

interface Photograph {
  readonly stored: Pixels;
  /** As it is without augmentation. */
  readonly image: Image;
}

const folder = new URL('../docs/augmentations/', import.meta.url);

async function photograph(name: string): Promise<Photograph> {
  const path = fileURLToPath(new URL(`photographs/${name}.jpg`, folder));
  return { stored: await decodeStored(path, { channels: 3, least: 336 }), image: await decodeImage(path, size) };
}

/** By the names of their files. */
export async function augmentationPictures(): Promise<Map<string, Uint8Array>> {
  const photographs = await Promise.all(['shoes', 'hat', 'shirt'].map(photograph));
  const pictures = new Map<string, Uint8Array>();
  for (const [at, shown] of shownAugmentations.entries()) {
    const [one, other] = [at, at + 1].map((i) => photographs[i % photographs.length]) as [Photograph, Photograph];
    pictures.set(`${shown.name}.jpg`, await sideBySide([one.image, ...drawn(shown, one, other)]));
  }
  return pictures;
}

function drawn({ name, list }: Shown, one: Photograph, other: Photograph): Image[] {
  const random = new Random(`augmentations ${seeds[name] ?? 3}`).fork(name);
  const reorder = list.find((augmentation) => augmentation.reorder)?.reorder;
  const order = reorder?.(
    Uint32Array.from({ length: draws }, (_, i) => i),
    random,
  );
  return Array.from({ length: draws }, (_, draw) => {
    const chosen = order && order[draw] === 1 ? other : one;
    const all = order ? [...list, randomResizedCrop({ scale: [0.35, 1] }), flip()] : list;
    return mixed(
      list,
      [chosen, other].map((of, row) => changed(all, of, random.fork(draw).fork(row))),
      random.fork(draw),
    );
  });
}

/** As the pipeline has it: a crop that comes first is cut from the stored picture. */
function changed(list: readonly Augmentation[], { stored, image }: Photograph, random: Random): Image {
  const crop = list[0]?.crop;
  const box = crop?.box(stored, size, streamOf(list, 0, random, 'each'));
  const first = crop && box ? resample(stored, box, size, crop.interpolation) : image;
  return augmented(list, { image: first, label: 0 }, random, { from: crop ? 1 : 0 }).image;
}

/** The first of two images, when a batch of both was mixed. */
function mixed(list: readonly Augmentation[], pair: readonly Image[], random: Random): Image {
  const at = list.findIndex(({ mix }) => mix);
  const first = pair[0] as Image;
  if (at < 0) return first;
  const images = Float32Array.from(pair.flatMap(({ pixels }) => [...pixels]));
  const targets = Float32Array.from([1, 0, 0, 1]);
  list[at]?.mix?.({ ...size, images, targets, count: classes }, streamOf(list, at, random, 'each'));
  return { ...first, pixels: Uint8Array.from(images.subarray(0, first.pixels.length)) };
}

async function sideBySide(images: readonly Image[]): Promise<Uint8Array> {
  const width = images.length * (cell + gap) - gap + gutter;
  const cells = await Promise.all(
    images.map(async ({ pixels, channels, height, width: across }, i) => {
      const area = height * across;
      const interleaved = Uint8Array.from(
        pixels,
        (_, at) => pixels[(at % channels) * area + Math.floor(at / channels)] as number,
      );
      const raw = { width: across, height, channels: 3 } as const;
      const input = await sharp(interleaved, { raw }).resize(cell, cell).png().toBuffer();
      return { input, left: i * (cell + gap) + (i > 0 ? gutter : 0), top: 0 };
    }),
  );
  const background = { create: { width, height: cell, channels: 3, background: 'white' } } as const;
  return sharp(background).composite(cells).jpeg({ quality: 80, mozjpeg: true }).toBuffer();
}
