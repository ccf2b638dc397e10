/** `skein predict` on what people have: folders of folders, among them what is no image, and images that cannot be read. */
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptFolder } from './kept-runs/facts.ts';
import { skein } from './run-skein.ts';

const run = join(keptFolder('residual'), 'last.safetensors');
const predict = (...words: string[]) => skein('predict', run, ...words, '--engine', 'evaluator');

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-predict-'));
});
afterAll(() => rm(folder, { recursive: true }));

const jpegXl = Uint8Array.of(0xff, 0x0a);

const picture = (hue: number) =>
  sharp({ create: { width: 9, height: 8, channels: 3, background: { r: hue % 256, g: 90, b: 255 - (hue % 256) } } });

async function put(content: string | Uint8Array, ...names: string[]): Promise<void> {
  await mkdir(at(...names.slice(0, -1)), { recursive: true });
  await writeFile(at(...names), content);
}

const pathsOf = (stdout: string) => (JSON.parse(stdout) as { path: string }[]).map(({ path }) => path);

describe('one unreadable file among eight', () => {
  beforeAll(async () => {
    for (let i = 0; i < 8; i++)
      await put(
        await picture(30 * i)
          .jpeg()
          .toBuffer(),
        'eight',
        `${i}.jpg`,
      );
    const whole = await picture(1).resize(64, 64).jpeg().toBuffer();
    await put(whole.subarray(0, whole.length - 9), 'eight', '3.jpg');
    // all its pixels are there
    await put(whole.subarray(0, whole.length - 2), 'eight', '4.jpg');
  });
  const readable = [0, 1, 2, 4, 5, 6, 7].map((i) => `${i}.jpg`);

  it('leaves seven answers, is named with its reason, and the exit code is 1', async () => {
    const { code, stdout, stderr } = await predict(at('eight'));
    expect(code).toBe(1);
    expect(stdout.match(/^\S.*\.jpg$/gm)).toEqual(readable.map((name) => at('eight', name)));
    expect(stderr).toBe(
      `error: ${at('eight', '3.jpg')}: the image is corrupt and cannot be decoded (the file stops within the picture)\n` +
        '  remove it, or replace it by an intact copy\n7 of 8 images could be read, 1 could not\n',
    );
  });

  it('is left out of JSON and CSV', async () => {
    const json = await predict(at('eight'), '--json');
    expect([json.code, pathsOf(json.stdout)]).toEqual([1, readable.map((name) => at('eight', name))]);
    const csv = await predict(at('eight'), '--csv', '--top', '1');
    expect([csv.code, csv.stdout.trim().split('\n').length]).toEqual([1, 8]);
    for (const { stderr } of [json, csv]) expect(stderr).toContain('3.jpg: the image is corrupt');
  });

  it('may also be one that is missing, or a folder’s only one', async () => {
    const missing = await predict(at('none.jpg'), at('eight', '0.jpg'), '--json');
    expect([missing.code, pathsOf(missing.stdout)]).toEqual([1, [at('eight', '0.jpg')]]);
    expect(missing.stderr).toMatch(/^error: .*none\.jpg: no such file\n {2}check the path\n1 of 2 images/);
    await put('<html><body>404</body></html>', 'alone', 'saved.jpg');
    const alone = await predict(at('alone'));
    expect([alone.code, alone.stdout]).toEqual([1, '']);
    expect(alone.stderr).toMatch(/^error: .*saved\.jpg: expected .* but this is a web page\n {2}the download[^\n]*\n$/);
  });
});

it('a hint that several files share is said once', async () => {
  for (const name of ['a.png', 'b.png']) await put('', 'hollow', name);
  await put(jpegXl, 'hollow', 'c.png');
  const { code, stderr } = await predict(at('hollow'));
  expect(code).toBe(1);
  expect(stderr.match(/but this is empty/g)).toHaveLength(2);
  expect(stderr.match(/copy or download it again/g)).toHaveLength(1);
  expect(stderr).toMatch(/c\.png: .* but this is a JPEG XL image\n {2}convert it to PNG/);
});

