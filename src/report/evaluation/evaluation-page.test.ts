import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { madeUpEvaluation } from '../../../tests/made-up-evaluation.ts';
import { ConfusionMatrix, wilsonInterval } from '../../metrics/index.ts';
import { type EvaluationReport, evaluationPage } from '../index.ts';

interface Found {
  readonly textContent: string;
}

function open(changes: Partial<EvaluationReport> = {}) {
  const html = evaluationPage(madeUpEvaluation(changes));
  const { document } = parseHTML(html) as unknown as {
    document: { querySelectorAll(selector: string): Iterable<Found> };
  };
  const texts = (selector: string) => [...document.querySelectorAll(selector)].map(({ textContent }) => textContent);
  const of = (id: string, selector: string) => texts(`section[aria-labelledby=${id}] ${selector}`);
  const finding = (about: string) =>
    of('summary', 'li')
      .find((text) => text.startsWith(about))
      ?.slice(about.length);
  return { html, texts, of, finding };
}

it('has a section for all that was found, and none for what nobody asked for', () => {
  expect(open().texts('h2')).toEqual([
    'In short',
    'Against the other checkpoint',
    'Class by class',
    'What was taken for what',
    'The worst mistakes',
    'Can its confidence be believed?',
    'When it may leave out what it is unsure of',
    'On which images',
    'When images are spoilt',
    'When it looks several times',
  ]);
  const { texts } = open({ against: undefined, augmented: undefined, corruptions: undefined, slices: [] });
  expect(texts('h2')).not.toContain('Against the other checkpoint');
  expect(texts('h2')).not.toContain('When it looks several times');
  expect(texts('h2')).not.toContain('When images are spoilt');
  expect(texts('h2')).not.toContain('On which images');
});

it('says on top how many images are right, and with which interval', () => {
  const { texts } = open();
  expect(texts('h1')).toEqual(['resnet20']);
  expect(texts('.data')).toEqual(['runs/resnet20/best.safetensors on cifar10, 10 classes']);
  expect(texts('header .stat')).toEqual([
    'test accuracy93.0 %95 % interval 92.5 to 93.5 %',
    'top-599.7 %right in five guesses',
    'weakest class85.8 %F1 of cat',
    'calibration error6.1 %0.6 % with a temperature',
    'loss0.291mean cross entropy',
  ]);
  expect(texts('.lead')).toEqual(['Measured on 10,000 test images. None of these images was trained on.']);
});

it('says in short what is good, what is bad, and what to do', () => {
  const { finding } = open();
  expect(finding('does well')).toBe('ship, truck and automobile: F1 of at least 95.2 %.');
  expect(finding('does badly')).toBe('cat is the weakest class, F1 85.8 %: 92 of its 1,000 images are taken for dog.');
  expect(finding('weak spot')).toBe(
    'By folder, the weakest are indoor/kitchen: 76.3 % of 80 images right, instead of 93.0 % of all.',
  );
  expect(finding('confidence')).toContain('it is surer than it should be. A temperature of 1.52 brings');
  expect(finding('to do next')).toContain('It confuses cat and dog most');
  expect(finding('to do next')).toContain('--calibrate');
});

it('does not send anybody after an error that chance explains', () => {
  const { before, ...rest } = madeUpEvaluation().calibration;
  const even = open({ calibration: { ...rest, before: { ...before, ece: 0.009 } } });
  expect(even.finding('confidence')).toBe(
    'Can be believed: its calibration error of 0.9 % is no more than chance shows on as many images, which is up to 0.9 %.',
  );
  expect(even.finding('to do next')).not.toContain('temperature');
  const slices = [
    { by: 'size', slices: [{ label: 'small', images: 40, correct: 35, interval: wilsonInterval(35, 40) }] },
  ];
  expect(open({ slices } as Partial<EvaluationReport>).finding('weak spot')).toBeUndefined();
});

it('shows calibration before and after the temperature, and what chance would show', () => {
  const { of } = open();
  expect(of('calibration', 'svg')).toHaveLength(2);
  expect(of('calibration', 'tbody tr')).toEqual([
    'calibration error6.06 %0.60 %',
    'by chance, on average0.59 %0.59 %',
    'by chance, at most (95 %)0.92 %0.92 %',
    expect.stringMatching(/^mean confidence\d+\.\d+ %\d+\.\d+ %$/),
    'loss0.2910.255',
  ]);
  const calibration = { ...madeUpEvaluation().calibration, after: undefined, temperature: undefined };
  const without = open({ calibration });
  expect(without.of('calibration', 'figcaption')).toEqual(['Accuracy by confidence', 'Predictions by confidence']);
  expect(without.of('calibration', 'table')).toEqual([]);
});

it('counts for two checkpoints which images both, one or none has right', () => {
  const { of } = open();
  // 9,304 and 9,192 are right; 437 only by this one and 325 only by the other
  expect(of('against', 'tbody tr')).toEqual([
    'both8,86788.7 %',
    'only this one4374.4 %',
    'only the other one3253.3 %',
    'neither3713.7 %',
  ]);
  expect(of('against', '.stat')).toContain('difference+1.1+0.6 to +1.7 points');
  expect(of('against', '.stat')).toContain('p< 0.001McNemar, χ² test');
});

it('tells slices that lie wholly below or above the whole from those that chance explains', () => {
  const { html, of } = open();
  expect(of('slices', 'caption')).toEqual(['By brightness', 'By folder']);
  expect(html.match(/class="strip (below|above|even)"/g)).toEqual([
    'class="strip below"',
    'class="strip below"',
    'class="strip below"',
    'class="strip even"',
    'class="strip below"',
    'class="strip even"',
    'class="strip above"',
  ]);
});

it('calls labelled images by that name, and lists those that could not be read', () => {
  const { texts, of } = open({ split: 'all', badImages: [{ path: 'a<b>.jpg', message: 'a<b>.jpg: is corrupt' }] });
  expect(texts('.stat .label')[0]).toBe('labelled accuracy');
  expect(of('confusion', 'p')[0]).toBe('696 wrong answers on 10,000 labelled images, in 90 pairs of classes.');
  expect(of('bad-images', 'tbody tr')).toEqual(['a<b>.jpgis corrupt']);
});

it('has its page for a network without a mistake, and for one class', () => {
  const confusion = new ConfusionMatrix(1);
  confusion.add(0, 0);
  const { html, finding } = open({
    classes: ['</script><b>'],
    confusion,
    confused: [],
    mistakes: [],
    score: { correct: 1, total: 1, loss: 0, interval: { low: 0.2, high: 1 } },
    coverage: { points: [{ coverage: 1, accuracy: 1, threshold: 0.5 }], aurc: 0, bestAurc: 0 },
    against: undefined,
    slices: [],
  });
  expect(finding('does badly')).toBeUndefined();
  expect(html.match(/<script/g)).toHaveLength(1);
});
