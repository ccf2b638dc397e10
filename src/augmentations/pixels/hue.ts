/** Turning colours round the circle of hues, through the HSV of PIL: three bytes, so that little changes even by a turn of 0. */
import type { Image } from '../../data/index.ts';

/** @param turn −0.5..0.5: a share of the circle */
export function hueTurned(image: Image, turn: number): Image {
  const { channels, height, width, pixels } = image;
  if (channels !== 3) return image;
  const area = height * width;
  const shift = Math.trunc(turn * 255) & 255;
  const changed = new Uint8Array(pixels.length);
  for (let at = 0, green = area, blue = 2 * area; at < area; at++, green++, blue++) {
    const r = pixels[at] as number;
    const g = pixels[green] as number;
    const b = pixels[blue] as number;
    const value = r > g ? (r > b ? r : b) : g > b ? g : b;
    const least = r < g ? (r < b ? r : b) : g < b ? g : b;
    if (value === least) {
      changed[at] = changed[green] = changed[blue] = value;
      continue;
    }
    const range = value - least;
    const hue = (hueOf(r, g, b, value, range) + shift) & 255;
    const saturation = Math.trunc(Math.fround(range / value) * 255);
    if (saturation === 0) {
      changed[at] = changed[green] = changed[blue] = value;
      continue;
    }
    const sector = sectors[hue] as number;
    const share = Math.fround(saturation / 255);
    const within = parts[hue] as number;
    // one of the channels is the value, one the least, and one between them, which rises in even sectors
    const low = (value * (1 - share) + 0.5) | 0;
    const part = sector % 2 === 0 ? share * (1 - within) : Math.fround(share * within);
    const middle = (value * (1 - part) + 0.5) | 0;
    changed[at] = sector === 0 || sector === 5 ? value : sector === 1 || sector === 4 ? middle : low;
    changed[green] = sector === 1 || sector === 2 ? value : sector === 0 || sector === 3 ? middle : low;
    changed[blue] = sector === 3 || sector === 4 ? value : sector === 2 || sector === 5 ? middle : low;
  }
  return { channels, height, width, pixels: changed };
}

/** The sector of a hue, of six, and how far it is within. */
const sectors = Uint8Array.from({ length: 256 }, (_, hue) => Math.floor((hue * 6) / 255) % 6);
const parts = Float32Array.from({ length: 256 }, (_, hue) => (hue * 6) / 255 - Math.floor((hue * 6) / 255));

/** 0..255. */
function hueOf(r: number, g: number, b: number, value: number, range: number): number {
  const red = Math.fround((value - r) / range);
  const green = Math.fround((value - g) / range);
  const blue = Math.fround((value - b) / range);
  const sixths = Math.fround(r === value ? Math.fround(blue - green) : g === value ? 2 + red - blue : 4 + green - red);
  const turns = sixths / 6 + 1;
  return Math.trunc(Math.fround(turns >= 1 ? turns - 1 : turns) * 255);
}
