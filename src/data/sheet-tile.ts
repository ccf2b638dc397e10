/** Images at the size in which a sample sheet shows them. */
import type { Image } from './dataset.ts';

const comfortable = 64;
const largestTile = 128;

/** Small images enlarged by a whole factor, large ones made smaller. */
export function asTile(image: Image): Image {
  const side = Math.max(image.height, image.width);
  const factor = Math.floor(comfortable / side);
  if (factor >= 2) return enlarge(image, factor);
  return side > largestTile ? reduce(image, largestTile / side) : image;
}

function enlarge({ channels, height, width, pixels }: Image, factor: number): Image {
  const large = new Uint8Array(pixels.length * factor * factor);
  let to = 0;
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height * factor; y++)
      for (let x = 0; x < width * factor; x++)
        large[to++] = pixels[(channel * height + Math.floor(y / factor)) * width + Math.floor(x / factor)] as number;
  return { channels, height: height * factor, width: width * factor, pixels: large };
}

/** Each new pixel is the mean of those it stands for. */
function reduce({ channels, height, width, pixels }: Image, scale: number): Image {
  const [rows, columns] = [height, width].map((side) => Math.max(1, Math.round(side * scale))) as [number, number];
  const small = new Uint8Array(channels * rows * columns);
  const start = (i: number, from: number, to: number) => Math.floor((i * from) / to);
  let at = 0;
  for (let channel = 0; channel < channels; channel++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        let count = 0;
        for (let y = start(row, height, rows); y < start(row + 1, height, rows); y++)
          for (let x = start(column, width, columns); x < start(column + 1, width, columns); x++, count++)
            sum += pixels[(channel * height + y) * width + x] as number;
        small[at++] = Math.round(sum / count);
      }
  return { channels, height: rows, width: columns, pixels: small };
}
