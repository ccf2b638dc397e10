import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findImageTable, imageTable } from './image-table.ts';
import { findData, loadData } from './load-data.ts';
import type { TableReading } from './table-columns.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-table-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...names: string[]) => join(folder, ...names);

async function write(name: string, content: string | Uint8Array): Promise<string> {
  await mkdir(dirname(at(name)), { recursive: true });
  await writeFile(at(name), content);
  return at(name);
}

/** Files that only their names matter of. */
const empty = (...names: string[]) => Promise.all(names.map((name) => write(name, '')));

const table = (...lines: string[]) => write('labels.csv', `${lines.join('\n')}\n`);

/** What a table gives: `class: id` for each sample of each part, and its problems without the folder. */
async function read(path: string, options: TableReading = {}) {
  const { classes, parts, problems } = await findImageTable(path, options);
  const samples = Object.entries(parts).map(([part, { labels, ids }]) => [
    part,
    Array.from(labels ?? [], (label, i) => `${classes[label]}: ${ids?.[i]}`),
  ]);
  return {
    classes,
    ...Object.fromEntries(samples),
    problems: problems.map(({ severity, kind, message }) => [severity, kind, message.replaceAll(`${folder}/`, '')]),
  };
}

const refusal = (path: string, options: TableReading = {}) =>
  findImageTable(path, options).then(
    () => 'nothing',
    ({ message, hint }: { message: string; hint?: string }) => `${message.replaceAll(`${folder}/`, '')} | ${hint}`,
  );

it('reads images by a table of their classes, and holds some out as of a folder', async () => {
  const red = { create: { width: 6, height: 4, channels: 3, background: '#ff0000' } } as const;
  const lines = ['image,label'];
  await mkdir(at('images'));
  for (let i = 0; i < 12; i++) {
    await sharp(red)
      .png()
      .toFile(at('images', `${i}.png`));
    lines.push(`images/${i}.png,${i % 2 === 0 ? 'cat' : 'dog'}`);
  }
  const path = await table(...lines);
  const { train, validation } = await imageTable(path, { size: 4 });
  expect(train).toMatchObject({ name: 'labels/train', classes: ['cat', 'dog'], length: 10, source: path });
  expect(validation?.length).toBe(2);
  expect(train.images?.paths[0]).toBe(at('images', basename(train.ids?.[0] ?? '')));
  expect([...(await train.read(0)).image.pixels.slice(0, 17)]).toEqual([...new Array(16).fill(255), 0]);
  expect((await loadData(path, { size: 4 })).train.ids).toEqual(train.ids);
});

