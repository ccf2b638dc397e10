/** What `skein replay` prints. */
import { sharesText } from '../data/index.ts';
import { numberText } from '../report/index.ts';
import type { ChangedSurrounding, ReplayedSample, ReplayedStep, ReplayPlan } from '../train/index.ts';
import type { Output } from './output.ts';
import { count, counted, percent } from './quantity.ts';
import { textTable } from './text-table.ts';

/** As many samples are named. */
const shownSamples = 6;

/** Which steps come first, and from where. */
export function planText({ from, fromStep, before }: ReplayPlan, step: number): string {
  const where = fromStep === 0 ? from : `${from} (step ${count(fromStep)})`;
  if (before === 0) return `Step ${count(step)} follows ${where}: nothing to repeat before it`;
  return `Step ${count(step)}: ${counted(before, 'step is', 'steps are')} repeated before it, from ${where}`;
}

/** What is not as it was, and what follows. */
export function printChanged(output: Output, changed: readonly ChangedSurrounding[]): void {
  if (changed.length === 0) return;
  output.paragraph('Not as the run recorded it, so that equal bytes are not promised:');
  for (const { what, recorded, now } of changed) output.line(`  ${what}: ${recorded}, now ${now}`);
}

export function printReplay(output: Output, step: ReplayedStep, page: string): void {
  const { epoch, epochs, stepInEpoch, stepsPerEpoch, phase, loss, recorded, lr, correct, images, clip, total } = step;
  printChanged(output, step.changed);
  const known = !recorded
    ? 'not recorded (metrics.jsonl has every 50th step)'
    : recorded.isSame
      ? `as recorded, to the bit`
      : `but ${recorded.loss} was recorded: not the same step`;
  const rows: [string, string][] = [
    [
      'step',
      `${count(step.step)}: ${stepInEpoch} of ${stepsPerEpoch} in epoch ${epoch} of ${epochs}${phase === undefined ? '' : `, phase ${phase}`}`,
    ],
    ['loss', `${loss}  ${known}`],
    ['right', `${count(correct)} of ${count(images)} (${percent(correct / images)}), before the step`],
    ['learning rate', String(lr)],
    ['gradient', `${numberText(total.gradient)} (norm over all parameters)`],
    ['update', `${numberText(total.update)}, ${numberText(total.update / total.weights)} of the weights’ norm`],
    ...(clip
      ? [['limit', `${clip.limit}: the gradient was multiplied by ${numberText(clip.factor)}`] as [string, string]]
      : []),
    ['batch', batchText(step)],
    ['engine', `${step.engine}, ${step.precision}, ${counted(step.threads, 'thread', 'threads')}`],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, text] of rows) output.labelled(label, text, width);
  if (step.masks.length > 0) {
    output.line();
    const masks = step.masks.map(({ path, kind, rate, kept, total: all }) => [
      path,
      kind,
      percent(kept / all),
      percent(1 - rate),
      `${count(kept)} of ${count(all)}`,
    ]);
    for (const line of textTable(['left out', '', 'kept', 'expected', ''], masks, { left: 2 })) output.line(line);
  }
  output.line();
  const norms = step.layers.map(({ path, weights, gradient, update }) => [
    path,
    numberText(weights),
    numberText(gradient),
    numberText(update),
    numberText(update / weights),
  ]);
  for (const line of textTable(['norms by layer', 'weights', 'gradient', 'update', 'update / weights'], norms))
    output.line(line);
  output.line(`\npage  ${page}`);
}

function batchText({ samples, classes, isOnFeatures }: ReplayedStep): string {
  const nameOf = ({ id, label, shares }: ReplayedSample) =>
    `${id} (${shares ? sharesText(shares, classes) : classes[label]})`;
  const named = samples.slice(0, shownSamples).map(nameOf).join(', ');
  const what = isOnFeatures ? ', as features' : '';
  return `${counted(samples.length, 'image', 'images')}${what}: ${named}${samples.length > shownSamples ? ', …' : ''}`;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** For programs: all but the pixels, which the page has. */
export function replayJson(step: ReplayedStep, page: string) {
  const { batches: _, recipe: __, recorded, phase, clip, samples, classes, ...rest } = step;
  return {
    ...rest,
    phase: phase ?? null,
    loss: finite(step.loss),
    recorded: recorded ?? null,
    clip: clip ? { limit: clip.limit, factor: finite(clip.factor) } : null,
    samples: samples.map(({ id, label, shares, weight, isReplaced }) => ({
      id,
      label: classes[label],
      shares: shares?.map((one) => ({ label: classes[one.label], share: one.share })) ?? null,
      weight,
      isReplaced,
    })),
    page,
  };
}
