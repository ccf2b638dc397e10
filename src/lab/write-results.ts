/** What comes of an experiment as files: JSON and CSV for programs, a page for people. */
import Papa from 'papaparse';
import { sourcesOf } from '../data/index.ts';
import { figureRows, inLanguage, type LaboratoryData, laboratoryPage } from '../report/index.ts';
import { quoted } from '../tensor/index.ts';
import { version } from '../trained/index.ts';
import type { Experiment } from './experiment.ts';
import { experiments } from './experiments.ts';
import type { LabFolder } from './lab-folder.ts';
import type { LabOptions, LabRun } from './lab-options.ts';
import type { Laboratory } from './laboratory.ts';

interface Done {
  readonly result: unknown;
  readonly settings: unknown;
  readonly options: LabOptions;
  readonly data: Laboratory['data'];
  readonly engine: string;
}

export async function writeResults(folder: LabFolder, experiment: Experiment, done: Done): Promise<LabRun> {
  const { result, settings, options, data, engine } = done;
  const { name, title, source, method, limits } = experiment;
  const { language = 'en', seed = 0, precision = 'float32' } = options;
  const { findings, figures } = experiment.show(result, settings);
  const { seconds } = folder;
  const facts: LaboratoryData['facts'] = [
    [{ en: 'data', zh: '数据' }, `${data.train.name}: ${data.train.length} + ${data.test.length}`],
    [{ en: 'engine', zh: '引擎' }, precision === 'float32' ? engine : `${engine}, ${precision}`],
    [{ en: 'seed', zh: '种子' }, String(seed)],
    [{ en: 'time', zh: '用时' }, `${Math.round(seconds)} s`],
  ];
  const command = experiments.includes(experiment) ? commandOf(name, options) : callOf(name, options);
  const json = { experiment: name, version, seconds, command, settings, result, findings, figures };
  await folder.write('results.json', `${JSON.stringify(json, null, 2)}\n`);
  // a network that an id begins with may be called `mine/net`
  const fileOf = (id: string) => `${id.replaceAll(/[^\w.-]+/g, '-')}.csv`;
  for (const figure of figures) await folder.write(fileOf(figure.id), csv(figureRows(figure)));
  const shown = { language, name, title, source, method, limits, findings, figures, facts, command, version };
  const page = await folder.write('page.html', experiment.page?.(shown, result) ?? laboratoryPage(shown));
  return {
    name,
    folder: folder.path,
    page,
    seconds,
    language,
    command,
    result,
    findings: findings.map(({ says }) => inLanguage(says, language)),
  };
}

const csv = (rows: readonly (readonly (string | number | null)[])[]): string =>
  rows.map((row) => `${Papa.unparse([[...row]])}\n`).join('');

/** That repeats it on this machine. */
function commandOf(
  experiment: string,
  { run, setting = 'quick', data, imageSize, seed, engine, precision, threads, language }: LabOptions,
): string {
  const words = ['skein lab', experiment];
  if (run !== undefined) words.push(quoted(run));
  if (setting === 'full') words.push('--full');
  if (data !== undefined) words.push(...sourcesOf(data).map((one) => `--data ${quoted(one)}`));
  if (imageSize !== undefined) words.push(`--image-size ${imageSize}`);
  if (seed !== undefined) words.push(`--seed ${seed}`);
  if (typeof engine === 'string') words.push(`--engine ${engine}`);
  if (precision !== undefined) words.push(`--precision ${precision}`);
  if (threads !== undefined) words.push(`--threads ${threads}`);
  if (language === 'zh') words.push('--lang zh');
  return words.join(' ');
}

/** The same for an experiment of one's own, which no command knows. */
function callOf(
  experiment: string,
  { run, setting = 'quick', data, imageSize, seed, engine, precision, threads, language }: LabOptions,
): string {
  const name = typeof engine === 'object' ? engine.name : engine;
  const options = { setting, run, data, imageSize, seed, engine: name, precision, threads, language };
  const given = Object.entries(options).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${JSON.stringify(value)}`],
  );
  return `await lab({ experiment, ${given.join(', ')} }); // experiment: the one that is called ${experiment}`;
}
