/** Data is known by name, as a person meets it on the command line. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { defineNetwork, globalAveragePool, linear } from 'skein';
import { loadCheckpoint, saveCheckpoint } from 'skein/checkpoint';
import { networkWeights } from 'skein/trained';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphToJson } from '../src/ir/index.ts';
import { predictionProgram } from '../src/step/index.ts';
import { tensor } from '../src/tensor/index.ts';
import { keptFolder } from './kept-runs/facts.ts';
import { skein } from './run-skein.ts';

const engine = ['--engine', 'evaluator'];
const colours = { red: '#ff0000', green: '#00ff00', blue: '#0000ff' } as const;

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-by-name-'));
  await colourFolder('colours', { red: 'red', green: 'green', blue: 'blue' });
});
afterAll(() => rm(folder, { recursive: true }));

/** Two pictures of a colour for each class, in train/ and in test/. */
async function colourFolder(name: string, classes: Readonly<Record<string, keyof typeof colours>>): Promise<void> {
  for (const split of ['train', 'test'])
    for (const [label, colour] of Object.entries(classes)) {
      await mkdir(at(name, split, label), { recursive: true });
      const image = sharp({ create: { width: 8, height: 8, channels: 3, background: colours[colour] } });
      for (const i of [0, 1])
        await image
          .clone()
          .png()
          .toFile(at(name, split, label, `${i}.png`));
    }
}

/** A network that says which of red, green and blue an image has most of, as these classes; what is more is never said. */
async function colourNetwork(name: string, classes: readonly string[]): Promise<string> {
  const network = defineNetwork('colours', (image) =>
    linear(globalAveragePool(image), classes.length, { name: 'classifier' }),
  );
  const size = { channels: 3, height: 8, width: 8 };
  const weight = Float32Array.from({ length: 3 * classes.length }, (_, i) => (i % 4 === 0 && i < 9 ? 5 : 0));
  const bias = Float32Array.from(classes, (_, i) => (i < 3 ? 0 : -9));
  const path = at(`${name}.safetensors`);
  await saveCheckpoint(path, {
    kind: 'skein-checkpoint',
    version: 1,
    network: { name: network.name, options: {} },
    graph: graphToJson(predictionProgram({ network, image: size, classes: classes.length, batchSize: 1 })),
    classes,
    preprocessing: { ...size, mean: [0, 0, 0], std: [1, 1, 1] },
    tensors: new Map([
      ['classifier.weight', tensor('float32', [classes.length, 3], weight)],
      ['classifier.bias', tensor('float32', [classes.length], bias)],
    ]),
  });
  return path;
}

describe('skein eval', () => {
  it("maps classes by name where the network's order is not the alphabet's, and says so", async () => {
    const network = await colourNetwork('ordered', ['red', 'green', 'blue']);
    const words = ['eval', network, '--data', at('colours'), ...engine];
    const { code, stdout } = await skein(...words);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}top-1 {2}100\.00 %/m);
    expect(stdout).toContain('classes are matched by name, since the network has another order: `blue` is class 0');
    const json = JSON.parse((await skein(...words, '--json')).stdout);
    expect(json).toMatchObject({ top1: 1, total: 6, match: { by: 'name', network: 3, data: 3 } });
  });

  it('measures some of the classes against all logits', async () => {
    const network = await colourNetwork('six', ['red', 'green', 'blue', 'cyan', 'mauve', 'grey']);
    const { stdout } = await skein('eval', network, '--data', at('colours'), ...engine, '--json');
    // top-5 is of the network's classes, of which there are more than five
    expect(JSON.parse(stdout)).toMatchObject({ top1: 1, top5: 1, match: { network: 6, data: 3 } });
    await colourFolder('mistaken', { cyan: 'red', green: 'green' });
    const mistaken = await skein('eval', network, '--data', at('mistaken'), ...engine);
    expect(mistaken.stdout).toMatch(/^ {2}top-1 {2}50\.00 %/m);
    expect(mistaken.stdout).toContain("the data has 2 of the network's 6 classes; an answer of the others counts");
  });

  it('refuses what the network does not know, by its name', async () => {
    const network = await colourNetwork('known', ['red', 'green', 'blue']);
    await colourFolder('one other', { red: 'red', green: 'green', zebra: 'blue' });
    const one = await skein('eval', network, '--data', at('one other'), ...engine);
    expect(one).toMatchObject({ code: 1, stdout: '' });
    expect(one.stderr).toContain('it does not know `zebra`');
    await colourFolder('all others', { rot: 'red', gruen: 'green', blau: 'blue' });
    const all = await skein('eval', network, '--data', at('all others'), ...engine);
    expect(all).toMatchObject({ code: 1, stdout: '' });
    expect(all.stderr).toMatch(/none of the 3: `blau`.*\n {2}.*`blau` counts as `red`.*--classes-by-position/);
    const asked = await skein('eval', network, '--data', at('all others'), '--classes-by-position', ...engine);
    expect(asked.stdout).toContain('matched by position, as asked for: `blau` counts as `red`, `gruen` as `green`');
    expect(asked.stdout).toMatch(/^ {2}top-1 {2}33\.33 %/m);
  });

  it('takes positions where the network has no names', async () => {
    const network = await colourNetwork('unnamed', ['class 0', 'class 1', 'class 2']);
    const { code, stdout } = await skein('eval', network, '--data', at('colours'), ...engine);
    expect(code).toBe(0);
    expect(stdout).toContain("by position, since the network's have no names: `blue` counts as `class 0`");
  });
});