describe('columns', () => {
  it('are known by their usual names, in any case, in CSV of any delimiter, TSV and JSON lines', async () => {
    await empty('a.jpg', 'b.jpg', 'c.jpg');
    const expected = { all: ['x: a.jpg', 'y: b.jpg'], problems: [] };
    const single = expect.arrayContaining([expect.arrayContaining(['single image'])]);
    for (const [name, text] of [
      ['1.csv', 'Filename;width;Class\r\na.jpg;3;x\r\nb.jpg;4;y\r\n'],
      ['2.tsv', 'label\timage_path\nx\ta.jpg\ny\tb.jpg'],
      ['3.jsonl', '{"file_name": "a.jpg", "label": "x"}\n\n{"label": ["y"], "file_name": "b.jpg"}\n'],
      ['4.CSV', '\uFEFF,id,imageLabel\n0,a.jpg,x\n1,b.jpg,y\n'],
    ] as const)
      expect(await read(await write(name, text)), name).toMatchObject({ ...expected, problems: single });
    const utf16 = Buffer.from('\uFEFFfile,class\na.jpg,x\nb.jpg,y\n', 'utf16le');
    expect(await read(await write('5.csv', utf16))).toMatchObject({ all: expected.all });
  });

  it('are asked for where several could be meant, or none is called so', async () => {
    await empty('a.jpg', 'b.jpg');
    const path = await table('image,path,articleType', 'a.jpg,b.jpg,x', 'b.jpg,a.jpg,y');
    expect(await refusal(path)).toBe(
      "labels.csv: it cannot be told which column holds the images' names: `image`, `path` | say it with --image-column (imageColumn)",
    );
    expect(await refusal(path, { imageColumn: 'path' })).toBe(
      'labels.csv: no column is called as one that holds the classes (label, class, category, target, …): there are `image`, `path`, `articleType` | say it with --label-column (labelColumn)',
    );
    expect(await refusal(path, { imageColumn: 'path', labelColumn: 'articletyp' })).toBe(
      'labels.csv: there is no column `articletyp`; did you mean articleType? | --label-column (labelColumn) takes one of `image`, `path`, `articleType`',
    );
    expect(await read(path, { imageColumn: 'path', labelColumn: 'article type' })).toMatchObject({
      all: ['x: b.jpg', 'y: a.jpg'],
    });
  });

  it('must have names: a table that begins with an image says what is missing', async () => {
    expect(await refusal(await table('a.jpg,cat', 'b.jpg,dog'))).toBe(
      'labels.csv:1: expected the names of the columns, but got `a.jpg`, `cat` | write a first line such as image,label',
    );
  });

  it('are an option of tables alone', async () => {
    await mkdir(at('photos'));
    await expect(findData(at('photos'), { labelColumn: 'breed' })).rejects.toThrow(
      '`labelColumn` is for a table of images (.csv, .tsv, .jsonl), but there is none',
    );
  });
});

describe('splits', () => {
  it('are what their column says, in the words that folders have', async () => {
    await empty(...'abcdef'.split('').map((name) => `${name}.jpg`));
    const lines = [
      'a.jpg,x,Train',
      'b.jpg,y,TRAINING',
      'c.jpg,x,valid',
      'd.jpg,y,validation',
      'e.jpg,x,test',
      'f.jpg,y,val',
    ];
    const path = await table('image,label,split', ...lines);
    expect(await read(path)).toEqual({
      classes: ['x', 'y'],
      train: ['x: a.jpg', 'y: b.jpg'],
      validation: ['x: c.jpg', 'y: d.jpg', 'y: f.jpg'],
      test: ['x: e.jpg'],
      problems: [['warning', 'missing class', 'labels.csv: there is no image of `y` in the test split']],
    });
    expect((await read(path, { splitColumn: 'none' })).all).toHaveLength(6);
  });

  it('of other words are errors with their lines, and so are classes that train has not', async () => {
    await empty('a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg');
    const path = await table(
      'image,label,set',
      'a.jpg,x,train',
      'b.jpg,y,train',
      'c.jpg,x,PublicTest',
      'd.jpg,z,val',
      'e.jpg,x,',
    );
    expect((await read(path)).problems.slice(0, 3)).toEqual([
      ['error', 'unknown split', 'labels.csv:4: expected train, val or test as the split, but got `PublicTest`'],
      ['error', 'unknown split', 'labels.csv:6: expected train, val or test as the split, but got nothing'],
      [
        'error',
        'unknown class',
        'labels.csv:5: expected only classes that are in train, but `z` is only in validation (train has `x`, `y`)',
      ],
    ]);
    await expect(imageTable(path)).rejects.toThrow(/labels.csv:4: .*; and 2 more: skein data .* lists them/);
  });
});

