import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { augmentationsPage } from '../scripts/augmentations-page.ts';
import { efficiencyPage } from '../scripts/efficiency-page.ts';
import { modelsPage } from '../scripts/models-page.ts';
import { partsPage } from '../scripts/parts-page.ts';
import { models } from '../src/models/index.ts';

it.each([
  ['models', modelsPage],
  ['parts', partsPage],
  ['efficiency', efficiencyPage],
  ['augmentations', augmentationsPage],
])('docs/%s.md is what its script makes; `npm run docs` writes it again', async (name, page) => {
  expect(await readFile(new URL(`../docs/${name}.md`, import.meta.url), 'utf8')).toBe(page());
});

it('has a picture of every augmentation and set, and no other', async () => {
  const named = [...augmentationsPage().matchAll(/\(augmentations\/(\S+\.jpg)\)/g)].map(([, name]) => name);
  const files = await readdir(new URL('../docs/augmentations', import.meta.url));
  expect(files.filter((name) => name !== 'photographs').sort()).toEqual(named.sort());
  expect(named).toContain('trivialAugment.jpg');
});

it('describes every option of every family, once for those that are built in one way', () => {
  const page = modelsPage();
  const families = new Set([...models.values()].map(({ family }) => family));
  for (const { name, options } of families) {
    const section = page.slice(page.indexOf(`\n### ${name}\n`)).split('\n### ')[1] ?? '';
    const from = /Options as of \[(\S+)\]/.exec(section)?.[1];
    const described = from === undefined ? section : page.slice(page.indexOf(`\n### ${from}\n`));
    for (const [key, { about, takes }] of Object.entries(options)) {
      expect(described, `${name} ${key}`).toContain(`\n| \`${key}\` | `);
      expect(described).toContain(`${about}: ${takes} |`);
    }
  }
  expect(page.match(/\| `zeroGamma` \|/g)).toHaveLength(1);
  expect(page).toContain(
    'Options as of [resnet-imagenet](#resnet-imagenet); here a name decides `depth`, `groups`, `widthPerGroup`.',
  );
});

it('has a row for every network, with the depth of its name where it has one', () => {
  const rows = new Map(
    [...modelsPage().matchAll(/^\| `(\S+)` \| (\d+) \| [\d,]+ \|/gm)].map(([, name, depth]) => [name, depth]),
  );
  expect([...rows.keys()].sort()).toEqual([...models.keys()].sort());
  for (const name of ['resnet20', 'resnet152', 'densenet121', 'densenet-bc100-k12', 'preact-resnet1001', 'vgg16'])
    expect(rows.get(name), name).toBe(/\d+/.exec(name.replace('bc', ''))?.[0]);
});
