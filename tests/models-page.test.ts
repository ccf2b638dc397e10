import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { modelsPage } from '../scripts/models-page.ts';
import { models } from '../src/models/index.ts';

it('docs/models.md is what its script makes of the tables; `npm run docs` writes it again', async () => {
  const page = await readFile(new URL('../docs/models.md', import.meta.url), 'utf8');
  expect(page).toBe(modelsPage());
});

it('has a row for every network, with the depth of its name where it has one', () => {
  const rows = new Map([...modelsPage().matchAll(/^\| `(\S+)` \| (\d+) \|/gm)].map(([, name, depth]) => [name, depth]));
  expect([...rows.keys()].sort()).toEqual([...models.keys()].sort());
  for (const name of ['resnet20', 'resnet152', 'densenet121', 'densenet-bc100-k12', 'preact-resnet1001', 'vgg16'])
    expect(rows.get(name), name).toBe(/\d+/.exec(name.replace('bc', ''))?.[0]);
});