describe('images', () => {
  it('are found with the separators of either system, from the root, without an ending, and in a folder beside the table', async () => {
    await empty('images/a.jpg', 'images/in/b.png', 'images/c.v2.JPEG', 'images/d', 'images/e\u0301.jpg');
    const path = await table(
      'image,label',
      'in\\b,x',
      './/a.jpg,y',
      'c.v2,x',
      'd,y',
      `${at('images/a')},y`,
      '\u00e9.jpg,x',
    );
    expect(await read(path)).toMatchObject({
      all: ['x: in/b', 'y: a.jpg', 'x: c.v2', 'y: d', 'x: \u00e9.jpg'],
      problems: [
        ['warning', 'repeated image', 'labels.csv:6: `images/a` is there a second time, after line 3: it counts once'],
      ],
    });
    const { files } = await findImageTable(path);
    expect(files?.all).toEqual(
      ['in/b.png', 'a.jpg', 'c.v2.JPEG', 'd', 'e\u0301.jpg'].map((name) => at('images', name)),
    );
  });

  it('beside a table in one folder: the folder itself says to give the table', async () => {
    await empty('a.jpg', 'labels.csv');
    await expect(findData(folder)).rejects.toMatchObject({
      hint: `there is a table: give ${at('labels.csv')} as the data`,
    });
  });

  it('lie where a folder is named, from the table or from where the person is', async () => {
    await empty('elsewhere/a.jpg', 'elsewhere/b.jpg');
    const path = await table('image,label', 'a,x', 'b,y');
    for (const imageFolder of ['elsewhere', at('elsewhere')])
      expect(await read(path, { imageFolder })).toMatchObject({ all: ['x: a', 'y: b'] });
    expect(await refusal(path, { imageFolder: 'elswhere' })).toContain(
      "elswhere: expected the folder of a table's images, but there is no such folder",
    );
  });

  it('that are not there are one error with all their lines, which says where they were looked for', async () => {
    await empty('images/a.JPG', 'images/b.jpg', 'images/b.png', 'images/c.jpg');
    const path = await table('image,label', 'c.jpg,x', 'a.jpg,x', 'zed.jpg,y', 'b,y', 'no/c.jpg,x', ',x', 'zed,y');
    expect((await read(path)).problems[0]).toEqual([
      'error',
      'missing image',
      'labels.csv:3: there is no file `a.jpg` in images; there is a.JPG: upper and lower case count (5 more lines are alike: 4, 5, 6, 7, 8)',
    ]);
    const first = async (...lines: string[]) =>
      (await read(await table('image,label', 'c.jpg,x', ...lines))).problems[0]?.[2];
    expect(await first('b,y')).toBe('labels.csv:3: `b` may be b.jpg or b.png, which are all in images');
    expect(await first('no/c.jpg,x')).toBe('labels.csv:3: there is no folder images/no for `no/c.jpg`');
    expect(await first('zed,x')).toBe('labels.csv:3: there is no image `zed.jpg`, .png or of another ending in images');
    expect(await first('https://a.b/c.jpg,x')).toContain('`https://a.b/c.jpg` is an address, and no file');
    const lost = await table('image,label', 'zed.jpg,x');
    expect((await read(lost)).problems[0]?.[2]).toBe(
      `labels.csv:2: there is no file \`zed.jpg\` in ${folder}, nor in images`,
    );
  });
});

describe('labels', () => {
  it('that are numbers keep their order, names are in that of their letters', async () => {
    await empty(...'abcd'.split('').map((name) => `${name}.jpg`));
    const classesOf = async (...labels: string[]) =>
      (await read(await table('image,label', ...labels.map((label, i) => `${'abcd'[i]}.jpg,${label}`)))).classes;
    expect(await classesOf('10', '2', '0', '1')).toEqual(['0', '1', '2', '10']);
    expect(await classesOf('b10', 'b2', 'B1', 'a')).toEqual(['B1', 'a', 'b10', 'b2']);
  });

  it('that are missing are passed over, and those that are nearly equal said', async () => {
    await empty('a.jpg', 'b.jpg', 'c.jpg', 'd.jpg');
    const path = await table('image,label', 'a.jpg, Cat ', 'b.jpg,cat', 'c.jpg,', 'd.jpg,  ');
    const { all, problems } = await read(path);
    expect(all).toEqual(['Cat: a.jpg', 'cat: b.jpg']);
    expect(problems).toContainEqual([
      'warning',
      'unlabelled images',
      'labels.csv:4: there is no class for `c.jpg`: passed over (line 5 is alike)',
    ]);
    expect(problems).toContainEqual([
      'warning',
      'near names',
      'labels.csv: `Cat` and `cat` are nearly the same name, but count as 2 classes',
    ]);
  });

  it('that are two for one image are an error with both lines, and so are two splits', async () => {
    await empty('a.jpg', 'b.jpg');
    const path = await table('image,label,split', 'a.jpg,x,train', 'b.jpg,y,train', './a.jpg,y,train', 'b,y,test');
    expect((await read(path)).problems).toEqual([
      ['error', 'two labels', 'labels.csv:4: `a.jpg` is `y` here, but `x` in line 2'],
      ['error', 'two splits', 'labels.csv:5: `b` is in test here, but in train in line 3'],
      [
        'error',
        'single image',
        'labels.csv: expected a class with two images or more, of which one can be held out for validation, but there is a single image of `x`, `y`',
      ],
    ]);
    const list = await write('l.jsonl', '{"image": "a.jpg", "label": ["x", "y"]}\n{"image": "b.jpg", "label": 3}\n');
    expect((await read(list)).problems[0]).toEqual([
      'error',
      'several labels',
      'l.jsonl:1: expected one of each for an image, but got 2 classes: `x`, `y`',
    ]);
  });
});

