import type { Image, Normalisation } from '../data/index.ts';

/** What people see of what a network sees: the image at `row` of normalised ones [batchSize, channels, height, width]. */
export function imageOf(
  images: Float32Array,
  row: number,
  { channels, height, width }: Omit<Image, 'pixels'>,
  { mean, std }: Normalisation,
): Image {
  const area = height * width;
  const start = row * channels * area;
  const pixels = Uint8Array.from({ length: channels * area }, (_, i) => {
    const channel = Math.floor(i / area);
    const level = (images[start + i] as number) * (std[channel] as number) + (mean[channel] as number);
    return Math.min(255, Math.max(0, Math.round(level * 255)));
  });
  return { channels, height, width, pixels };
}
