import { sharesText } from '../../data/index.ts';
import { element, named } from '../page/element.ts';
import { figure, pictures } from '../page/picture.ts';
import { plural } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { augmentationText } from './augmentation-text.ts';
import type { ReportData } from './report-data.ts';

/** The start of a training batch, as it was trained on. */
export const batchSection = defineSection<ReportData>({
  id: 'batch',
  heading: 'What it trained on',
  draw: ({ classes, batch, facts }) => {
    const figures = batch.map(({ picture, label, shares }) => {
      const name = shares ? sharesText(shares, classes) : (classes[label] as string);
      return figure(picture, `A training image of ${name}`, element('span', { class: 'was' }, named(name)));
    });
    const augmentation = augmentationText(facts);
    const mixed = batch.some(({ shares = [] }) => shares.length > 1);
    const text =
      `The first ${plural(batch.length, 'image')} of the first batch, as the network sees them: ` +
      `${augmentation === undefined ? '' : `augmented (${augmentation}) and `}normalised, here brought back to visible colours.` +
      (mixed ? ' Where there are several classes, so much of each counts.' : '');
    return [element('p', {}, text), pictures(figures, 'small')];
  },
});
