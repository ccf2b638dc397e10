import { extname } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type DataSurvey, type Layout, type SplitSurvey, sampleSheet, surveyData } from '../data/index.ts';
import { writeFileAtomic } from '../files/index.ts';
import { DataError } from '../tensor/index.ts';
import { Bars } from './bars.ts';
import { printSurvey, surveyJson } from './data-report.ts';
import { layoutOption, positiveValue, wholeValue } from './flag-values.ts';
import type { Output, Surroundings } from './output.ts';
import { count } from './quantity.ts';

interface DataFlags {
  readonly split?: SplitSurvey['name'];
  readonly all?: boolean;
  readonly layout?: Layout;
  readonly sheet?: string;
  readonly samples: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** `skein data` */
export function addDataCommand(program: Command, { output }: Surroundings): void {
  program
    .command('data')
    .description('Show what a dataset holds and what is wrong with it, and draw samples of every class')
    .argument('<data>', 'a name such as cifar10, a folder with one subfolder per class, or an idx file')
    .addOption(
      new Option('--split <split>', 'only this part of the data (all)').choices(['train', 'validation', 'test']),
    )
    .addOption(layoutOption())
    .option('--all', 'list every class, however many there are')
    .option('--sheet <file>', 'draw samples of every class as a PNG', pngPath)
    .option('--out <file>', 'the same as --sheet', pngPath)
    .option('--samples <n>', 'samples of each class on the sheet', positiveValue, 10)
    .option('--seed <n>', 'which samples', wholeValue, 0)
    .option('--json', 'print { name, classes, splits, normalisation, problems, sheet }')
    .addHelpText('after', '\nExample:\n  skein data photos --sheet samples.png')
    .action(async (data: string, given: DataFlags & { readonly out?: string }) => {
      const { out: alias, ...flags } = given;
      const sheet = flags.sheet ?? alias;
      const out = output(flags);
      const survey = await surveyed(data, flags.layout, out);
      const splits = chosen(survey, data, flags.split);
      const size = sheet === undefined ? undefined : await writeSheet(splits[0] as SplitSurvey, sheet, flags);
      if (flags.json) out.json(surveyJson({ ...survey, splits }, sheet));
      else {
        printSurvey(out, { ...survey, splits }, { data, all: flags.all === true, whole: flags.split === undefined });
        if (size !== undefined) out.line(`\n${out.style('bold', 'samples')}  ${size}`);
      }
    });
}

function pngPath(path: string): string {
  if (extname(path).toLowerCase() === '.png') return path;
  throw new InvalidArgumentError('It is not the name of a PNG file, such as samples.png.');
}

async function surveyed(data: string, layout: Layout | undefined, output: Output): Promise<DataSurvey> {
  const bars = new Bars(output, [{ label: 'opening images', done: 0, facts: [] }]);
  try {
    return await surveyData(data, {
      ...(layout && { layout }),
      onProgress: (done, total) => {
        const facts = [`${count(done)} of ${count(total)}`];
        bars.set(0, { label: 'opening images', done: done / total, facts });
      },
    });
  } finally {
    bars.stop();
  }
}

function chosen({ splits }: DataSurvey, data: string, split: DataFlags['split']): readonly SplitSurvey[] {
  if (split === undefined) return splits;
  const found = splits.filter(({ name }) => name === split);
  if (found.length > 0) return found;
  throw new DataError(
    `${data} has no ${split} split`,
    `it has ${splits.map(({ name }) => name).join(' and ')}${split === 'validation' ? '; training holds out a part of train' : ''}`,
  );
}

/** @returns what was written, in words */
async function writeSheet({ dataset }: SplitSurvey, path: string, { samples, seed }: DataFlags): Promise<string> {
  const { png, width, height, labelled } = await sampleSheet(dataset, { samples, seed });
  await writeFileAtomic(path, png);
  const names = labelled ? '' : '; this machine has no font for the names: rows are in the order of the classes';
  return `${path} (${width}×${height} pixels)${names}`;
}
