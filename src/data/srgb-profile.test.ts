import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { isSrgbProfile } from './srgb-profile.ts';

type Numbers = readonly number[];

/** Of ICC.1:2001-04: a header, a table of tags, and what they name. */
function profileOf(tags: readonly (readonly [name: string, content: Buffer])[], space = 'RGB '): Uint8Array {
  const head = Buffer.alloc(132 + 12 * tags.length);
  head.write(`${space}XYZ `, 16, 'latin1');
  head.writeUInt32BE(tags.length, 128);
  let at = head.length;
  for (const [i, [name, content]] of tags.entries()) {
    head.write(name, 132 + 12 * i, 'latin1');
    head.writeUInt32BE(at, 136 + 12 * i);
    head.writeUInt32BE(content.length, 140 + 12 * i);
    at += content.length;
  }
  return Buffer.concat([head, ...tags.map(([, content]) => content)]);
}

const fixed = (values: Numbers) => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeInt32BE(Math.round(value * 65536), 4 * i);
  return bytes;
};
const column = (values: Numbers) => Buffer.concat([Buffer.from('XYZ \0\0\0\0'), fixed(values)]);
const formula = (values: Numbers) => Buffer.concat([Buffer.from('para\0\0\0\0\0\x03\0\0'), fixed(values)]);
const table = (length: number, light: (level: number) => number) => {
  const bytes = Buffer.alloc(12 + 2 * length);
  bytes.write('curv');
  bytes.writeUInt32BE(length, 8);
  for (let i = 0; i < length; i++) bytes.writeUInt16BE(Math.round(65535 * light(i / (length - 1))), 12 + 2 * i);
  return bytes;
};

const srgb = [
  [0.43607, 0.22249, 0.01392],
  [0.38515, 0.71687, 0.09708],
  [0.14307, 0.06061, 0.7141],
] as const;
const srgbCurve = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];
const light = (level: number) => (level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4);

const display = (columns: readonly Numbers[], curve: Buffer, more: readonly (readonly [string, Buffer])[] = []) =>
  profileOf([
    ...['r', 'g', 'b'].map((letter, i) => [`${letter}XYZ`, column(columns[i] as Numbers)] as const),
    ...['r', 'g', 'b'].map((letter) => [`${letter}TRC`, curve] as const),
    ...more,
  ]);

describe('a profile is sRGB', () => {
  it('where it has its primaries and its curve, as a formula or as a table of any length that is fine enough', () => {
    expect(isSrgbProfile(display(srgb, formula(srgbCurve)))).toBe(true);
    for (const length of [1024, 4096, 64, 42]) expect(isSrgbProfile(display(srgb, table(length, light)))).toBe(true);
    expect(isSrgbProfile(display(srgb, table(12, light)))).toBe(false);
  });

  it('where others round its primaries otherwise: Little CMS, Skia, and a profile of 500 bytes that web sites embed', () => {
    const hexadecimal = [
      ['6fa2', '38f5', '0390', '6299', 'b785', '18da', '24a0', '0f84', 'b6cf'],
      ['6fa0', '38f5', '0390', '6297', 'b787', '18d9', '249f', '0f84', 'b6c4'],
      ['6fa0', '38f2', '038f', '6296', 'b789', '18da', '24a0', '0f85', 'b6c4'],
    ];
    for (const digits of hexadecimal) {
      const values = digits.map((word) => Number.parseInt(word, 16) / 65536);
      const columns = [values.slice(0, 3), values.slice(3, 6), values.slice(6)];
      expect(isSrgbProfile(display(columns, formula(srgbCurve)))).toBe(true);
    }
  });

  it('and as the library embeds it', async () => {
    const image = sharp({ create: { width: 4, height: 4, channels: 3, background: '#123' } });
    const profileIn = async (name: string) =>
      (await sharp(await image.clone().withIccProfile(name).jpeg().toBuffer()).metadata()).icc as Buffer;
    expect(isSrgbProfile(await profileIn('srgb'))).toBe(true);
    expect(isSrgbProfile(await profileIn('p3'))).toBe(false);
  });
});

describe('a profile is not sRGB', () => {
  it('with other primaries, or the same ones for other channels', () => {
    const p3 = [
      [0.5151, 0.2412, -0.0011],
      [0.292, 0.6922, 0.0419],
      [0.1571, 0.0666, 0.7841],
    ];
    expect(isSrgbProfile(display(p3, formula(srgbCurve)))).toBe(false);
    expect(isSrgbProfile(display([srgb[1], srgb[0], srgb[2]], formula(srgbCurve)))).toBe(false);
  });

  it('with another curve, be it near', () => {
    expect(
      isSrgbProfile(
        display(
          srgb,
          table(1024, (level) => level ** 2.2),
        ),
      ),
    ).toBe(false);
    expect(isSrgbProfile(display(srgb, formula([2.2, 1, 0, 1, 0])))).toBe(false);
    expect(
      isSrgbProfile(
        display(
          srgb,
          table(1024, (level) => light(level) * 0.97),
        ),
      ),
    ).toBe(false);
  });

  it('with a table of colours, for grey, or where it is damaged', () => {
    expect(isSrgbProfile(display(srgb, formula(srgbCurve), [['A2B0', Buffer.alloc(40)]]))).toBe(false);
    expect(isSrgbProfile(profileOf([['kTRC', formula(srgbCurve)]], 'GRAY'))).toBe(false);
    const whole = display(srgb, table(1024, light));
    for (let length = 0; length < whole.length; length++) expect(isSrgbProfile(whole.subarray(0, length))).toBe(false);
  });
});
