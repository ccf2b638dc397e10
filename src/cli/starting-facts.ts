/** What starting weights decided, in a line each. */
import type { StartEvent, StartingHead, StartingPreprocessing } from '../train/index.ts';

export function startingFacts({ startingHead, startingPreprocessing }: StartEvent): string[] {
  return [
    ...(startingHead ? [headFact(startingHead)] : []),
    ...(startingPreprocessing ? [preprocessingFact(startingPreprocessing)] : []),
  ];
}

function headFact({ path, fate, reason }: StartingHead): string {
  switch (fate) {
    case 'kept':
      return `of the same classes: all are kept, ${path} too`;
    case 'reordered':
      return `of the same classes in another order: the rows of ${path} are put into the data's order (${reason})`;
    case 'by position':
      return `whose classes are taken by position: all are kept, ${path} too (${reason})`;
    case 'renewed':
      return `of other classes: all are kept but ${path}, which starts anew (${reason})`;
  }
}

function preprocessingFact({ mean, std, resize, interpolation, data }: StartingPreprocessing): string {
  const numbers = (list: readonly number[]) => list.map((n) => String(Number(n.toPrecision(4)))).join(', ');
  const of = (pixels: Pick<StartingPreprocessing, 'mean' | 'std'>) =>
    `mean ${numbers(pixels.mean)}, std ${numbers(pixels.std)}`;
  const scaling = [
    ...(resize ? [`shorter side scaled to ${resize.shorterSide}`] : []),
    ...(interpolation ? [interpolation] : []),
  ];
  const own = of({ mean, std }) === of(data) ? '' : `the data's own: ${of(data)}; `;
  return `pixels as the weights know them: ${[of({ mean, std }), ...scaling].join(', ')} (${own}--preprocessing data)`;
}
