/** Samples of every class on one picture, as a photographer's contact sheet: a row for each class, its name on the left. */
import type { OverlayOptions } from 'sharp';
import { ConfigError, DataError, Random } from '../tensor/index.ts';
import type { Dataset, Image } from './dataset.ts';
import { labelsOf } from './labels-of.ts';
import { loadSharp } from './sharp.ts';
import { drawLabels } from './sheet-label.ts';
import { asTile } from './sheet-tile.ts';

/** Options of `sampleSheet`. */
export interface SampleSheetOptions {
  /** Samples of each class; default 10. */
  readonly samples?: number;
  /** Which samples; default 0. */
  readonly seed?: number;
}

/** A drawn sheet; sizes in pixels. */
export interface SampleSheet {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** False where this machine has no font to write class names with: rows are then in the order of the classes. */
  readonly labelled: boolean;
}

const gap = 4;
const margin = 16;
/** Between columns of rows. */
const gutter = 28;
const comfortableHeight = 1200;
/** Beyond this a picture helps nobody. */
const longestSide = 16_000;

/**
 * A PNG with `samples` samples of every class, small images enlarged by a whole factor so that pixels stay square. Samples that
 * cannot be read are passed over.
 * @throws ConfigError where `samples` is not a whole number of at least 1, or the sheet would be too large
 */
export async function sampleSheet(dataset: Dataset, options: SampleSheetOptions = {}): Promise<SampleSheet> {
  const { samples = 10, seed = 0 } = options;
  if (!(Number.isSafeInteger(samples) && samples >= 1))
    throw new ConfigError(
      `sampleSheet: \`samples\` must be a whole number of at least 1, but is ${samples}`,
      'leave it out for 10',
    );
  const tiles = await chooseTiles(dataset, samples, seed);
  const cell = tiles.flat().reduce((most, tile) => Math.max(most, tile.height, tile.width), 32);
  const labels = await drawLabels(dataset.classes);
  const labelWidth = labels.reduce((most, label) => Math.max(most, label?.width ?? 0), 0);
  const labelled = labelWidth > 0;
  const rowHeight = Math.max(cell, ...labels.map((label) => label?.height ?? 0)) + gap;
  const columnWidth = (labelled ? labelWidth + 12 : 0) + samples * (cell + gap) - gap;
  const columns = columnsFor(dataset.classes.length, columnWidth, rowHeight);
  const rows = Math.ceil(dataset.classes.length / columns);
  const width = 2 * margin + columns * columnWidth + (columns - 1) * gutter;
  const height = 2 * margin + rows * rowHeight - gap;
  if (Math.max(width, height) > longestSide)
    throw new ConfigError(
      `sampleSheet: ${samples} samples of each of ${dataset.classes.length} classes would need ${width}×${height} pixels`,
      'ask for fewer samples',
    );

  const canvas = new Canvas(width, height);
  const overlays: OverlayOptions[] = [];
  dataset.classes.forEach((_, label) => {
    const left = margin + Math.floor(label / rows) * (columnWidth + gutter);
    const top = margin + (label % rows) * rowHeight;
    const text = labels[label];
    if (text) {
      const middle = top + Math.floor((rowHeight - gap - text.height) / 2);
      overlays.push({ input: Buffer.from(text.png), left: left + labelWidth - text.width, top: middle });
    }
    const start = left + (labelled ? labelWidth + 12 : 0);
    tiles[label]?.forEach((tile, i) => {
      const [x, y] = [cell - tile.width, rowHeight - gap - tile.height].map((room) => Math.floor(room / 2));
      canvas.paint(tile, start + i * (cell + gap) + (x as number), top + (y as number));
    });
  });
  const sharp = await loadSharp();
  const sheet = sharp(canvas.pixels, { raw: { width, height, channels: 3 } }).composite(overlays);
  return { png: await sheet.png({ compressionLevel: 9 }).toBuffer(), width, height, labelled };
}

/** One column of rows if it is not too high; else as few as make the sheet about as wide as it is high. */
function columnsFor(classes: number, columnWidth: number, rowHeight: number): number {
  if (classes * rowHeight <= comfortableHeight) return 1;
  let columns = 1;
  while (columns < classes && columns * columnWidth < 0.8 * Math.ceil(classes / columns) * rowHeight) columns++;
  return columns;
}

/** The images of each class, ready to paint. */
async function chooseTiles(dataset: Dataset, samples: number, seed: number): Promise<Image[][]> {
  const members: number[][] = dataset.classes.map(() => []);
  const labels = await labelsOf(dataset);
  for (let index = 0; index < dataset.length; index++) members[labels[index] as number]?.push(index);
  const random = new Random(seed).fork('sheet');
  return Promise.all(
    members.map(async (indices, label) => {
      const tiles: Image[] = [];
      for (const index of random.fork(label).shuffle(Uint32Array.from(indices))) {
        if (tiles.length === samples) break;
        const image = await readable(dataset, index);
        if (image) tiles.push(asTile(image));
      }
      return tiles;
    }),
  );
}

async function readable(dataset: Dataset, index: number): Promise<Image | undefined> {
  try {
    return (await dataset.read(index)).image;
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}

/** White, with images painted on it; pixels [height, width, 3]. */
class Canvas {
  readonly pixels: Uint8Array;
  readonly #width: number;

  constructor(width: number, height: number) {
    this.#width = width;
    this.pixels = new Uint8Array(width * height * 3).fill(255);
  }

  paint({ channels, height, width, pixels }: Image, left: number, top: number): void {
    const area = height * width;
    for (let i = 0; i < area; i++) {
      const to = 3 * ((top + Math.floor(i / width)) * this.#width + left + (i % width));
      for (let channel = 0; channel < 3; channel++)
        this.pixels[to + channel] = pixels[Math.min(channel, channels - 1) * area + i] as number;
    }
  }
}
