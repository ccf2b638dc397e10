/** The words after flags as values; a word that is none is a usage mistake. */

import { totalmem } from 'node:os';
import { extname } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { recomputeChoices } from '../autodiff/index.ts';
import { layouts } from '../data/index.ts';
import { engineNames, precisions } from '../engines/index.ts';
import { decimalOf } from '../parts/index.ts';
import { mostWorkers } from '../pipeline/index.ts';
import { nearestName } from '../tensor/index.ts';
import { badImageChoices } from '../train/index.ts';
import { memory as memoryText } from './quantity.ts';

/** 0.1, 1e-4 */
export function numberValue(word: string): number {
  const value = decimalOf(word);
  if (value === undefined) throw new InvalidArgumentError('It is not a number.');
  return value;
}

/** 5, or none */
export function numberOrNone(word: string): number | 'none' {
  return word === 'none' ? word : aboveZeroValue(word);
}

/** 10, 0.5 */
export function aboveZeroValue(word: string): number {
  const value = numberValue(word);
  if (!(value > 0)) throw new InvalidArgumentError('It is not a number above 0.');
  return value;
}

const wholeNumber = /^\d+$/;
const isPositive = (word: string): boolean => wholeNumber.test(word) && Number(word) >= 1;

/** 0, 1, 2, … */
export function wholeValue(word: string): number {
  if (!wholeNumber.test(word)) throw new InvalidArgumentError('It is not a whole number of at least 0.');
  return Number(word);
}

/** 1, 2, 3, … */
export function positiveValue(word: string): number {
  if (!isPositive(word)) throw new InvalidArgumentError('It is not a whole number of at least 1.');
  return Number(word);
}

/** 2,16,256: what `value` takes, with commas between. */
export const listValue =
  <T>(value: (word: string) => T) =>
  (words: string): T[] =>
    words.split(',').map((word) => value(word.trim()));

/** `-b, --batch-size` */
export function batchSizeValue(word: string): number | 'auto' {
  if (word === 'auto') return word;
  if (!isPositive(word)) throw new InvalidArgumentError('It is not a whole number of at least 1, nor auto.');
  return Number(word);
}

const upTo = (most: number) => (word: string) => {
  const value = positiveValue(word);
  if (value > most) throw new InvalidArgumentError(`It is more than ${most}.`);
  return value;
};

/** `--threads`: more than any machine has cores only wait for each other. */
export const threadsValue = upTo(1024);

/** `-j, --workers` */
export function workersValue(word: string): number {
  const value = wholeValue(word);
  if (value > mostWorkers) throw new InvalidArgumentError(`It is more than ${mostWorkers}.`);
  return value;
}

/** What `-j` is, as its help says. */
export const workersHelp = 'threads that decode and augment images from files; 0: none (the cores but one, 8 at most)';

/** `--on-bad-image` */
export const badImageOption = () =>
  new Option(
    '--on-bad-image <what>',
    'an image that cannot be read: stop there, or skip it, and say so at the end (stop)',
  ).choices(badImageChoices);

/** `--image-size` */
export const sideValue = upTo(4096);

const memoryUnits: Readonly<Record<string, number>> = {
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** An amount of memory, and how it was given: 7.5 GiB. */
export interface MemoryAmount {
  readonly bytes: number;
  readonly words: string;
}

/** 512MB, 8GB, 7.5GiB, in any case. */
export function memoryValue(word: string): MemoryAmount {
  const [, amount = '', letters = ''] = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(word) ?? [];
  const unit = Object.keys(memoryUnits).find((name) => name.toLowerCase() === letters.toLowerCase()) ?? '';
  const bytes = Math.floor(Number(amount) * (memoryUnits[unit] ?? 0));
  if (!(bytes >= 1 && Number.isSafeInteger(bytes)))
    throw new InvalidArgumentError(
      `It is no amount of memory such as 512MB or 7.5GiB (${Object.keys(memoryUnits).join(', ')}).`,
    );
  return { bytes, words: `${Number(amount).toLocaleString('en-US', { maximumFractionDigits: 20 })} ${unit}` };
}

/** `--cache`: 4GB in bytes, a folder, or off. @param memory bytes that this machine has */
export function cacheValue(word: string, memory = machineMemory()): number | string {
  if (word === '' || /^-/.test(word))
    throw new InvalidArgumentError('It is neither an amount of memory, nor a folder, nor off.');
  if (word.startsWith('~'))
    throw new InvalidArgumentError('The shell has not put your folder in place of ~: write the full path.');
  if (word.toLowerCase() === 'off') return 'off';
  if (!/^\d/.test(word)) return word;
  const bytes = amountOrFolder(word);
  if (typeof bytes === 'number' && bytes > memory)
    throw new InvalidArgumentError(`It is more than this machine’s memory of ${memoryText(memory)}.`);
  return bytes;
}

/** Also where a container has less. */
const machineMemory = (): number => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

function amountOrFolder(word: string): number | string {
  try {
    return memoryValue(word).bytes;
  } catch (error) {
    if (/[/\\]/.test(word)) return word;
    throw new InvalidArgumentError(`${(error as Error).message} A folder of that name is ./${word}.`);
  }
}

/** What `--engine` takes, as its help says. */
export const engineChoices = `${engineNames.filter((name) => name !== 'auto').join(', ')} or auto (auto)`;

/** What `--engine` takes. */
export function engineValue(word: string): string {
  if (engineNames.includes(word)) return word;
  const nearest = nearestName(word, engineNames);
  throw new InvalidArgumentError(
    `It is none of ${engineNames.join(', ')}${nearest === undefined ? '' : `; did you mean ${nearest}?`}.`,
  );
}

/** A share: above 0 and below 1. */
export function shareValue(word: string): number {
  const value = numberValue(word);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('It is not a number between 0 and 1.');
  return value;
}

/** `--precision` */
export const precisionOption = () =>
  new Option('--precision <name>', 'of convolutions; bf16 needs onednn and a processor that has it (float32)').choices(
    precisions,
  );

/** `--recompute` */
export const recomputeOption = () =>
  new Option('--recompute <what>', 'what the backward pass computes again, to need less memory (none)').choices(
    recomputeChoices,
  );

/** `--layout` */
export const layoutOption = () =>
  new Option(
    '--layout <what>',
    'what the folders of an image folder are: classes, or splits with classes in them (auto)',
  ).choices(layouts);

/** `--sheet` */
export function pngPath(path: string): string {
  if (extname(path).toLowerCase() === '.png') return path;
  throw new InvalidArgumentError('It is not the name of a PNG file, such as samples.png.');
}
