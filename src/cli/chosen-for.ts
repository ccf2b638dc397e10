/** `skein train --data photos`: what is chosen where no network was named, and the flags that choose otherwise. */
import type { DataSource } from '../data/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { type Advice, adviceFor, adviceOptions, imagesKind, type TrainOptions } from '../train/index.ts';
import { type ReadingFlags, readingOf } from './data-flags.ts';
import type { Output } from './output.ts';
import { textTable } from './text-table.ts';

interface Asked extends ReadingFlags {
  readonly weights?: string;
  readonly imageSize?: number;
  readonly epochs?: number;
  readonly maxMinutes?: number;
  readonly fineTune?: string;
}

/**
 * Options for the data, and what is said of them.
 * @throws ConfigError where weights are named but not whose they are; DataError where there is no data
 */
export async function chosenFor(data: DataSource, flags: Asked, output: Output): Promise<TrainOptions> {
  const { weights } = flags;
  if (weights !== undefined && weights !== 'none' && weights !== 'imagenet')
    throw new ConfigError(
      `--weights ${weights}: expected the network that they are of, but none is named`,
      'name it first: skein train resnet18 --weights …; skein models lists them',
    );
  const kind = await imagesKind(data, readingOf(flags));
  // where they cannot be had, fetching them says what to do
  const advice = adviceFor(kind, weights !== 'none');
  const { height, width } = kind.size;
  output.paragraph(`No network was named; for images of ${height}×${width} pixels these are chosen:`);
  for (const line of textTable(['', '', ''], rowsOf(advice, flags, output.command), { left: 3 }).slice(1))
    output.line(`  ${line}`);
  return { ...adviceOptions(advice), data };
}

/** Without what flags say already. */
function rowsOf({ model, imageSize, epochs, weights, fineTune }: Advice, asked: Asked, command: string): string[][] {
  return [
    ['network', model, `another: ${command} train NAME --data …; ${command} models lists them`],
    [
      'weights',
      weights === 'none' ? 'random' : 'trained on ImageNet',
      weights === 'none' ? '--weights' : '--weights none: random ones, and a smaller network',
    ],
    ...(fineTune && asked.fineTune === undefined
      ? [['fine-tuning', 'the head first, then all layers', '--fine-tune head, gradual, all or none']]
      : []),
    ...(imageSize === undefined || asked.imageSize !== undefined
      ? []
      : [['images', `${imageSize}×${imageSize}`, '--image-size']]),
    ...(asked.epochs === undefined && asked.maxMinutes === undefined ? [['epochs', String(epochs), '--epochs']] : []),
  ];
}
