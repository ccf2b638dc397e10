/** Small pictures of nothing: a gradient with a disc on it, each in colours of its own. */
import { encodePng } from '../src/data/index.ts';
import type { Picture } from '../src/report/index.ts';
import { Random } from '../src/tensor/index.ts';

const side = 32;

/** `count` PNGs of 32×32 pixels. */
export function madeUpPictures(count: number): Promise<Picture[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const random = new Random(`picture ${i}`);
      const [sky, disc] = [0, 1].map(() => [0, 1, 2].map(() => 60 + random.integer(160)));
      const [x, y, radius] = [8 + random.integer(16), 8 + random.integer(16), 5 + random.integer(7)];
      const pixels = new Uint8Array(3 * side * side).map((_, at) => {
        const [channel, row, column] = [Math.floor(at / side ** 2), Math.floor(at / side) % side, at % side];
        const isDisc = Math.hypot(column - x, row - y) < radius;
        return ((isDisc ? disc : sky)?.[channel] ?? 0) + (isDisc ? 0 : row);
      });
      return { png: await encodePng({ channels: 3, height: side, width: side, pixels }), height: side, width: side };
    }),
  );
}
