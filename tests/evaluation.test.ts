/** What `skein eval` and `evaluate` know of a small network: classes, calibration, another checkpoint beside it, and what is kept. */
import { utimesSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import {
  defineNetwork,
  evaluate,
  findModel,
  globalAveragePool,
  linear,
  loadClassifier,
  memoryDataset,
  train,
} from 'skein';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from 'skein/checkpoint';
import { onnxMetadata } from 'skein/onnx';
import { networkOnnx } from 'skein/trained';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphToJson } from '../src/ir/index.ts';
import { predictionProgram } from '../src/step/index.ts';
import { tensor } from '../src/tensor/index.ts';
import { skein } from './run-skein.ts';

const classes = ['red', 'green', 'blue'];
const engine = ['--engine', 'evaluator'];
const perClass = 12;

let folder: string;
let network: string;
const at = (...names: string[]) => join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-evaluation-'));
  for (const [split, first] of [
    ['val', 0],
    ['test', 100],
  ] as const)
    for (const [label, name] of classes.entries()) {
      await mkdir(at('colours', split, name), { recursive: true });
      for (let i = 0; i < perClass; i++) {
        const [r, g, b] = colour(label, first + i);
        const image = sharp({ create: { width: 8, height: 8, channels: 3, background: { r, g, b } } });
        await image.png().toFile(at('colours', split, name, `${i}.png`));
      }
    }
  network = await colourNetwork('network', { sharpness: 60 });
});
afterAll(() => rm(folder, { recursive: true }));

/** Most of the class's own colour; every fifth picture has most of the next one's. */
function colour(label: number, i: number): [number, number, number] {
  const shown = i % 5 === 0 ? (label + 1) % 3 : label;
  return [0, 1, 2].map((c) => 90 + ((i * 37 + c * 61) % 70) + (c === shown ? 80 : 0)) as [number, number, number];
}

/** Says which of red, green and blue an image has most of; the sharper, the surer. `bias` speaks for red. */
async function colourNetwork(name: string, { sharpness = 1, bias = 0 }): Promise<string> {
  const colours = defineNetwork('colours', (image) =>
    linear(globalAveragePool(image), classes.length, { name: 'classifier' }),
  );
  const size = { channels: 3, height: 8, width: 8 };
  const path = at(`${name}.safetensors`);
  await saveCheckpoint(path, {
    kind: 'skein-checkpoint',
    version: 1,
    network: { name: 'colours', options: {} },
    graph: graphToJson(predictionProgram({ network: colours, image: size, classes: classes.length, batchSize: 1 })),
    classes,
    preprocessing: { ...size, mean: [0, 0, 0], std: [1, 1, 1] },
    tensors: new Map([
      [
        'classifier.weight',
        tensor(
          'float32',
          [3, 3],
          Float32Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? sharpness : 0)),
        ),
      ],
      ['classifier.bias', tensor('float32', [3], Float32Array.of(bias, 0, 0))],
    ]),
  });
  return path;
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of a command
async function printed(command: string, ...words: string[]): Promise<any> {
  // small pictures need no threads, which take longer to start
  const threads = command === 'eval' ? ['--workers', '0'] : [];
  const { code, stdout, stderr } = await skein(command, ...words, ...engine, ...threads, '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe('skein eval', () => {
  it('scores classes, and names those that are taken for another', async () => {
    const found = await printed('eval', network, '--data', at('colours'));
    // every fifth of twelve pictures counted from 100: three of each class
    expect(found).toMatchObject({
      split: 'test',
      total: 36,
      correct: 27,
      top1: 0.75,
      match: { by: 'name', network: 3 },
    });
    expect(found.classes.map(({ label }: { label: string }) => label)).toEqual(classes);
    for (const one of found.classes) expect(one).toMatchObject({ precision: 0.75, recall: 0.75, f1: 0.75, images: 12 });
    expect(found.confused[0]).toEqual({ label: 'red', prediction: 'green', images: 3, share: 0.25 });
  });

  it('fits a temperature on validation images, and the error of others falls', async () => {
    const { calibration } = await printed('eval', network, '--data', at('colours'));
    expect(calibration.origin).toBe('Fitted on 36 validation images, none of which is measured.');
    expect(calibration.temperature).toBeGreaterThan(2);
    expect(calibration.ece).toBeGreaterThan(0.15);
    expect(calibration.eceAfter).toBeLessThan(calibration.ece);
    expect(calibration.lossAfter).toBeLessThan(1.1);
  });

  it('fits and measures apart where validation images are what is measured', async () => {
    const { calibration, split } = await printed('eval', network, '--data', at('colours'), '--split', 'validation');
    expect(split).toBe('validation');
    expect(calibration.origin).toContain('cross-fitted');
  });

  it('tells how accuracy grows where less is answered', async () => {
    const { coverage } = await printed('eval', network, '--data', at('colours'));
    expect(coverage.points.at(-1)).toMatchObject({ coverage: 1, accuracy: 0.75 });
    expect(coverage.aurc).toBeGreaterThanOrEqual(coverage.bestAurc);
  });

  it('averages over views of each image', async () => {
    const { tta, top1 } = await printed('eval', network, '--data', at('colours'), '--tta', 'crops');
    // of one colour each image looks the same from everywhere
    expect(tta).toMatchObject({ name: 'crops', views: 10, top1, difference: { low: 0, high: 0 } });
  });

  it('says all this to people, in few lines', async () => {
    const { stdout } = await skein('eval', network, '--data', at('colours'), '--workers', '0', ...engine);
    expect(stdout).toMatch(/top-1 {2}75\.00 %/);
    expect(stdout).toMatch(/class +precision +recall +F1 +images\n +red +75\.0 %/);
    expect(stdout).toMatch(/confused +red taken for green 3 times \(25\.0 %\)/);
    expect(stdout).toMatch(/calibration +error \d+\.\d\d % \(chance alone makes \d+\.\d\d %\); with temperature \d/);
    expect(stdout.split('\n').length).toBeLessThan(20);
  });
});

