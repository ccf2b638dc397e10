/** A pane with frost: a haze in clouds, and needles of ice that grow from its borders and branch by 60°, as crystals of water do. */
import type { Image } from '../data/index.ts';
import type { Random } from '../tensor/index.ts';
import { plasma } from './pixels/plasma.ts';

/** Shares of the pane's longer side. */
const longest = 0.62;
const shortest = 0.02;
const apart = 0.028;
const crystals = 16;
/** Deeper branches than these are too short to be seen. */
const generations = 3;

/** Dark glass, and ice in the light. */
const glass = [38, 58, 86] as const;
const ice = [236, 244, 250] as const;

/** @returns levels of a picture with the extents and channels of `image` */
export function frostedPane(image: Omit<Image, 'pixels'>, random: Random): Uint8Array {
  const { channels, height, width } = image;
  const area = height * width;
  const haze = plasma(image, 1.9, random.fork('haze'));
  const needles = needlesOn(image, random.fork('needles'));
  const pane = new Uint8Array(channels * area);
  for (let at = 0; at < area; at++) {
    const density = 0.9 * (haze[at] as number) ** 1.5 + (needles[at] as number);
    const share = 1 - Math.exp(-1.3 * density);
    const levels = glass.map((dark, channel) => dark + share * ((ice[channel] as number) - dark));
    const [red, green, blue] = levels as [number, number, number];
    if (channels === 1) pane[at] = 0.299 * red + 0.587 * green + 0.114 * blue;
    else for (const [channel, level] of levels.entries()) pane[channel * area + at] = level;
  }
  return pane;
}

/** How much ice there is at each pixel, [height, width]. */
function needlesOn({ height, width }: Pick<Image, 'height' | 'width'>, random: Random): Float64Array {
  const amounts = new Float64Array(height * width);
  const scale = Math.max(height, width);
  const put = (x: number, y: number, amount: number): void => {
    const [left, above] = [Math.floor(x), Math.floor(y)];
    for (const [dx, dy] of [[0, 0] as const, [1, 0] as const, [0, 1] as const, [1, 1] as const]) {
      const [px, py] = [left + dx, above + dy];
      if (px < 0 || px >= width || py < 0 || py >= height) continue;
      const share = (dx === 0 ? 1 - (x - left) : x - left) * (dy === 0 ? 1 - (y - above) : y - above);
      amounts[py * width + px] = (amounts[py * width + px] as number) + share * amount;
    }
  };
  const grow = (x: number, y: number, direction: number, length: number, generation: number): void => {
    const [right, down] = [Math.cos(direction), Math.sin(direction)];
    const bright = 0.75 ** generation;
    // half pixels, so that a needle has no holes
    for (let along = 0; along < length * scale; along += 0.5)
      put(x + along * right, y + along * down, 0.5 * bright * (1 - (0.7 * along) / (length * scale)));
    if (generation === generations) return;
    for (let along = apart; along < length; along += apart * (0.7 + 0.6 * random.uniform())) {
      const rest = 0.42 * (length - along) * (0.6 + 0.8 * random.uniform());
      if (rest < shortest) continue;
      for (const side of [-1, 1])
        grow(
          x + along * scale * right,
          y + along * scale * down,
          direction + (side * Math.PI) / 3,
          rest,
          generation + 1,
        );
    }
  };
  for (let crystal = 0; crystal < crystals; crystal++) {
    const round = 2 * Math.PI * random.uniform();
    const [x, y] = [width * (0.5 + 0.62 * Math.cos(round)), height * (0.5 + 0.62 * Math.sin(round))];
    // inwards, more or less
    const direction = round + Math.PI + 1.6 * (random.uniform() - 0.5);
    grow(x, y, direction, longest * (0.4 + 0.6 * random.uniform()), 0);
  }
  return amounts;
}
