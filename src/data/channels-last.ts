import type { Image } from './dataset.ts';

/** An image's pixels as encoders take them: [height, width, channels]. */
export function channelsLast({ channels, height, width, pixels }: Image): Uint8Array {
  if (channels === 1) return pixels;
  const area = height * width;
  const interleaved = new Uint8Array(pixels.length);
  for (let i = 0, to = 0; i < area; i++)
    for (let channel = 0; channel < channels; channel++) interleaved[to++] = pixels[channel * area + i] as number;
  return interleaved;
}
