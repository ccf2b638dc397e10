/** Pictures in rows on one sheet, as a photographer's contact sheet: the name of each row on its left. */
import type { OverlayOptions } from 'sharp';
import { ConfigError } from '../tensor/index.ts';
import type { Image } from './dataset.ts';
import { loadSharp } from './sharp.ts';
import { drawCaptions, drawLabels, type SheetLabel } from './sheet-label.ts';
import { asTile } from './sheet-tile.ts';

/** Pictures side by side, and what they are called together. */
export interface SheetRow {
  readonly label: string;
  readonly pictures: readonly SheetPicture[];
}

/** One of them. */
export interface SheetPicture {
  readonly image: Image;
  /** Lines below it. */
  readonly caption?: readonly string[];
}

/** How a sheet is laid out. */
export interface ContactSheetOptions {
  /** Pictures of the longest row. */
  readonly across: number;
  /** What stands over the pictures of each column. */
  readonly heads?: readonly string[];
  /** How many pictures stand apart, on the left. */
  readonly apart?: number;
}

/** A drawn sheet; sizes in pixels. */
export interface SampleSheet {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** False where this machine has no font to write names with: rows are then in the order of the classes. */
  readonly labelled: boolean;
}

const gap = 4;
const margin = 16;
/** Between columns of rows. */
const gutter = 28;
/** Between a label and its row, and behind what stands apart. */
const space = 12;
/** Over a line of small words. */
const leading = 3;
const comfortableHeight = 1200;
/** Beyond this a picture helps nobody. */
const longestSide = 16_000;
const leastCell = 32;
/** Room for a name below a picture. */
const captionedCell = 96;

/**
 * A PNG of the rows, in several columns of them where they are many; small images are enlarged by a whole factor, so that pixels stay square.
 * @throws ConfigError where it would be too large
 */
export async function contactSheet(rows: readonly SheetRow[], options: ContactSheetOptions): Promise<SampleSheet> {
  const { across, heads = [], apart = 0 } = options;
  const tiles = rows.map(({ pictures }) =>
    pictures.map(({ image, caption = [] }) => ({ tile: asTile(image), caption })),
  );
  const all = tiles.flat();
  const lines = all.reduce((most, { caption }) => Math.max(most, caption.length), 0);
  const least = lines > 0 || heads.length > 0 ? captionedCell : leastCell;
  const cell = all.reduce((most, { tile }) => Math.max(most, tile.height, tile.width), least);
  const labels = await drawLabels(rows.map(({ label }) => label));
  const captions = await drawCaptions([...heads, ...all.flatMap(({ caption }) => caption)], cell);
  const labelWidth = labels.reduce((most, label) => Math.max(most, label?.width ?? 0), 0);
  const labelled = labelWidth > 0;
  const letters = [...captions.values()].reduce((most, { height }) => Math.max(most, height), 0);
  const lineHeight = letters + (letters > 0 ? leading : 0);
  const tileHeight = cell + lines * lineHeight;
  const rowHeight = Math.max(tileHeight, ...labels.map((label) => label?.height ?? 0)) + gap;
  const headHeight = heads.length > 0 ? lineHeight + gap : 0;
  const start = labelled ? labelWidth + space : 0;
  const place = (i: number) => start + i * (cell + gap) + (apart > 0 && i >= apart ? space : 0);
  const columnWidth = place(across) - gap;
  const columns = columnsFor(rows.length, columnWidth, rowHeight);
  const deep = Math.ceil(rows.length / columns);
  const width = 2 * margin + columns * columnWidth + (columns - 1) * gutter;
  const height = 2 * margin + headHeight + deep * rowHeight - gap;
  if (Math.max(width, height) > longestSide)
    throw new ConfigError(
      `contactSheet: ${rows.length} rows of ${across} pictures would need ${width}×${height} pixels`,
      'ask for fewer samples',
    );

  const canvas = new Canvas(width, height);
  const overlays: OverlayOptions[] = [];
  const write = (drawn: SheetLabel | undefined, left: number, top: number) => {
    if (drawn) overlays.push({ input: Buffer.from(drawn.png), left: Math.floor(left), top: Math.floor(top) });
  };
  const centred = (text: string, left: number, top: number) => {
    const drawn = captions.get(text);
    write(drawn, left + (cell - (drawn?.width ?? 0)) / 2, top);
  };
  const leftOf = (column: number) => margin + column * (columnWidth + gutter);
  for (let column = 0; column < columns; column++)
    for (const [i, head] of heads.entries()) centred(head, leftOf(column) + place(i), margin);
  for (const [at, row] of tiles.entries()) {
    const left = leftOf(Math.floor(at / deep));
    const top = margin + headHeight + (at % deep) * rowHeight;
    const label = labels[at];
    if (label) write(label, left + labelWidth - label.width, top + (cell - label.height) / 2);
    for (const [i, { tile, caption }] of row.entries()) {
      const [x, y] = [cell - tile.width, cell - tile.height].map((room) => Math.floor(room / 2)) as [number, number];
      canvas.paint(tile, left + place(i) + x, top + y);
      for (const [line, text] of caption.entries())
        centred(text, left + place(i), top + cell + leading + line * lineHeight);
    }
  }
  const sharp = await loadSharp();
  const sheet = sharp(canvas.pixels, { raw: { width, height, channels: 3 } }).composite(overlays);
  return { png: await sheet.png({ compressionLevel: 9 }).toBuffer(), width, height, labelled };
}

/** One column of rows if it is not too high; else as few as make the sheet about as wide as it is high. */
function columnsFor(rows: number, columnWidth: number, rowHeight: number): number {
  if (rows * rowHeight <= comfortableHeight) return 1;
  let columns = 1;
  while (columns < rows && columns * columnWidth < 0.8 * Math.ceil(rows / columns) * rowHeight) columns++;
  return columns;
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
