import { element } from '../page/element.ts';
import { percent } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { stats } from '../page/stats.ts';
import type { EvaluationReport } from './evaluation-data.ts';
import { points, pointsSpan, span } from './wording.ts';

/** What looking several times at each image brings. */
export const augmentedSection = defineSection<EvaluationReport>({
  id: 'augmented',
  heading: 'When it looks several times',
  isShown: ({ augmented }) => augmented !== undefined,
  draw: ({ augmented, score }) => {
    if (!augmented) return [];
    const { name, views, correct, total, interval, difference } = augmented;
    const gain = correct / total - score.correct / score.total;
    const sign = difference.low > 0 ? 'It helps' : difference.high < 0 ? 'It harms' : 'No difference can be seen';
    const text =
      `Each image was looked at ${views} times (${name}), and the probabilities averaged. ${sign}: ` +
      `the difference lies between ${points(difference.low)} and ${points(difference.high)} points, at ${views} times the work.`;
    return [
      element('p', {}, text),
      stats(
        [
          { label: 'once', value: percent(score.correct / score.total), note: span(score.interval) },
          { label: `${views} times`, value: percent(correct / total), note: span(interval) },
          { label: 'difference', value: points(gain), note: pointsSpan(difference) },
        ],
        { isFirstLarge: false },
      ),
    ];
  },
});
