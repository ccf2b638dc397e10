/** Images that a run cannot read and passes over: each is told once, and a class of which nothing is left ends the run. */
import { type Dataset, surveyCommand } from '../data/index.ts';
import type { BadImage } from '../pipeline/index.ts';
import { DataError } from '../tensor/index.ts';
import type { BadImageEvent, Callback } from './events.ts';
import type { RunSink } from './run-sink.ts';

type Split = BadImageEvent['split'];

/** Those that the run has met, also before it was gone on with. */
export class BadImages {
  readonly #known = new Map<string, BadImageEvent>();

  constructor(before: readonly BadImageEvent[] = []) {
    for (const one of before) this.add(one);
  }

  get all(): BadImageEvent[] {
    return [...this.#known.values()];
  }

  has({ split, path }: Pick<BadImageEvent, 'split' | 'path'>): boolean {
    return this.#known.has(`${split} ${path}`);
  }

  /** @returns whether it is a new one */
  add({ split, path, message }: BadImageEvent): boolean {
    if (this.has({ split, path })) return false;
    this.#known.set(`${split} ${path}`, { split, path, message });
    return true;
  }
}

/** Of a run: what it knows, and who hears of more. */
interface Listeners {
  readonly badImages: BadImages;
  readonly sink: Pick<RunSink, 'log'>;
  readonly callbacks: readonly Callback[];
}

/** Records what is new of these. @param step the step that met them */
export async function tellBadImages(
  { badImages, sink, callbacks }: Listeners,
  split: Split,
  met: readonly BadImage[],
  step: number,
): Promise<void> {
  for (const { path, message } of met) {
    const event = { split, path, message };
    if (!badImages.add(event)) continue;
    await sink.log({ kind: 'bad image', step, ...event });
    for (const { onBadImage } of callbacks) onBadImage?.(event);
  }
}

/** @throws DataError where no training image of a class can be read: the run cannot learn it */
export function expectClassesLeft({ badImages }: Pick<Listeners, 'badImages'>, train: Dataset): void {
  const { labels, classes, images, ids, source } = train;
  const paths = images?.paths ?? ids;
  if (!labels || !paths || badImages.all.length === 0) return;
  const left = new Float64Array(classes.length);
  const lost = new Float64Array(classes.length);
  for (let index = 0; index < train.length; index++) {
    const counts = badImages.has({ split: 'train', path: paths[index] as string }) ? lost : left;
    const label = labels[index] as number;
    counts[label] = (counts[label] as number) + 1;
  }
  const gone = classes.findIndex((_, label) => (lost[label] as number) > 0 && left[label] === 0);
  if (gone < 0) return;
  throw new DataError(
    `train: expected images of the class \`${classes[gone]}\` that can be read, but of the ${lost[gone]} to train on none is`,
    `${source ? `${surveyCommand(source)} lists what is wrong with each; ` : ''}repair them, or take the class away`,
  );
}
