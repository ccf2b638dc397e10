/** Images moved, turned and sheared, in the arithmetic of PIL's Image.transform: each new pixel looks up where it comes from. */
import type { Image } from '../../data/index.ts';
import type { Matrix } from './matrix.ts';

/** How pixels are taken that lie between others, and the level of what comes in from outside. */
export interface AffineOptions {
  readonly interpolation: 'nearest' | 'bilinear';
  readonly fill: number;
}

/** @param matrix from places in the new image to places in the old one */
export function transformed(image: Image, matrix: Matrix, { interpolation, fill }: AffineOptions): Image {
  const changed = new Uint8Array(image.pixels.length);
  if (fill !== 0) changed.fill(fill);
  if (interpolation === 'bilinear') between(image, matrix, changed);
  else nearest(image, matrix, changed);
  return { ...image, pixels: changed };
}

function nearest({ channels, height, width, pixels }: Image, matrix: Matrix, changed: Uint8Array): void {
  const area = height * width;
  const { a, b, c, d, e, f, unit } = inUnits(matrix);
  const sources = new Int32Array(width);
  let rowX = c;
  let rowY = f;
  for (let y = 0; y < height; y++, rowX += b, rowY += e) {
    let sourceX = rowX;
    let sourceY = rowY;
    for (let x = 0; x < width; x++, sourceX += a, sourceY += d) {
      const column = Math.floor(sourceX / unit);
      const row = Math.floor(sourceY / unit);
      const isInside = column >= 0 && column < width && row >= 0 && row < height;
      sources[x] = isInside ? row * width + column : -1;
    }
    for (let channel = 0; channel < channels; channel++) {
      const first = channel * area;
      for (let x = 0, to = first + y * width; x < width; x++, to++) {
        const from = sources[x] as number;
        if (from >= 0) changed[to] = pixels[first + from] as number;
      }
    }
  }
}

/** Steps in 65536ths of a pixel, as PIL has them, but where nothing is turned; and the place of the first pixel's centre. */
function inUnits([a, b, c, d, e, f]: Matrix) {
  const [x, y] = [c + a * 0.5 + b * 0.5, f + d * 0.5 + e * 0.5];
  if (b === 0 && d === 0) return { a, b, c: x, d, e, f: y, unit: 1 };
  const fixed = (place: number): number => Math.floor(place * 65536 + 0.5);
  return { a: fixed(a), b: fixed(b), c: fixed(x), d: fixed(d), e: fixed(e), f: fixed(y), unit: 65536 };
}

/** y = (1 − t)(…) + t (…) of four pixels, cut off to a level; the border's pixels reach half a pixel further. */
function between({ channels, height, width, pixels }: Image, matrix: Matrix, changed: Uint8Array): void {
  const [a, b, c, d, e, f] = matrix;
  const area = height * width;
  // of each pixel of a row: where its four neighbours are, and how far between them it is
  const [upperLeft, stepRight, stepDown] = [new Int32Array(width), new Uint8Array(width), new Int32Array(width)];
  const [across, down] = [new Float64Array(width), new Float64Array(width)];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sourceX = a * (x + 0.5) + b * (y + 0.5) + c;
      const sourceY = d * (x + 0.5) + e * (y + 0.5) + f;
      if (!(sourceX >= 0 && sourceX < width && sourceY >= 0 && sourceY < height)) {
        upperLeft[x] = -1;
        continue;
      }
      const left = Math.floor(sourceX - 0.5);
      const top = Math.floor(sourceY - 0.5);
      across[x] = sourceX - 0.5 - left;
      down[x] = sourceY - 0.5 - top;
      upperLeft[x] = Math.max(0, top) * width + Math.max(0, left);
      stepRight[x] = left >= 0 && left + 1 < width ? 1 : 0;
      stepDown[x] = top >= 0 && top + 1 < height ? width : 0;
    }
    for (let channel = 0; channel < channels; channel++) {
      const first = channel * area;
      for (let x = 0, to = first + y * width; x < width; x++, to++) {
        const place = upperLeft[x] as number;
        if (place < 0) continue;
        const from = first + place;
        const below = from + (stepDown[x] as number);
        const right = stepRight[x] as number;
        const t = across[x] as number;
        const p = pixels[from] as number;
        const q = pixels[below] as number;
        const upper = p + ((pixels[from + right] as number) - p) * t;
        const lower = q + ((pixels[below + right] as number) - q) * t;
        changed[to] = upper + (lower - upper) * (down[x] as number);
      }
    }
  }
}
