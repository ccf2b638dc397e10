import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { packed, unpacked } from './packed-picture.ts';

const key = 'a key';
const picture = fc
  .record({
    channels: fc.constantFrom(1, 3),
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
  })
  .chain(({ channels, height, width }) =>
    fc.record({
      channels: fc.constant(channels),
      height: fc.constant(height),
      width: fc.constant(width),
      pixels: fc.uint8Array({ minLength: channels * height * width, maxLength: channels * height * width }),
      isInterleaved: fc.boolean(),
    }),
  );

test('a picture comes back as it was', () => {
  fc.assert(
    fc.property(picture, (one) => {
      const { pixels, ...rest } = unpacked(Buffer.from(packed(one, key)), key) ?? { pixels: [] };
      expect({ ...rest, pixels: Uint8Array.from(pixels) }).toEqual(one);
    }),
  );
});

test('a file that is damaged in any byte, cut off, longer, or another’s gives no picture', () => {
  fc.assert(
    fc.property(picture, fc.nat(), fc.integer({ min: 1, max: 255 }), (one, at, change) => {
      const whole = Buffer.from(packed(one, key));
      const damaged = Buffer.from(whole);
      damaged[at % whole.length] = (damaged[at % whole.length] as number) ^ change;
      expect(unpacked(damaged, key)).toBeUndefined();
      expect(unpacked(whole.subarray(0, at % whole.length), key)).toBeUndefined();
      expect(unpacked(Buffer.concat([whole, Buffer.of(change)]), key)).toBeUndefined();
      expect(unpacked(whole, 'another key')).toBeUndefined();
    }),
  );
  expect(unpacked(Buffer.alloc(0), key)).toBeUndefined();
});
