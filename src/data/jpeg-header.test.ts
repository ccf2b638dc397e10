import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { jpegHeader } from './jpeg-header.ts';

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#123' } });

describe('a JPEG’s header', () => {
  it('has the sides as the library has them, however the file is coded', async () => {
    for (const options of [{}, { progressive: true }, { mozjpeg: true }]) {
      const bytes = await picture(31, 17).jpeg(options).toBuffer();
      expect(jpegHeader(bytes)).toEqual({
        width: 31,
        height: 17,
        hasExif: false,
        hasProfile: false,
        profile: undefined,
      });
    }
    expect(jpegHeader(await picture(300, 2).toColourspace('b-w').jpeg().toBuffer())).toMatchObject({ width: 300 });
  });

  it('has the profile, and says whether there is EXIF, which may turn the picture', async () => {
    const bytes = await picture(31, 17).withMetadata({ orientation: 6 }).withIccProfile('p3').jpeg().toBuffer();
    const { icc } = await sharp(bytes).metadata();
    const { profile, ...rest } = jpegHeader(bytes) ?? {};
    expect(rest).toEqual({ width: 31, height: 17, hasExif: true, hasProfile: true });
    expect(Buffer.from(profile as Uint8Array)).toEqual(icc);
  });

  it('is passed over where a preview stands before the picture, and where bytes are missing or out of place', async () => {
    const preview = await picture(8, 9).jpeg().toBuffer();
    const plain = await picture(31, 17).jpeg().toBuffer();
    const app = Buffer.from([0xff, 0xe5, (preview.length + 2) >> 8, (preview.length + 2) & 255]);
    const whole = Buffer.concat([plain.subarray(0, 2), app, preview, plain.subarray(2)]);
    expect(jpegHeader(whole)).toMatchObject({ width: 31, height: 17 });
    for (let length = 0; length < plain.indexOf('ffda', 0, 'hex'); length++)
      expect(jpegHeader(plain.subarray(0, length))).toBeUndefined();
    expect(jpegHeader(Buffer.concat([plain.subarray(0, 2), Buffer.of(7), plain.subarray(2)]))).toBeUndefined();
    expect(jpegHeader(await picture(8, 8).png().toBuffer())).toBeUndefined();
  });
});
