/** On a terminal of 60 columns no line is longer, but commands to copy and paths. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runSkein } from '../src/cli/program.ts';

const columns = 60;
/** After it a line is written anew. */
const toStart = '\x1b[1G';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-narrow-'));
  for (const [i, name] of ['a class with quite a long name indeed', 'another one'].entries())
    for (const [split, count] of Object.entries({ train: 20, val: 4, test: 4 })) {
      await mkdir(join(folder, 'photos', split, name), { recursive: true });
      for (let k = 0; k < count; k++)
        await sharp({ create: { width: 12 + k, height: 12, channels: 3, background: i > 0 ? '#f83' : '#37b' } })
          .png()
          .toFile(join(folder, 'photos', split, name, `${k}.png`));
    }
  await writeFile(join(folder, 'photos', 'train', 'another one', 'notes.txt'), 'not an image');
});
afterAll(() => rm(folder, { recursive: true }));

/** Lines as they stay on the terminal, without the bars that were drawn below them. */
async function linesOf(...words: string[]): Promise<string[]> {
  let text = '';
  const stream = { isTTY: true, columns, write: (part: string) => (text += part) };
  const code = await runSkein(words, { stdout: stream, stderr: stream });
  expect(code, text).toBe(0);
  const drawn = stripVTControlCharacters(text.replaceAll(toStart, '\r'));
  return drawn.split('\n').map((line) => line.slice(line.lastIndexOf('\r') + 1));
}

/** Not commands that are printed to be copied, and no word that is longer itself, such as a path. */
const tooLong = (lines: readonly string[]) =>
  lines.filter((line) => line.length > columns && !/^ *(?:npx )?skein /.test(line) && !/\S{30}/.test(line));

it.each(
  ['models', '--help'].concat(
    ['train', 'eval', 'predict', 'embed', 'data', 'models', 'inspect', 'bench', 'bench ranks'].map(
      (name) => `${name} --help`,
    ),
  ),
)('skein %s', async (words) => {
  const lines = await linesOf(...words.split(' '));
  expect(tooLong(lines)).toEqual([]);
  expect(lines.length).toBeGreaterThan(10);
});

it('skein data, train, eval and predict', { timeout: 120_000 }, async () => {
  const data = join(folder, 'photos');
  const run = join(folder, 'run');
  const surveyed = await linesOf('data', data, '--no-time');
  expect(tooLong(surveyed)).toEqual([]);
  expect(surveyed.find((line) => line.includes('class '))).toMatch(/^ {2}class +train +validation +test/);
  const trained = await linesOf(
    ...['train', 'resnet8', '--data', data, '--image-size', '12', '--epochs', '2', '-b', '10'],
    ...['--augment', 'flip', '--out', run],
  );
  expect(tooLong(trained)).toEqual([]);
  expect(trained.find((line) => line.includes('epoch') && line.includes('val'))).toMatch(
    /epoch +train loss +top-1 +val loss +top-1$/,
  );
  expect(trained.filter((line) => /^ +[12]\/2 +\d/.test(line))).toHaveLength(2);
  expect(tooLong(await linesOf('eval', run, '--data', data))).toEqual([]);
  expect(tooLong(await linesOf('predict', run, join(data, 'test')))).toEqual([]);
});
