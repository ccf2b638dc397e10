import { sharesText } from '../../data/index.ts';
import { numberText } from '../laboratory/figures/number-text.ts';
import { element, named, scrollBox } from '../page/element.ts';
import { figure, pictures } from '../page/picture.ts';
import { plural } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { row, table } from '../page/table.ts';
import type { ReplayData, ReplayedPicture } from './replay-data.ts';

/** The batch as the network saw it, each image over what it was to be called. */
export const batchSection = defineSection<ReplayData>({
  id: 'batch',
  heading: 'What it was fed',
  draw: (data) => {
    const { samples, augmentation, isOnFeatures } = data;
    const mixed = samples.some(({ shares = [] }) => shares.length > 1);
    const replaced = samples.filter(({ isReplaced }) => isReplaced).length;
    const text = isOnFeatures
      ? `${plural(samples.length, 'sample')} of the batch. The head alone trained in this phase, on features that the rest computed once, so that there are no pictures.`
      : `${plural(samples.length, 'image')}, as the network saw them: augmented (${augmentation}) and normalised, here brought back to visible colours.`;
    const more = [
      ...(mixed ? ['Where there are several classes, so much of each counts.'] : []),
      ...(replaced > 0
        ? [`${plural(replaced, 'image')} could not be read; another one of the batch stands in its place.`]
        : []),
    ];
    return [element('p', {}, [text, ...more].join(' ')), isOnFeatures ? list(data) : sheet(data)];
  },
});

const nameOf = ({ label, shares }: ReplayedPicture, classes: readonly string[]): string =>
  shares ? sharesText(shares, classes) : (classes[label] as string);

const sheet = ({ samples, classes }: ReplayData) =>
  pictures(
    samples.flatMap((sample) => {
      if (!sample.picture) return [];
      const name = nameOf(sample, classes);
      const weight = sample.weight === 1 ? [] : [element('span', {}, ` × ${numberText(sample.weight)}`)];
      return [
        figure(sample.picture, `${sample.id}: ${name}`, element('span', { class: 'was' }, named(name)), ...weight),
      ];
    }),
    'small',
  );

const list = ({ samples, classes }: ReplayData) =>
  scrollBox(
    'Samples of the batch',
    table({
      head: ['sample', 'class'],
      numbersFrom: 2,
      rows: samples.map((sample) => row(named(sample.id), element('td', {}, named(nameOf(sample, classes))))),
    }),
    samples.length > 20 ? 'tall' : '',
  );