describe('a damaged table', () => {
  it('has all lines listed that are no rows, counted in the file: cells in quotes may be many lines long', async () => {
    await empty('a.jpg', 'b.jpg');
    const csv = await table('image,note,label', '"a.jpg","two\nlines",x', '', 'b.jpg,y', 'c.jpg', 'b.jpg,,y');
    expect(await read(csv)).toMatchObject({
      all: ['x: a.jpg', 'y: b.jpg'],
      problems: [
        [
          'error',
          'unreadable line',
          'labels.csv:5: expected 3 cells, as the first line has, but got 2 (line 6 is alike)',
        ],
        ['error', 'single image', expect.anything()],
      ],
    });
    await expect(imageTable(csv)).rejects.toMatchObject({
      message: expect.stringContaining('labels.csv:5: expected 3 cells'),
      hint: 'a cell with the delimiter in it stands in quotes: "shirt, blue"',
    });
    const good = ['a', 'b'].map((name) => `{"image": "${name}.jpg", "label": "${name}"}`);
    const lines = ['{"image": "a.jpg", "la', good[0], '[1]', good[1], '{"image": "b.jpg", "label": {"x": 1}}'];
    expect(await read(await write('l.jsonl', lines.join('\n')))).toMatchObject({
      all: ['a: a.jpg', 'b: b.jpg'],
      problems: [
        [
          'error',
          'unreadable line',
          expect.stringMatching(/^l.jsonl:1: expected an object such as .* \(line 3 is alike\)$/),
        ],
        ['error', 'unreadable line', 'l.jsonl:5: expected a text or a number as `label`, but got an object'],
        ['error', 'single image', expect.anything()],
      ],
    });
    expect(await refusal(await write('l.jsonl', '[\n{"image": "a.jpg",\n'))).toMatch(
      /^l.jsonl:1: expected an object such as .*, but got \[ \| each line is a whole JSON object/,
    );
  });

  it('is refused where nothing of it can be told', async () => {
    expect(await refusal(await table('image,label', 'a.jpg,x', '"b.jpg,y', 'c.jpg,z'))).toMatch(
      /^labels.csv:3: the quotes of a cell/,
    );
    const late = '{"image": "a.jpg", "label": 1}\n{"image": "b.jpg", "label": 2, "split": "test"}\n';
    expect(await refusal(await write('l.jsonl', late))).toMatch(
      /^l.jsonl:2: expected the keys .* here is also `split`/,
    );
    const latin = Buffer.from('image,label\na.jpg,x\nb.jpg,caf\xe9\n', 'latin1');
    expect(await refusal(await write('labels.csv', latin))).toMatch(/^labels.csv:3: expected text in UTF-8/);
    expect(await refusal(await write('labels.csv', '\n\n'))).toMatch(
      /^labels.csv: expected a table, but the file is empty/,
    );
  });
});
