import { type Command, Option } from 'commander';
import {
  type Augmentation,
  type DataSource,
  type DataSurvey,
  type SplitSurvey,
  sampleSheet,
  sourceText,
  surveyData,
} from '../data/index.ts';
import { writeFileAtomic } from '../files/index.ts';
import { augmentedSheet } from '../pipeline/index.ts';
import { DataError } from '../tensor/index.ts';
import { readAugmentations } from '../train/index.ts';
import { Bars } from './bars.ts';
import { nextCommand, printNext } from './data-advice.ts';
import {
  addReadingFlags,
  dataChoices,
  dataWords,
  givenData,
  type ReadingFlags,
  readingOf,
  readingWords,
} from './data-flags.ts';
import { printSurvey, surveyJson } from './data-report.ts';
import { pngPath, positiveValue, sideValue, wholeValue } from './flag-values.ts';
import type { Output, Surroundings } from './output.ts';
import { count } from './quantity.ts';

interface DataFlags extends ReadingFlags {
  readonly split?: SplitSurvey['name'];
  readonly all?: boolean;
  readonly sheet?: string;
  readonly augment?: string;
  readonly samples?: number;
  readonly imageSize?: number;
  readonly seed: number;
  readonly time: boolean;
  readonly json?: boolean;
}

/** Of networks for large images. */
const usualSize = 224;

const examples = `
Example:
  skein data photos --sheet samples.png

What training makes of images:
  skein data photos --augment crop,flip --sheet augmented.png`;

/** `skein data` */
export function addDataCommand(program: Command, { output }: Surroundings): void {
  const command = program
    .command('data')
    .description('Show what a dataset holds and what is wrong with it, and draw samples of every class')
    .argument('<data...>', `${dataChoices}; several are shown as one`)
    .addOption(
      new Option('--split <split>', 'only this part of the data (all)').choices(['train', 'validation', 'test']),
    );
  addReadingFlags(command)
    .option('--all', 'list every class, however many there are')
    .option('--sheet <file>', 'draw samples of every class as a PNG', pngPath)
    .option('--out <file>', 'the same as --sheet', pngPath)
    .option(
      '--augment <list>',
      'on the sheet, what training makes of an image of each class, for example crop:pad=4,flip',
    )
    .option(
      '--samples <n>',
      'samples of each class on the sheet (10); with --augment, epochs of one (8)',
      positiveValue,
    )
    .option(
      '--image-size <pixels>',
      'on the sheet, height and width of images from a folder (96; with --augment 224)',
      sideValue,
    )
    .option('--seed <n>', 'which samples, and of the augmentation', wholeValue, 0)
    .option('--no-time', 'do not time a few steps of training, which takes seconds')
    .option('--json', 'print { name, classes, splits, normalisation, problems, next, sheet }')
    .addHelpText('after', examples)
    .action(async (given: readonly string[], { out: alias, ...flags }: DataFlags & { readonly out?: string }) => {
      const data = givenData(given);
      const sheet = flags.sheet ?? alias;
      if (flags.augment !== undefined && sheet === undefined)
        command.error('error: --augment is for a picture: name its file with --sheet augmented.png', { exitCode: 2 });
      const augment = readAugmentations('--augment', flags.augment ?? 'none');
      const out = output(flags);
      const survey = await surveyed(data, flags, out);
      const splits = chosen(survey, data, flags.split);
      const size =
        sheet === undefined ? undefined : await writeSheet(survey, splits[0] as SplitSurvey, sheet, augment, flags);
      const advise = () => {
        const words = `${dataWords(data)}${readingWords(flags)}`;
        const { time: isTimed } = flags;
        return nextCommand(survey, { source: data, words, reading: readingOf(flags), isTimed }, out);
      };
      if (flags.json) out.json(surveyJson({ ...survey, splits }, sheet, await advise()));
      else {
        printSurvey(
          out,
          { ...survey, splits },
          {
            all: flags.all === true,
            whole: flags.split === undefined,
          },
        );
        if (size !== undefined)
          out.line(`\n${out.style('bold', flags.augment === undefined ? 'samples' : 'augmented')}  ${size}`);
        const next = await advise();
        if (next) printNext(next, out);
      }
    });
}

async function surveyed(data: DataSource, flags: DataFlags, output: Output): Promise<DataSurvey> {
  const { augment, imageSize } = flags;
  const tile = imageSize ?? (augment === undefined ? undefined : usualSize);
  const bars = new Bars(output, [{ label: 'opening images', done: 0, facts: [] }]);
  try {
    return await surveyData(data, {
      ...readingOf(flags),
      ...(tile !== undefined && { tile }),
      onProgress: (done, total) => {
        const facts = [`${count(done)} of ${count(total)}`];
        bars.set(0, { label: 'opening images', done: done / total, facts });
      },
    });
  } finally {
    bars.stop();
  }
}

function chosen({ splits }: DataSurvey, data: DataSource, split: DataFlags['split']): readonly SplitSurvey[] {
  if (split === undefined) return splits;
  const found = splits.filter(({ name }) => name === split);
  if (found.length > 0) return found;
  throw new DataError(
    `${sourceText(data)} has no ${split} split`,
    `it has ${splits.map(({ name }) => name).join(' and ')}${split === 'validation' ? '; training holds out a part of train' : ''}`,
  );
}

/** @returns what was written, in words */
async function writeSheet(
  { normalisation }: DataSurvey,
  { dataset }: SplitSurvey,
  path: string,
  augment: readonly Augmentation[],
  { samples, seed, augment: asked }: DataFlags,
): Promise<string> {
  const { png, width, height, labelled } =
    asked === undefined
      ? await sampleSheet(dataset, { ...(samples !== undefined && { samples }), seed })
      : await augmentedSheet(dataset, {
          augment,
          normalisation,
          ...(samples !== undefined && { epochs: samples }),
          seed,
        });
  await writeFileAtomic(path, png);
  const names = labelled ? '' : '; this machine has no font for the names: rows are in the order of the classes';
  return `${path} (${width}×${height} pixels)${names}`;
}
