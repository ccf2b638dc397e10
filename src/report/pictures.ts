/** Images from the data: those the network was surest and wrong about, and a batch as it is trained on. */
import { sharesText } from '../data/index.ts';
import { element, named, type PageElement, section } from './element.ts';
import { count, percent, plural } from './quantity.ts';
import type { Picture, ReportData } from './report-data.ts';

/** The wrong answers that the network was surest of, as pictures. */
export function mistakesSection({ classes, mistakes, split, score }: ReportData): PageElement {
  const name = (label: number) => classes[label] as string;
  const figures = mistakes.map(({ picture, label, prediction, probability }) =>
    figure(
      picture,
      `An image of ${name(label)}, predicted to be ${name(prediction)}`,
      element('span', { class: 'was' }, named(name(label))),
      element('span', { class: 'guess' }, '→ ', named(name(prediction))),
      element('span', { class: 'sure' }, percent(probability)),
    ),
  );
  const wrong = score.total - score.correct;
  const text =
    figures.length === 0
      ? `There are none: the network recognised every ${split} image.`
      : `The ${plural(figures.length, 'wrong answer')}${wrong > figures.length ? `, of ${count(wrong)},` : ''} that the network was ` +
        `surest of: the label, what it was taken for, and with which probability. ` +
        'Some labels may be wrong themselves.';
  return section(
    'mistakes',
    'The worst mistakes',
    element('p', {}, text),
    ...(figures.length > 0 ? [element('div', { class: 'pictures' }, ...figures)] : []),
  );
}

/** The start of a training batch, augmented. */
export function batchSection({ classes, batch, facts }: ReportData): PageElement {
  const figures = batch.map(({ picture, label, shares }) => {
    const name = shares ? sharesText(shares, classes) : (classes[label] as string);
    return figure(picture, `A training image of ${name}`, element('span', { class: 'was' }, named(name)));
  });
  const augmentation = facts.recipe.find(([label]) => label === 'augmentation')?.[1] ?? 'none';
  return section(
    'batch',
    'What it trained on',
    element(
      'p',
      {},
      `The first ${plural(batch.length, 'image')} of the first batch, as the network sees them: augmented ` +
        `(${augmentation}) and normalised, here brought back to visible colours.` +
        (batch.some(({ shares = [] }) => shares.length > 1)
          ? ' Where there are several classes, so much of each counts.'
          : ''),
    ),
    element('div', { class: 'pictures small' }, ...figures),
  );
}

/** A picture with its caption. */
export function figure({ png, height, width }: Picture, alt: string, ...caption: PageElement[]): PageElement {
  const image = element('img', {
    src: `data:image/png;base64,${Buffer.from(png).toString('base64')}`,
    alt,
    width: String(width),
    height: String(height),
    // few pixels are shown as they are, many are scaled smoothly
    ...(Math.max(width, height) <= 64 && { class: 'crisp' }),
  });
  return element('figure', {}, image, element('figcaption', {}, ...caption));
}
