import { type Child, element, named } from '../page/element.ts';
import { percent, plural, shortened } from '../page/quantity.ts';
import { type Stat, stats } from '../page/stats.ts';
import { classesByF1 } from './classes-by-f1.ts';
import type { EvaluationReport } from './evaluation-data.ts';
import { span, splitWord } from './wording.ts';

/** The network, its file and the images; the numbers that matter most; what should be known of the images. */
export function header(report: EvaluationReport): Child[] {
  const { network, checkpoint, data, classes, score, notes } = report;
  const measured = `Measured on ${plural(score.total, `${splitWord(report)} image`)}.`;
  return [
    element('h1', {}, named(network)),
    element(
      'p',
      { class: 'data' },
      named(checkpoint),
      ' on ',
      named(data),
      `, ${plural(classes.length, 'class', 'classes')}`,
    ),
    stats(topStats(report)),
    element('p', { class: 'lead' }, [measured, ...notes].join(' ')),
  ];
}

function topStats(report: EvaluationReport): Stat[] {
  const { score, classes, calibration } = report;
  const weakest = classesByF1(report)[0];
  const { before, after } = calibration;
  return [
    {
      label: `${splitWord(report)} accuracy`,
      value: percent(score.correct / score.total),
      note: `95 % interval ${span(score.interval)}`,
    },
    ...(score.top5 === undefined
      ? []
      : [{ label: 'top-5', value: percent(score.top5), note: 'right in five guesses' }]),
    ...(weakest && classes.length > 1
      ? [{ label: 'weakest class', value: percent(weakest.f1), note: `F1 of ${shortened(weakest.name, 24)}` }]
      : []),
    {
      label: 'calibration error',
      value: percent(before.ece),
      note: after ? `${percent(after.ece)} with a temperature` : `by chance: ${percent(before.noise.mean)}`,
    },
    { label: 'loss', value: score.loss.toFixed(3), note: 'mean cross entropy' },
  ];
}