describe('a folder of folders', () => {
  beforeAll(async () => {
    const png = await picture(5).png().toBuffer();
    const images = [['cat', '1.png'], ['cat', 'kitten', '2.PNG'], ['dog', '3, the "good" one.png'], ['4.png']];
    for (const names of [...images, ['.hidden', '5.png'], ['cat', '.6.png']]) await put(png, 'deep', ...names);
    // told by content
    for (const name of ['7.jfif', '8.image', '9']) await put(await picture(9).jpeg().toBuffer(), 'deep', 'odd', name);
    await put('read me', 'deep', 'notes.txt');
    await put('label: 3\n', 'deep', 'cat', 'labels.yaml');
    await put(jpegXl, 'deep', 'dog', 'dance.jxl');
    await put(Uint8Array.of(1, 2, 0, 200), 'deep', 'dog', 'what.bin');
    // a link back would never end
    await symlink(at('deep'), at('deep', 'dog', 'again'), 'junction');
    await mkdir(at('deep', 'nothing'));
  });
  const found = [
    ['4.png'],
    ['cat', '1.png'],
    ['cat', 'kitten', '2.PNG'],
    ['dog', '3, the "good" one.png'],
    ['odd', '7.jfif'],
    ['odd', '8.image'],
    ['odd', '9'],
  ];

  it('is answered for all images within; what is none is counted in one line', async () => {
    const { code, stdout, stderr } = await predict(at('deep'));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.match(/^\/.*$/gm)).toEqual(found.map((names) => at('deep', ...names)));
    expect(stdout.trim().split('\n').at(-1)).toBe(
      'not images that are read: texts (2), JPEG XL images (1), other files (1)',
    );
  });

  it('prints CSV with a row for each image, quoted where it must be', async () => {
    const { code, stdout, stderr } = await predict(at('deep'), '--csv', '--top', '2');
    expect([code, stderr]).toEqual([0, 'not images that are read: texts (2), JPEG XL images (1), other files (1)\n']);
    const [header, ...rows] = stdout.trimEnd().split('\n');
    expect(header).toBe('path,class,confidence,class_2,confidence_2');
    expect(rows).toHaveLength(found.length);
    for (const row of rows) expect(row).toMatch(/,[^,]+,[01]\.\d{6},[^,]+,[01]\.\d{6}$/);
    expect(rows[3]).toMatch(/^".*deep.dog.3, the ""good"" one\.png",/);
    const json = JSON.parse((await predict(at('deep'), '--json', '--top', '2')).stdout);
    const [best, second] = json[0].top;
    expect(rows[0]).toBe(
      [json[0].path, best.label, best.probability.toFixed(6), second.label, second.probability.toFixed(6)].join(','),
    );
  });

  it('has no more columns than the network has classes', async () => {
    const [header = ''] = (await predict(at('deep', '4.png'), '--csv', '--top', '1000')).stdout.split('\n');
    const [first] = JSON.parse((await predict(at('deep', '4.png'), '--json', '--top', '1000')).stdout);
    expect(header.split(',')).toHaveLength(1 + 2 * first.top.length);
  });

  it('without an image is refused with what is there', async () => {
    await put('a', 'texts', 'deeper', 'a.txt');
    const { code, stderr } = await predict(at('texts'));
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /there is no JPEG, PNG, WebP, AVIF, GIF or TIFF file in this folder or .* within, only texts \(1\)\n/,
      ),
    ]);
  });

  it('may stand beside single files', async () => {
    await cp(at('deep', 'cat'), at('cat only'), { recursive: true });
    expect(pathsOf((await predict(at('cat only'), at('deep', '4.png'), '--json')).stdout)).toEqual([
      at('cat only', '1.png'),
      at('cat only', 'kitten', '2.PNG'),
      at('deep', '4.png'),
    ]);
  });
});

it('CSV and JSON together are a usage mistake', async () => {
  const { code, stderr } = await predict(at('eight'), '--csv', '--json');
  expect([code, stderr]).toEqual([2, expect.stringContaining('cannot be used with')]);
});
