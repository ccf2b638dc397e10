/** Tables and several sources from the command line: what a run records is what eval, resume and a new run find again. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { findModel, loadData, train } from 'skein';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { skein } from './run-skein.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-sources-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...names: string[]) => join(folder, ...names);

async function pictures(path: string, count: number): Promise<string[]> {
  await mkdir(at(path), { recursive: true });
  const names = Array.from({ length: count }, (_, i) => `${i}.png`);
  for (const [i, name] of names.entries())
    await sharp(Buffer.from(Array.from({ length: 192 }, (_, k) => (k * (i + 3)) % 251)), {
      raw: { width: 8, height: 8, channels: 3 },
    }).toFile(at(path, name));
  return names;
}

const tiny = ['--engine', 'evaluator', '--image-size', '8', '--epochs', '1', '-b', '4'];

/** The words of the command that begins so in what was printed. */
function printed(stdout: string, command: string): string[] {
  const line = stdout.split('\n').find((text) => text.includes(`skein ${command} `)) ?? '';
  return line.slice(line.indexOf(command)).split(' ');
}

async function json<T>(...words: string[]): Promise<T> {
  const { code, stdout, stderr } = await skein(...words, '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as T;
}

interface Evaluated {
  readonly split: string;
  readonly total: number;
  readonly notes: readonly string[];
}

it('a run on a table records its columns; the commands that it prints, and going on, find the same images', async () => {
  const names = await pictures('all', 12);
  const rows = names.map(
    (name, i) => `${name.slice(0, -4)},note,${i % 2 === 0 ? 'cat' : 'dog'},${i < 8 ? 'train' : 'test'}`,
  );
  await writeFile(at('pets.csv'), ['key,label,animal,part', ...rows].join('\n'));
  const columns = [
    '--image-column',
    'key',
    '--label-column',
    'animal',
    '--split-column',
    'part',
    '--image-folder',
    'all',
  ];
  const surveyed = await skein('data', at('pets.csv'), '--no-time', ...columns);
  const next = printed(surveyed.stdout, 'train resnet20');
  expect(next.slice(0, -4)).toEqual(['train', 'resnet20', '--data', at('pets.csv'), ...columns]);
  expect(next.slice(-4)).toEqual(['--image-size', '32', '--epochs', '30']);
  const ended = await skein('train', 'resnet8', ...next.slice(2), ...tiny, '--out', at('run'));
  expect(ended.code, ended.stderr).toBe(0);
  expect(parse(await readFile(at('run/config.yaml'), 'utf8'))).toMatchObject({
    data: at('pets.csv'),
    imageColumn: 'key',
    labelColumn: 'animal',
    splitColumn: 'part',
    imageFolder: 'all',
    classes: ['cat', 'dog'],
    splits: { train: 6, validation: 2, test: 4 },
  });
  expect(await readFile(at('run/split.csv'), 'utf8')).toMatch(/^split,label,id\ntrain,dog,1\n/);
  const evalWords = printed(ended.stdout, 'eval');
  expect(await json<Evaluated>(...evalWords)).toMatchObject({ split: 'test', total: 4, notes: [] });
  expect(await json<Evaluated>(...evalWords, '--split', 'validation')).toMatchObject({ total: 2, notes: [] });
  expect((await skein('train', '--resume', at('run'))).stdout).toContain('All epochs were done already');
  const again = await skein('train', '--config', at('run/config.yaml'), '--out', at('again'));
  expect(again.code, again.stderr).toBe(0);
  expect(await readFile(at('again/split.csv'), 'utf8')).toBe(await readFile(at('run/split.csv'), 'utf8'));
}, 60_000);

it('a table that cannot be trained on is refused with the file, the line and what skein data says', async () => {
  await pictures('.', 6);
  await writeFile(at('t.csv'), 'image,label\n0.png,a\n1.png,b\n9.png,a\n0.png,b\n');
  const { problems } = await json<{ problems: { severity: string; message: string }[] }>(
    'data',
    at('t.csv'),
    '--no-time',
  );
  const errors = problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  expect(errors).toEqual([
    `${at('t.csv')}:4: there is no file \`9.png\` in ${folder}`,
    `${at('t.csv')}:5: \`0.png\` is \`b\` here, but \`a\` in line 2`,
    `${at('t.csv')}: expected a class with two images or more, of which one can be held out for validation, but there is a single image of \`a\`, \`b\``,
  ]);
  const { code, stderr } = await skein('train', 'resnet8', '--data', at('t.csv'), ...tiny, '--out', at('run'));
  expect(code).toBe(1);
  expect(stderr).toContain(`${errors[0]}; and 2 more: skein data ${at('t.csv')} lists them`);
  await writeFile(at('t.csv'), 'picture,kind\n0.png,a\n1.png,b\n2,a\n3,b\n4,a\n5,b\n');
  await writeFile(at('0.png'), 'text');
  const cut = await skein(
    'train',
    'resnet8',
    '--data',
    at('t.csv'),
    '--label-column',
    'kind',
    ...tiny,
    '--out',
    at('run'),
  );
  expect(cut.stderr).toContain(`0.png: expected a`);
  expect(cut.stderr).toContain(`skein data ${at('t.csv')} --label-column kind lists every file that cannot be read`);
  expect((await skein('train', 'resnet8', '--data', at('t.csv'), ...tiny)).stderr).not.toContain('lists every file');
});

it('several sources train together, from the command and from code, and are found again in any order', async () => {
  for (const path of ['a/cat', 'a/dog', 'b/dog', 'b/cow']) await pictures(path, 4);
  const both = ['--data', at('a'), '--data', at('b')];
  expect(await json('data', at('a'), '--no-time', at('b'))).toMatchObject({
    classes: ['cat', 'cow', 'dog'],
    // the pictures of each class are drawn alike
    problems: [{ kind: 'same image' }],
  });
  const ended = await skein('train', ...both, 'resnet8', ...tiny, '--out', at('run'));
  expect(ended.code, ended.stderr).toBe(0);
  expect(parse(await readFile(at('run/config.yaml'), 'utf8'))).toMatchObject({ data: [at('a'), at('b')] });
  const evalWords = printed(ended.stdout, 'eval');
  expect(evalWords.slice(2)).toEqual(both);
  expect(await json<Evaluated>(...evalWords)).toMatchObject({ split: 'validation', total: 3, notes: [] });
  const turned = await json<Evaluated>('eval', at('run'), '--data', at('b'), '--data', at('a'));
  expect(turned).toMatchObject({ split: 'validation', total: 3, notes: [] });
  expect((await skein('train', '--resume', at('run'))).stdout).toContain('All epochs were done already');
  const run = await train({
    model: findModel('resnet8'),
    data: await loadData([at('a'), at('b')], { size: 8, validationFraction: 0.1 }),
    epochs: 1,
    batchSize: 4,
    engine: 'evaluator',
    out: at('coded'),
  });
  expect(await readFile(join(run.folder, 'split.csv'), 'utf8')).toBe(await readFile(at('run/split.csv'), 'utf8'));
  expect(parse(await readFile(at('coded/config.yaml'), 'utf8'))).toMatchObject({ data: [at('a'), at('b')] });
  await rm(at('b'), { recursive: true });
  expect((await skein('train', '--resume', at('run'))).stderr).toContain(`the data \`${at('b')}\` is neither`);
}, 60_000);
