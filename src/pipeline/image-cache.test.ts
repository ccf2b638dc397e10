import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ImageCache } from './image-cache.ts';

const picture = (length: number) => ({ channels: 1, height: 1, width: length, pixels: new Uint8Array(length) });

test('the first pictures are kept, up to the limit; each once, by its path and what was made of it', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 8 }), (limit, lengths) => {
      const cache = new ImageCache(limit);
      const pictures = lengths.map(picture);
      for (const again of [false, true])
        for (const [i, one] of pictures.entries()) cache.add('sample', String(i), again ? picture(1) : one);
      const ends = lengths.map((_, i) => lengths.slice(0, i + 1).reduce((sum, length) => sum + length, 0));
      const first = pictures.filter((_, i) => (ends[i] as number) <= limit);
      expect(pictures.map((_, i) => cache.find('sample', String(i)))).toEqual(
        pictures.map((one, i) => (i < first.length ? one : undefined)),
      );
      expect(cache.bytes).toBe(first.reduce((sum, { width }) => sum + width, 0));
      expect(cache.hasRoom).toBe(cache.bytes < limit && first.length === pictures.length);
      expect(cache.find('picture', '0')).toBeUndefined();
    }),
  );
});
