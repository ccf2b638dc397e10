/** Folders of small image files, made of noise. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { Random } from '../src/tensor/index.ts';

/** Writes `count` JPEGs and PNGs of several sizes into each class's folder. */
export async function putImageFiles(folder: string, classes: readonly string[], count: number): Promise<void> {
  const random = new Random('image files');
  for (const name of classes) {
    await mkdir(join(folder, name), { recursive: true });
    for (let i = 0; i < count; i++) {
      const [width, height] = [20 + random.integer(30), 20 + random.integer(30)];
      const pixels = Uint8Array.from({ length: 3 * width * height }, () => random.integer(256));
      const image = sharp(pixels, { raw: { width, height, channels: 3 } });
      const isJpeg = i % 2 === 0;
      await writeFile(
        join(folder, name, `${i}.${isJpeg ? 'jpg' : 'png'}`),
        await (isJpeg ? image.jpeg() : image.png()).toBuffer(),
      );
    }
  }
}
