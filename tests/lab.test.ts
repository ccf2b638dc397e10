/** The laboratory as a whole: experiments that are stopped and go on, folders that are another's, claims whose experiment fails. */
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { saveCheckpoint } from '../src/checkpoint/index.ts';
import {
  claimsExperiment,
  defineClaim,
  defineExperiment,
  type Experiment,
  type LabOptions,
  lab,
} from '../src/lab/index.ts';
import { defineNetwork, globalAveragePool, linear } from '../src/nn/index.ts';
import { DataError } from '../src/tensor/index.ts';
import { putImageFiles } from './image-files.ts';
import { skein } from './run-skein.ts';
import { smallCheckpoint } from './small-checkpoint.ts';

let folder: string;
let calls: string[];
const out = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-lab-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  calls = [];
});

const network = defineNetwork('means', (image, { classes }) => linear(globalAveragePool(image), classes));
const training = { network, epochs: 2, images: 40, batchSize: 20 };

const words = { en: 'Steps', zh: '步骤' };
const steps: Experiment = defineExperiment<{ count: number }, { squares: readonly number[]; error: number }>({
  name: 'steps',
  title: words,
  about: 'squares',
  source: 'none',
  method: words,
  limits: words,
  quick: { count: 3 },
  full: { count: 4 },
  trainings: () => [training],
  async run(laboratory, { count }) {
    const squares: number[] = [];
    for (let i = 0; i < count; i++)
      squares.push(
        await laboratory.piece(`square ${i}`, async () => {
          calls.push(`square ${i}`);
          return i * i;
        }),
      );
    const { record } = await laboratory.train(training);
    return { squares, error: 1 - record.test.top1 };
  },
  show: ({ squares }) => ({
    findings: [{ about: words, says: `the last square is ${squares.at(-1)}` }],
    figures: [
      {
        kind: 'table',
        id: 'squares',
        title: words,
        columns: [{ label: 'i' }, { label: words }],
        rows: squares.map((square, i) => [`${i}`, square]),
      },
    ],
  }),
});

const failing: Experiment = { ...steps, name: 'failing', run: () => Promise.reject(new DataError('the sky fell')) };

const call = (name: string, options: Partial<LabOptions> = {}) =>
  lab({ experiment: steps, engine: 'evaluator', out: out(name), ...options });

it('goes on where it was stopped: no piece and no training is done twice, and the result is the same', async () => {
  const controller = new AbortController();
  const stopped = call('stopped', {
    signal: controller.signal,
    callbacks: [{ onProgress: ({ text }) => text === 'steps: square 2' && controller.abort() }],
  });
  await expect(stopped).rejects.toThrow('aborted');
  expect(calls).toEqual(['square 0', 'square 1', 'square 2']);
  const { result, findings, command } = await call('stopped');
  // no command knows an experiment of one's own
  expect(command).toBe(
    'await lab({ experiment, setting: "quick", engine: "evaluator" }); // experiment: the one that is called steps',
  );
  // what was under way is done again, what was over is not
  expect(calls).toEqual(['square 0', 'square 1', 'square 2', 'square 2']);
  expect(findings).toEqual(['the last square is 4']);
  expect(result).toEqual((await call('at-once')).result);
  const trained = await readdir(out('stopped/trained'));
  expect(trained).toHaveLength(1);
  calls = [];
  const said: string[] = [];
  const again = await call('stopped', { language: 'zh', callbacks: [{ onProgress: ({ text }) => said.push(text) }] });
  expect([calls, said]).toEqual([[], []]);
  expect(again.result).toEqual(result);
  expect(await readFile(join(out('stopped'), 'page.html'), 'utf8')).toContain('<html lang="zh-Hans">');
  expect(await readFile(join(out('stopped'), 'squares.csv'), 'utf8')).toBe('i,Steps\n0,0\n1,1\n2,4\n');
});

it.each([0.7, 1])('keeps the epochs of a training that was stopped at %f of its steps', async (at) => {
  const recordIn = async (name: string) => {
    const [trained = ''] = await readdir(out(`${name}/trained`));
    return JSON.parse(await readFile(join(out(name), 'trained', trained, 'trained.json'), 'utf8'));
  };
  const controller = new AbortController();
  const stopped = call(`epochs-${at}`, {
    signal: controller.signal,
    callbacks: [{ onProgress: ({ share = 0 }) => share >= at && controller.abort() }],
  });
  await expect(stopped).rejects.toThrow('aborted');
  await call(`epochs-${at}`);
  await call(`epochs-${at}-at-once`);
  const [resumed, whole] = [await recordIn(`epochs-${at}`), await recordIn(`epochs-${at}-at-once`)];
  expect(whole.epochs).toHaveLength(2);
  expect([resumed.epochs, resumed.test]).toEqual([whole.epochs, whole.test]);
  expect(resumed.imagesPerSecond).toBeGreaterThan(0);
});

