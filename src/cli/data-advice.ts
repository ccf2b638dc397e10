/** What `skein data` ends with: the command for this data and this machine, and how long it will take. */
import type { DataSource, DataSurvey } from '../data/index.ts';
import { SkeinError } from '../tensor/index.ts';
import {
  type Advice,
  adviceFor,
  adviceOptions,
  hasPretrained,
  measuredRun,
  predictedSeconds,
  type TrainOptions,
} from '../train/index.ts';
import type { Output } from './output.ts';

/** The next command, and what it costs here. */
export interface NextCommand extends Advice {
  readonly command: string;
  /** Undefined where nothing was measured. */
  readonly seconds: number | undefined;
}

interface NextOptions {
  readonly source: DataSource;
  /** DATA and the flags that say how it is read, for a command to copy. */
  readonly words: string;
  /** The same as options of `train`. */
  readonly reading: Partial<TrainOptions>;
  /** Whether a few steps are timed. */
  readonly isTimed: boolean;
}

/** Undefined where the data cannot be trained on. */
export async function nextCommand(
  { splits, problems }: DataSurvey,
  { source, words, reading, isTimed }: NextOptions,
  output: Output,
): Promise<NextCommand | undefined> {
  const train = splits.find(({ name }) => name === 'train');
  if (!train?.images || problems.some(({ severity }) => severity === 'error')) return undefined;
  const kind = { size: train.images.commonest, isScaled: train.dataset.images !== undefined };
  const advice = adviceFor(kind, adviceFor(kind, true).weights === 'imagenet' && (await hasPretrained()));
  const options = { ...reading, ...adviceOptions(advice), data: source };
  const measured = isTimed ? await measuredRun(options).catch(untimed) : undefined;
  return {
    ...advice,
    command: `${output.command} train ${advice.model} --data ${words}${flagsOf(advice)}`,
    seconds: measured && predictedSeconds(measured, options),
  };
}

/** Training itself says what is wrong; here it only leaves the time unknown. */
function untimed(error: unknown): undefined {
  if (!(error instanceof SkeinError)) throw error;
}

function flagsOf({ imageSize, epochs, weights, fineTune }: Advice): string {
  const flags = [
    ...(weights === 'none' ? [] : [`--weights ${weights}`]),
    ...(fineTune ? [`--fine-tune ${fineTune}`] : []),
    ...(imageSize === undefined ? [] : [`--image-size ${imageSize}`]),
    `--epochs ${epochs}`,
  ];
  return flags.map((flag) => ` ${flag}`).join('');
}

/** The command, and what it means. */
export function printNext({ command, seconds, weights, imageSize }: NextCommand, output: Output): void {
  const time = seconds === undefined ? '' : `  (${roughly(seconds)} here)`;
  output.line(`\nNext:\n  ${command}${time}`);
  if (weights === 'none' && imageSize === 64)
    output.paragraph(
      '  ImageNet weights cannot be had at the moment, so this starts from random ones on small copies. Where they can (online, or in the folder that SKEIN_WEIGHTS names), a few photographs go further: --weights imagenet with resnet18.',
      'dim',
    );
}

/** about 40 seconds, about 6 minutes, about 2.5 hours */
function roughly(seconds: number): string {
  if (seconds < 90) return `about ${Math.max(10, Math.round(seconds / 10) * 10)} seconds`;
  const minutes = seconds / 60;
  return minutes < 90 ? `about ${Math.round(minutes)} minutes` : `about ${(minutes / 60).toFixed(1)} hours`;
}