describe('the page of skein eval', () => {
  const evalInto = (out: string) =>
    skein('eval', network, '--data', at('colours'), '--workers', '0', ...engine, '--out', out);

  it('is written into a folder that is made for it', async () => {
    const page = at('pages', 'of today', 'colours.html');
    expect((await evalInto(page)).code).toBe(0);
    expect(await readFile(page, 'utf8')).toContain('<!doctype html>');
  });

  it('is refused before anything is measured where there can be no such folder', async () => {
    const { code, stdout, stderr } = await evalInto(join(network, 'page.html'));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`${network}: cannot write: it is a file, not a folder`);
  });
});

describe('two checkpoints on the same images', () => {
  it('are compared image by image, classes by name', async () => {
    const biased = await colourNetwork('biased', { sharpness: 60, bias: 12 });
    const { against, top1 } = await printed('eval', network, '--data', at('colours'), '--against', biased);
    const { mcnemar, difference } = against;
    expect(against.checkpoint).toBe(biased);
    expect((mcnemar.b - mcnemar.c) / 36).toBeCloseTo(top1 - against.top1, 12);
    expect(difference.value).toBeCloseTo(top1 - against.top1, 12);
    expect(difference.low).toBeLessThanOrEqual(difference.value);
    expect(difference.high).toBeGreaterThanOrEqual(difference.value);
  });

  it('differ in nothing where they are the same', async () => {
    const { against } = await printed('eval', network, '--data', at('colours'), '--against', network);
    expect(against.mcnemar).toMatchObject({ b: 0, c: 0, p: 1 });
    expect(against.verdict).toMatch(/^No difference can be seen/);
  });
});

