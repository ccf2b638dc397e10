/** Ways of looking at an image once more when it is classified, whose answers are then averaged: test-time augmentation. */

/** How a view differs from the image as it is. */
export interface View {
  /** Left and right change places. */
  readonly isMirrored: boolean;
  /** How far what is seen moves over the picture, in shares of its sides: 0.125 looks an eighth further to the right, or down. */
  readonly right: number;
  readonly down: number;
}

/** Views that a person can ask for by name; the image as it is counts as well. */
export interface ViewSet {
  readonly name: string;
  readonly about: string;
  /** Besides the image as it is. */
  readonly views: readonly View[];
}

/**
 * The batch as a view shows it: whole pixels, and beyond the border the pixels at the border.
 * @param images [N, C, H, W]
 */
export function seenThrough(
  { isMirrored, right, down }: View,
  images: Float32Array,
  [count, channels, height, width]: readonly [number, number, number, number],
): Float32Array {
  const [x0, y0] = [pixels(right, width), pixels(down, height)];
  const seen = new Float32Array(images.length);
  const columns = Int32Array.from({ length: width }, (_, x) => within(x0 + (isMirrored ? width - 1 - x : x), width));
  for (let plane = 0; plane < count * channels; plane++)
    for (let y = 0; y < height; y++) {
      const from = (plane * height + within(y0 + y, height)) * width;
      const to = (plane * height + y) * width;
      for (let x = 0; x < width; x++) seen[to + x] = images[from + (columns[x] as number)] as number;
    }
  return seen;
}

/** At least one where there is a share, so that small images move too. */
const pixels = (share: number, side: number) => Math.sign(share) * Math.ceil(Math.abs(share) * side - 1e-9);

const within = (at: number, side: number) => Math.min(side - 1, Math.max(0, at));
