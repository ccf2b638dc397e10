/** The trained networks that an experiment looks into, and images as they see them. */
import type { Checkpoint } from '../checkpoint/index.ts';
import { findModel } from '../models/index.ts';
import { DataError } from '../tensor/index.ts';
import type { Amount } from './amounts.ts';
import type { Laboratory, LaboratoryBatch, Training } from './laboratory.ts';

export interface Examined {
  readonly name: string;
  /** As messages name it. */
  readonly file: string;
  readonly checkpoint: Checkpoint;
  /** That the experiment trained it; absent for one of the person's own. */
  readonly epochs?: number;
}

/** What `examined` trains. */
export const examinedTrainings = (names: readonly string[], { epochs, images, batchSize }: Amount): Training[] =>
  names.map((name) => ({
    network: findModel(name),
    epochs,
    ...(images !== undefined && { images }),
    ...(batchSize !== undefined && { batchSize }),
  }));

/** The person's own network alone where there is one, else these, each trained when it is asked for. */
export async function* examined(lab: Laboratory, names: readonly string[], amount: Amount): AsyncGenerator<Examined> {
  if (lab.own) {
    yield { name: lab.own.checkpoint.network.name, ...lab.own };
    return;
  }
  for (const training of examinedTrainings(names, amount)) {
    const { checkpoint, file } = await lab.train(training);
    yield { name: training.network.name, file, checkpoint, epochs: amount.epochs };
  }
}

/**
 * Images of the laboratory's data, scaled as the network was trained with.
 * @throws DataError where it takes images of another size, or knows other classes
 */
export async function batchFor(
  lab: Laboratory,
  part: 'train' | 'test',
  count: number,
  { name, checkpoint: { preprocessing, classes } }: Pick<Examined, 'name' | 'checkpoint'>,
): Promise<LaboratoryBatch> {
  const { channels, height, width } = lab.image;
  if (channels !== preprocessing.channels || height !== preprocessing.height || width !== preprocessing.width)
    throw new DataError(
      `lab: ${name} takes images of ${preprocessing.channels}×${preprocessing.height}×${preprocessing.width}, but those of ${lab.data.test.name} are ${channels}×${height}×${width}`,
      'give the data that it was trained on (--data, --image-size)',
    );
  const given = lab.data[part].classes;
  if (String(given) !== String(classes))
    throw new DataError(
      `lab: ${name} knows ${classes.length} classes (${some(classes)}), but ${lab.data.test.name} has ${given.length} (${some(given)})`,
      'give the data that it was trained on (--data)',
    );
  const { images, labels } = await lab.batch(part, Math.min(count, lab.data[part].length));
  return { images: rescaled(images, lab.data.normalisation, preprocessing, height * width), labels };
}

const some = (classes: readonly string[]) => `${classes.slice(0, 3).join(', ')}${classes.length > 3 ? ', …' : ''}`;

interface Scale {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

function rescaled(images: Float32Array, from: Scale, to: Scale, area: number): Float32Array {
  if (String([from.mean, from.std]) === String([to.mean, to.std])) return images;
  const channels = to.mean.length;
  const at = (values: readonly number[], channel: number) => values[channel] as number;
  return images.map((x, i) => {
    const channel = Math.floor(i / area) % channels;
    return (x * at(from.std, channel) + at(from.mean, channel) - at(to.mean, channel)) / at(to.std, channel);
  });
}