describe('--calibrate', () => {
  it('keeps the temperature in the file, changes nothing else, and predictions use it', async () => {
    const path = await colourNetwork('calibrated', { sharpness: 60 });
    const before = await loadCheckpoint(path);
    const picture = at('colours', 'test', 'red', '1.png');
    const [plain] = await printed('predict', path, picture);
    const { kept, calibration, coverage } = await printed('eval', path, '--data', at('colours'), '--calibrate');
    expect(kept).toEqual({
      temperature: calibration.temperature,
      data: at('colours'),
      split: 'validation',
      images: 36,
    });
    const { calibration: inFile, ...after } = await loadCheckpoint(path);
    expect(inFile).toEqual(kept);
    expect(after).toEqual(before);
    const [softer] = await printed('predict', path, picture);
    expect(softer.top.map(({ label }: { label: string }) => label)).toEqual(
      plain.top.map(({ label }: { label: string }) => label),
    );
    expect(softer.top[0].probability).toBeLessThan(plain.top[0].probability);
    const again = await printed('eval', path, '--data', at('colours'));
    expect(again.calibration.origin).toMatch(/^Kept in the checkpoint; fitted on 36 images/);
    expect(again.calibration.eceAfter).toBe(calibration.eceAfter);
    // the thresholds are those of predictions from now on
    expect(again.coverage).toEqual(coverage);
    expect(again.loss).toBe((await printed('eval', network, '--data', at('colours'))).loss);
    expect(onnxMetadata(networkOnnx(path, await loadCheckpoint(path))).temperature).toBe(String(kept.temperature));
  });

  it('says where it is kept', async () => {
    const path = await colourNetwork('told', { sharpness: 60 });
    const { stdout } = await skein('eval', path, '--data', at('colours'), '--calibrate', '--workers', '0', ...engine);
    expect(stdout).toMatch(/kept +in .*told\.safetensors, for predictions from now on; a run that goes on/);
    const inspected = await skein('inspect', path);
    expect(inspected.stdout).toMatch(
      /^calibrated +temperature [\d.]+, fitted on 36 images of .*colours \(validation\)/m,
    );
    expect(inspected.stdout).toContain('freed after its last use. The engine');
    const { calibration } = JSON.parse((await skein('inspect', path, '--json')).stdout);
    expect(calibration).toEqual((await loadCheckpoint(path)).calibration);
    expect(JSON.parse((await skein('inspect', network, '--json')).stdout)).not.toHaveProperty('calibration');
  });

  it('says where there are no validation images, and where there is nothing to keep', async () => {
    const path = await colourNetwork('alone', { sharpness: 60 });
    const words = ['eval', path, '--data', at('colours', 'test'), '--calibrate', '--workers', '0', ...engine];
    const few = await skein(...words, '--limit', '12');
    expect(few.stdout).toMatch(/kept +nothing, since there is no temperature/);
    expect(`${few.stdout}${few.stderr}`).not.toContain('that is kept');
    const whole = await skein(...words);
    const told = `${whole.stdout}${whole.stderr}`.replace(/\s+/g, ' ');
    expect(told).toContain(
      'has no validation images besides the measured ones: the temperature that is kept is fitted',
    );
  });

  it('loses nothing else where the file has changed meanwhile', async () => {
    const path = await colourNetwork('replaced', { sharpness: 60 });
    const found = await evaluate(path, {
      data: pictures('made', 60),
      engine: 'evaluator',
      workers: 0,
      calibrate: true,
      onImages: () => utimesSync(path, 1, 1),
    });
    expect(found.kept).toBeUndefined();
    expect(found.unkept?.message).toContain('another has taken its place; the temperature was not kept');
    expect(found.score.total).toBe(60);
    expect((await loadCheckpoint(path)).calibration).toBeUndefined();
  });

  it('leaves a run as it was: it goes on to the same bytes', async () => {
    const data = { train: pictures('train', 12), validation: pictures('validation', 6), normalisation };
    const options = { model: findModel('resnet8'), data, epochs: 2, batchSize: 4, engine: 'evaluator', workers: 0 };
    await train({ ...options, out: at('run'), callbacks: [{ onEpoch: () => 'stop' }] });
    await cp(at('run'), at('calibrated run'), { recursive: true });
    const last = at('calibrated run', 'last.safetensors');
    const calibration = { temperature: 2, data: 'made', split: 'validation', images: 6 };
    await saveCheckpoint(last, { ...(await loadCheckpoint(last)), calibration });
    for (const out of [at('run'), at('calibrated run')]) await train({ ...options, out, resume: true });
    const [plain, calibrated] = await Promise.all(
      ['run', 'calibrated run'].map((run) => readFile(at(run, 'last.safetensors'))),
    );
    expect(calibrated).toEqual(plain);
    expect((await loadCheckpoint(last)).calibration).toBeUndefined();
  });

  it('is refused where the file says what cannot be', async () => {
    const path = await colourNetwork('odd', {});
    const odd = { ...(await loadCheckpoint(path)), calibration: { temperature: 0, data: '', split: '', images: 0 } };
    await expect(saveCheckpoint(path, odd as Checkpoint)).rejects.toThrow('metadata `calibration.temperature`');
  });
});

const normalisation = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

/** Pictures in memory. */
function pictures(name: string, length: number) {
  const labels = Array.from({ length }, (_, i) => i % 3);
  const levels = labels.flatMap((label, i) => colour(label, i));
  const pixels = Uint8Array.from(levels.flatMap((level) => Array.from({ length: 64 }, () => level)));
  return memoryDataset({ name, classes, channels: 3, height: 8, width: 8, pixels, labels });
}

describe('evaluate', () => {
  it('gives the same as typed values, of data made in code too', async () => {
    const found = await evaluate(network, { data: pictures('made', 60), engine: 'evaluator', workers: 0, tta: 'flip' });
    expect(found).toMatchObject({ split: 'all', notes: [], network: 'colours', augmented: { views: 2 } });
    expect(found.score.total).toBe(60);
    const classifier = await loadClassifier(network, { engine: 'evaluator' });
    const { correct, loss } = await classifier.evaluate(pictures('made', 60), { workers: 0 });
    await classifier.dispose();
    expect([found.score.correct, found.score.loss]).toEqual([correct, loss]);
    expect(found.correct.reduce((sum, one) => sum + one, 0)).toBe(correct);
    expect(found.calibration.before.loss).toBeCloseTo(loss, 6);
    for (const { index, label, prediction } of found.mistakes) {
      expect((await found.dataset.read(index)).label).toBe(label);
      expect(prediction).not.toBe(label);
    }
  });

  it('tells what is wrong with the second checkpoint before anything is measured', async () => {
    let isMeasured = false;
    const against = at('missing.safetensors');
    const onProgress = () => {
      isMeasured = true;
    };
    await expect(
      evaluate(network, { data: pictures('made', 3), against, engine: 'evaluator', workers: 0, onProgress }),
    ).rejects.toThrow('missing.safetensors');
    expect(isMeasured).toBe(false);
  });

  it('refuses views that there are not', async () => {
    await expect(evaluate(network, { data: pictures('made', 3), tta: 'flop' })).rejects.toThrow(
      'evaluate: unknown test-time augmentation `flop`; did you mean flip?',
    );
  });
});
