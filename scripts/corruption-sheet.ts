/**
 * All corruptions of an image at all severities on one sheet, beside the image itself: `npx tsx scripts/corruption-sheet.ts OUT.png [image] [side]`;
 * docs/corruptions.jpg is made so.
 * Without an image, the shoes of docs/augmentations. From a side of 65 pixels on, ImageNet-C's constants; below, CIFAR-10-C's.
 */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { corruptionsOf, corruptionTitle, severities } from '../src/corruptions/index.ts';
import { contactSheet, decodeImage, type SheetPicture } from '../src/data/index.ts';
import { writeFileAtomic } from '../src/files/index.ts';
import { corruptionStream } from '../src/pipeline/index.ts';

const [out = 'corruptions.png', file, side = '224'] = process.argv.slice(2);
const shoes = fileURLToPath(new URL('../docs/augmentations/photographs/shoes.jpg', import.meta.url));
const image = await decodeImage(file ?? shoes, { channels: 3, height: Number(side), width: Number(side) });

const pictures = new Map<string, SheetPicture[]>();
for (const corruption of corruptionsOf('all')) {
  const row = pictures.get(corruption.name) ?? [{ image }];
  const started = performance.now();
  row.push({ image: await corruption.apply(image, corruptionStream(0, corruption, 'sheet')) });
  console.log(corruption.name, corruption.options.severity, `${(performance.now() - started).toFixed(1)} ms`);
  pictures.set(corruption.name, row);
}
const rows = [...pictures].map(([name, of]) => ({ label: corruptionTitle(name), pictures: of }));
const heads = ['as it is', ...severities.map((severity) => `severity ${severity}`)];
const { png, width, height } = await contactSheet(rows, { across: heads.length, heads, apart: 1 });
await writeFileAtomic(
  out,
  out.endsWith('.jpg') ? await sharp(png).resize(1400).jpeg({ quality: 80, mozjpeg: true }).toBuffer() : png,
);
console.log(`${out}: ${width}×${height}`);
