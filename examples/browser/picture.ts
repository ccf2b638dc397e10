/** A picture's pixels, by the browser's own decoder. */
import type { Pixels } from './pixels.ts';

/** Enough for every network, and few enough to be scaled at once. */
const longestSide = 2048;

/** Upright, in sRGB, on white, as in training. @throws where the browser cannot read it as a picture */
export async function pixelsOf(picture: Blob): Promise<Pixels> {
  const bitmap = await createImageBitmap(picture).catch(() => {
    const name = picture instanceof File ? picture.name : 'This';
    throw new Error(`${name} is no picture that this browser can read, and no .onnx file.`);
  });
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ];
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser gives no canvas to draw on.');
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}
