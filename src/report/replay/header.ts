import { numberText } from '../laboratory/figures/number-text.ts';
import { type Child, element, named } from '../page/element.ts';
import { count, percent, plural } from '../page/quantity.ts';
import { factList, stats } from '../page/stats.ts';
import type { ReplayData } from './replay-data.ts';

/** Which step, whether it is the recorded one, and what it measured. */
export function header(data: ReplayData): readonly Child[] {
  const { network, step, epoch, epochs, stepInEpoch, stepsPerEpoch, loss, lr, correct, images, total } = data;
  return [
    element('h1', {}, `Step ${count(step)} of `, named(network)),
    element(
      'p',
      { class: 'data' },
      'on ',
      named(data.data),
      ` · step ${stepInEpoch} of ${stepsPerEpoch} in epoch ${epoch} of ${epochs}`,
      data.phase === undefined ? '' : ` · phase ${data.phase}`,
    ),
    element('p', { class: 'lead' }, `${wayText(data)} ${recordedText(data)}`),
    stats([
      { label: 'loss', value: numberText(loss), note: `mean over ${plural(images, 'image')}` },
      {
        label: 'right before the step',
        value: percent(correct / images),
        note: `${count(correct)} of ${count(images)}`,
      },
      { label: 'learning rate', value: numberText(lr) },
      { label: 'update', value: numberText(total.update / total.weights), note: 'of the weights’ norm' },
    ]),
    factList([
      ['run', data.run],
      ['engine', `${data.engine}, ${data.precision}, ${plural(data.threads, 'thread')}`],
      ['parameters that trained', count(total.size)],
      ['norm of the gradient', numberText(total.gradient)],
    ]),
  ];
}

function wayText({ from, before }: ReplayData): string {
  const steps = before === 0 ? 'with no step between' : `after ${plural(before, 'step')} that were taken again`;
  return `Made again from ${from}, ${steps}.`;
}

function recordedText({ recorded, loss }: ReplayData): string {
  if (!recorded) return 'The run recorded no loss for this step, so there is nothing to compare it with.';
  if (recorded.isSame) return `The run recorded the loss ${recorded.loss}: the same number, to the bit.`;
  return `The run recorded the loss ${recorded.loss}, but it came out as ${loss}: this is not the step that it took.`;
}