it('refuses bf16 where the engine has none', async () => {
  await expect(call('bf16', { precision: 'bf16' })).rejects.toThrow('bf16');
});

it('refuses a folder that holds the experiment with another seed', async () => {
  await call('seeds');
  await expect(call('seeds', { seed: 7 })).rejects.toThrow('holds an experiment with seed 0, but this one has 7');
});

it('says how to go on in a folder that began with other threads', async () => {
  await call('threads', { threads: 1 });
  await expect(call('threads', { threads: 2 })).rejects.toMatchObject({
    message: expect.stringContaining('holds an experiment with threads 1, but this one has 2'),
    hint: 'go on with --threads 1, or choose another folder with `out` (--out)',
  });
});

it('refuses a folder whose numbers are of the same file with other weights', async () => {
  const run = out('own.safetensors');
  const own: Experiment = { ...steps, name: 'own', takesRun: true };
  const checkpoint = smallCheckpoint();
  await saveCheckpoint(run, checkpoint);
  await call('own', { experiment: own, run });
  await call('own', { experiment: own, run });
  await saveCheckpoint(run, { ...checkpoint, classes: ['ant', 'bee', 'cow', 'elk'] });
  await expect(call('own', { experiment: own, run })).rejects.toThrow('holds an experiment with weights');
});

it('refuses a folder whose numbers are of other images under the same path', async () => {
  const data = out('photos');
  const photos = () => call('images', { data, imageSize: 8 });
  await putImageFiles(data, ['ant', 'bee'], 12);
  await photos();
  calls = [];
  await photos();
  expect(calls).toEqual([]);
  await rename(join(data, 'bee'), join(data, 'cow'));
  const refused = 'holds an experiment with other images than this one has';
  await expect(photos()).rejects.toThrow(refused);
  await rename(join(data, 'cow'), join(data, 'bee'));
  await photos();
  await putImageFiles(data, ['ant', 'bee'], 13);
  await expect(photos()).rejects.toThrow(refused);
});

it('goes on in a folder from before images had a fingerprint, and then knows it', async () => {
  await call('before');
  const file = join(out('before'), 'lab.json');
  const { settings, ...others } = JSON.parse(await readFile(file, 'utf8')) as { settings: { images?: unknown } };
  const { images, ...before } = settings;
  await writeFile(file, JSON.stringify({ ...others, settings: before }));
  calls = [];
  await call('before');
  expect(calls).toEqual([]);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ settings: { images } });
});

it('names the file of a piece that is damaged, and what to do with it', async () => {
  await call('damaged');
  const pieces = join(out('damaged'), 'pieces');
  const [file = ''] = (await readdir(pieces)).filter((name) => name.includes('square-1'));
  await writeFile(join(pieces, file), '{"name":');
  await expect(call('damaged')).rejects.toThrow(`${join(pieces, file)}: the file is damaged`);
  await rm(join(pieces, file));
  calls = [];
  await call('damaged');
  expect(calls).toEqual(['square 1']);
});

it('tells the time of its trainings before a full setting, of those that are left', async () => {
  const told: unknown[] = [];
  const callbacks = [{ onForecast: ({ trainings }: { trainings: readonly unknown[] }) => told.push(...trainings) }];
  await call('full', { setting: 'full', callbacks });
  expect(told).toEqual([{ network: 'means', seconds: expect.any(Number) }]);
  await call('full', { setting: 'full', callbacks });
  expect(told).toHaveLength(1);
});

const claim = (id: string, number: number, ...sources: readonly Experiment[]) =>
  defineClaim<readonly { readonly squares: readonly number[] }[]>({
    id,
    number,
    question: { en: 'Does it grow?', zh: '它增长吗？' },
    article: { en: 'It grows.', zh: '它增长。' },
    sources: sources.map((experiment) => ({ experiment })),
    answer: (results) => ({
      verdict: 'holds',
      answer: { en: 'It grows.', zh: '它增长。' },
      numbers: results.map(({ squares }) => ({ name: words, value: squares.at(-1) ?? null })),
    }),
  });