describe('imported weights whose class order is not the alphabet’s', () => {
  let imported: string;
  const insects = ['cicada', 'ant', 'bee'];
  beforeAll(async () => {
    const [run, foreign, names] = [join(keptFolder('residual'), 'last.safetensors'), at('foreign'), at('names.txt')];
    imported = at('imported.safetensors');
    await writeFile(foreign, networkWeights(run, await loadCheckpoint(run)).bytes);
    await writeFile(names, insects.join('\n'));
    const scaling = ['--image-size', '8', '--resize', '9', '--interpolation', 'bilinear'];
    const { code, stderr } = await skein('import', foreign, '--class-names', names, '--out', imported, ...scaling);
    expect(code, stderr).toBe(0);
    await colourFolder('insects', { ant: 'red', bee: 'green', cicada: 'blue' });
  });

  const flags = ['--image-size', '8', '--epochs', '1', '-b', '3', '--lr', '1e-9', ...engine];
  const trained = (name: string, data: string, ...more: string[]) =>
    skein('train', 'resnet8', '--data', at(data), '--weights', imported, '--out', at(name), ...flags, ...more);

  it('are measured and trained on, by name', async () => {
    const { stdout, code } = await skein('eval', imported, '--data', at('insects'), ...engine);
    expect(code).toBe(0);
    expect(stdout).toContain('`ant` is class 0 of the data and class 1 of the 3');

    const run = await trained('run', 'insects');
    expect(run, run.stderr).toMatchObject({ code: 0 });
    expect(run.stdout).toContain(
      "of the same classes in another order: the rows of classifier are put into the data's order",
    );
    const last = await loadCheckpoint(at('run', 'last.safetensors'));
    expect(last.classes).toEqual(['ant', 'bee', 'cicada']);
    const weights = [await loadCheckpoint(imported), last].map(({ tensors }) =>
      Array.from(tensors.get('classifier.weight')?.data as Float32Array),
    ) as [number[], number[]];
    const size = weights[0].length / 3;
    expect(weights[1]).toBeClose([...weights[0].slice(size), ...weights[0].slice(0, size)], { absolute: 1e-5 });
  });

  it('start anew with their head for other names, or keep it by position where that is said', async () => {
    await colourFolder('Insekten', { Ameise: 'red', Biene: 'green', Zikade: 'blue' });
    const renewed = await trained('renewed', 'Insekten');
    expect(renewed.stdout).toContain(
      'all are kept but classifier, which starts anew (the weights do not know `Ameise`, `Biene`, `Zikade`)',
    );
    const asked = await trained('asked', 'Insekten', '--classes-by-position');
    expect(asked.stdout).toContain('all are kept, classifier too (as asked for)');
  });

  it('begin a run that is to be gone on with, and are not looked at once it is there', async () => {
    const given = (weights: string) =>
      skein('train', 'resnet8', '--data', at('insects'), '--weights', weights, '--resume', at('job'), ...flags);
    expect(await given(imported)).toMatchObject({ code: 0 });
    expect((await given(at('gone.safetensors'))).stdout).toContain('All epochs were done already');
  });

  it('bring their preprocessing, which the run keeps', async () => {
    const { preprocessing } = await loadCheckpoint(imported);
    expect(preprocessing).toMatchObject({ mean: [0.5, 0.45, 0.4], resize: { shorterSide: 9 } });
    const { stdout } = await trained('pixels', 'insects');
    expect(stdout).toContain(
      "pixels as the weights know them: mean 0.5, 0.45, 0.4, std 0.25, 0.26, 0.27, shorter side scaled to 9, bilinear (the data's own: mean 0.485, 0.456, 0.406, std 0.229, 0.224, 0.225; --preprocessing data)",
    );
    const last = at('pixels', 'last.safetensors');
    expect((await loadCheckpoint(last)).preprocessing).toEqual(preprocessing);
    expect(await skein('train', '--resume', at('pixels'))).toMatchObject({ code: 0 });

    const own = await trained('own pixels', 'insects', '--preprocessing', 'data');
    expect(own.stdout).not.toContain('pixels as the weights know them');
    const { mean, resize } = (await loadCheckpoint(at('own pixels', 'last.safetensors'))).preprocessing;
    expect([mean, resize]).toEqual([[0.485, 0.456, 0.406], undefined]);
    const refused = await skein('train', '--resume', at('pixels'), '--preprocessing', 'data');
    expect(refused).toMatchObject({ code: 2 });
  });
});