it('does pieces of an experiment anew where a claim has it done with other settings', async () => {
  const sources = [2, 3].map((count) => ({ experiment: steps, quick: { count } }));
  await call('settings', { experiment: claimsExperiment([{ ...claim('one', 1), sources }], []) });
  expect(calls).toEqual(['square 0', 'square 1', 'square 0', 'square 1', 'square 2']);
});

it('answers claims though an experiment fails, and does each experiment once', async () => {
  const experiment = claimsExperiment(
    [claim('one', 1, steps), claim('two', 2, steps, failing), claim('three', 3, steps)],
    [{ id: 'growth', number: 1, question: words, article: words, claims: ['one', 'three'] }],
  );
  const { result } = await call('claims', { experiment });
  const { claims } = result as { claims: { id: string; measured: boolean; verdict: string; answer: { en: string } }[] };
  expect(claims.map(({ id, measured, verdict }) => [id, measured, verdict])).toEqual([
    ['one', true, 'holds'],
    ['two', false, 'open'],
    ['three', true, 'holds'],
  ]);
  expect(claims[1]?.answer.en).toBe('Missing for an answer: the experiment failing failed. the sky fell');
  expect(calls).toEqual(['square 0', 'square 1', 'square 2']);
  // what `skein lab claims --json` prints besides the folder, the page and the seconds
  const summary = experiment.summary?.(result, { language: 'en', command: 'skein lab claims' });
  expect(summary).toMatchObject({
    claims: [
      {
        id: 'one',
        question: 'Does it grow?',
        article: 'It grows.',
        measured: true,
        answer: 'It grows.',
        numbers: [{ value: 4, format: 'number', source: null }],
        command: 'skein lab steps',
      },
      { id: 'two', measured: false, numbers: [] },
      { id: 'three' },
    ],
    questions: [{ id: 'growth', claims: ['one', 'three'] }],
  });
});

it('lets a fault of the code come out of claims as what it is', async () => {
  const fault = new TypeError('undefined is not a function');
  const broken: Experiment = { ...steps, name: 'broken', run: () => Promise.reject(fault) };
  await expect(call('fault', { experiment: claimsExperiment([claim('one', 1, broken)], []) })).rejects.toBe(fault);
  const answering = {
    ...claim('one', 1, steps),
    answer: () => {
      throw fault;
    },
  };
  await expect(call('fault-within', { experiment: claimsExperiment([answering], []) })).rejects.toBe(fault);
});

it('adds up the seconds of a training that was interrupted', async () => {
  const controller = new AbortController();
  // the first step of the second epoch
  const onProgress = ({ share }: { share?: number }) => share !== undefined && share > 0.5 && controller.abort();
  await expect(call('added', { signal: controller.signal, callbacks: [{ onProgress }] })).rejects.toThrow('aborted');
  const [run = ''] = await readdir(out('added/trained'));
  const file = (name: string) => join(out('added/trained'), run, name);
  const lines = (await readFile(file('metrics.jsonl'), 'utf8')).trim().split('\n');
  const longer = lines.map((line) => {
    const one = JSON.parse(line) as { kind: string };
    return JSON.stringify(one.kind === 'epoch' ? { ...one, seconds: 1000 } : one);
  });
  await writeFile(file('metrics.jsonl'), `${longer.join('\n')}\n`);
  await call('added');
  expect((JSON.parse(await readFile(file('trained.json'), 'utf8')) as { seconds: number }).seconds).toBeGreaterThan(
    1000,
  );
});

it('lists the experiments, and knows what a name was meant to be', async () => {
  const { stdout, code } = await skein('lab', '--json');
  expect(code).toBe(0);
  const list = JSON.parse(stdout) as { name: string; title: { zh: string }; source: string }[];
  expect(list.map(({ name }) => name)).toEqual(expect.arrayContaining(['degradation', 'claims']));
  expect(list.every(({ title }) => /[\u4e00-\u9fff]/.test(title.zh))).toBe(true);
  expect(list.find(({ name }) => name === 'degradation')?.source).toContain('He et al. 2015');
  expect((await skein('lab')).stdout).toContain('training error of plain and residual networks');
  const wrong = await skein('lab', 'degredation');
  expect(wrong.code).not.toBe(0);
  expect(wrong.stderr).toContain('did you mean degradation?');
});
