import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { madeUpRun as run } from '../../../tests/made-up-run.ts';
import { ConfusionMatrix } from '../../metrics/index.ts';
import { type ReportData, reportPage } from '../index.ts';

const picture = { png: new Uint8Array([1, 2, 3]), height: 28, width: 28 };

interface Found {
  readonly textContent: string;
  getAttribute(name: string): string | null;
}

function open(data: ReportData) {
  const html = reportPage(data);
  const { document } = parseHTML(html) as unknown as {
    document: { querySelectorAll(selector: string): Iterable<Found>; querySelector(selector: string): Found | null };
  };
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  const textOf = (selector: string) => document.querySelector(selector)?.textContent ?? '';
  return { html, all, textOf };
}

test('every section is there, and the header says what was measured on what', () => {
  const { all, textOf } = open(run(['cat', 'dog', 'hat']));
  expect(all('h2').map(({ textContent }) => textContent)).toEqual([
    'Learning curves',
    'What was taken for what',
    'Class by class',
    'Can its confidence be believed?',
    'The worst mistakes',
    'What it trained on',
  ]);
  expect(textOf('title')).toBe('resnet8 on photos');
  expect(textOf('.stat.first')).toBe('test accuracy75.0 %95 % interval 62.8 to 84.2 %');
  expect(textOf('.lead')).toBe(
    'Measured on 60 test images with the weights of epoch 2, the best of 3. ' +
      'The validation images picked the epoch; the test images had no say in it or in anything else.',
  );
  for (const fact of ['75,290', 'onnxruntime, float32, 2 threads', '310 images/s', '319 MB', 'sgd: momentum 0.9'])
    expect(textOf('.facts')).toContain(fact);
  expect(all('svg[role=img]').map((svg) => svg.getAttribute('aria-label')?.split(/[ :,]/)[0])).toEqual([
    'Loss',
    'Accuracy',
    'Learning',
    'Confusion',
    'Reliability',
    'Number',
  ]);
});

test('says so where the images also picked the epoch', () => {
  const { textOf } = open(run(['cat', 'dog'], { split: 'validation' }));
  expect(textOf('.stat.first')).toContain('validation accuracy');
  expect(textOf('.lead')).toContain('The data has no test split, and these images also picked the epoch');
});

test('calibration is the mean distance of confidence and accuracy, weighted by how often it was claimed', () => {
  const calibration = [
    { count: 30, confidence: 0.4, accuracy: 0.5 },
    { count: 0, confidence: Number.NaN, accuracy: Number.NaN },
    { count: 10, confidence: 0.9, accuracy: 0.6 },
  ];
  const { textOf } = open(run(['cat', 'dog'], { calibration }));
  expect(textOf('section[aria-labelledby=calibration] p')).toContain('calibration error 15.0 %, over 3 bins');
});

test('whatever classes, data and networks are called is text and never markup', () => {
  const hostile = [
    '</script><img src=x onerror="alert(1)">',
    '</title><script>alert(1)</script>',
    '</style><svg onload=alert(1)>',
    `"' onmouseover="alert(1)`,
    '&lt;b&gt;',
    '-->',
  ];
  for (const name of hostile) {
    const { all, textOf, html } = open(
      run([...hostile, 'plain'], {
        network: name,
        data: name,
        mistakes: hostile.map((_, label) => ({ picture, label, prediction: 6, probability: 0.9 })),
      }),
    );
    expect(all('iframe, [onerror], [onload], [onmouseover], img:not([src^="data:image/png;base64,"])')).toEqual([]);
    // the page's own script, and no other
    expect(html.match(/<script|<img src=x|<svg onload/g)).toEqual(['<script']);
    expect(textOf('h1')).toBe(name);
    expect(
      all('section[aria-labelledby=classes] tbody th')
        .map(({ textContent }) => textContent)
        .sort(),
    ).toEqual([...hostile, 'plain'].sort());
    expect(all('#mistakes ~ .pictures .was').map(({ textContent }) => textContent)).toEqual(hostile);
  }
});

test('a thousand classes have tables that scroll instead of a matrix, two have a matrix and no table of pairs', () => {
  const many = open(run(Array.from({ length: 1000 }, (_, i) => `class ${i}`)));
  expect(many.all('.matrix svg')).toHaveLength(0);
  expect(many.all('section[aria-labelledby=classes] .scroll.tall tbody tr')).toHaveLength(1000);
  expect(many.textOf('section[aria-labelledby=confusion] caption')).toBe(
    'The 200 most confused of 250 pairs with their share of the label’s images',
  );
  expect(many.html.length).toBeLessThan(600_000);
  const two = open(run(['cat', 'dog']));
  expect(two.all('.matrix svg')).toHaveLength(1);
  expect(two.all('section[aria-labelledby=confusion] table')).toHaveLength(0);
});

test('a run without a mistake, of one epoch, on one class of several, still has its page', () => {
  const confusion = new ConfusionMatrix(3);
  confusion.add(1, 1);
  const calibration = [{ count: 1, confidence: 1, accuracy: 1 }];
  const history = run(['a', 'b', 'c']).history.slice(0, 1);
  const score = { correct: 1, total: 1, loss: 0 };
  const weights = { epoch: 1, isBest: true };
  const { textOf } = open(
    run(['a', 'b', 'c'], { confusion, calibration, history, score, weights, mistakes: [], batch: [] }),
  );
  expect(textOf('section[aria-labelledby=mistakes] p')).toBe(
    'There are none: the network recognised every test image.',
  );
  expect(textOf('section[aria-labelledby=confusion] p')).toBe('No test image was taken for another class.');
  expect(textOf('section[aria-labelledby=classes] tbody')).toMatch(/^b100\.0 %100\.0 %100\.0 %1/);
});

test('images that could not be read are listed, where there are some', () => {
  const bad = { split: 'train', path: 'photos/a<b>.jpg', message: 'photos/a<b>.jpg: the image is corrupt' };
  const { all, textOf, html } = open(run(['cat', 'dog'], { badImages: [bad] }));
  expect(all('h2').at(-1)?.textContent).toBe('Images that could not be read');
  expect(textOf('section[aria-labelledby=bad-images] tbody tr')).toBe('photos/a<b>.jpgtrainthe image is corrupt');
  expect(html).toContain('1 image could not be read and was passed over');
  expect(open(run(['cat', 'dog'])).html).not.toContain('could not be read');
});

test('the share of time that steps waited is a row, and what helps stands behind it', () => {
  const { textOf } = open(run(['cat', 'dog']));
  expect(textOf('dl')).toContain(
    'waiting34.0 % of the steps’ time, for images. What helps: more workers; smaller images',
  );
});

test('a mixed image of the batch is called by its shares', () => {
  const shares = [
    { label: 0, share: 0.7 },
    { label: 1, share: 0.3 },
  ];
  const { textOf } = open(run(['cat', 'dog'], { batch: [{ picture, label: 0, shares }] }));
  expect(textOf('section[aria-labelledby=batch] figcaption')).toBe('0.7 cat + 0.3 dog');
});

const at = (value: number, spread = 0.1) => ({ value, low: value - spread, high: value + spread });

/** A forecast of classes 0 and 1, where `all` is what 50 more of class 1 do to all images. */
function forecastWith(all: ReturnType<typeof at>): NonNullable<ReportData['forecast']> {
  const growth = (added: number, accuracy: number) => ({ added, accuracy: at(accuracy), gain: at(accuracy - 0.5) });
  const one = (label: number, gain: typeof all) => ({
    label,
    images: 40 + label,
    now: at(0.5),
    more: [
      { ...growth(50, 0.6), all: gain },
      { ...growth(100, 0.65), all: gain },
    ],
    curve: [
      { images: 10, accuracy: 0.3 },
      { images: 40, accuracy: 0.5 },
    ],
  });
  return {
    classes: [one(0, at(0.001)), one(1, all)],
    everyClass: { now: at(0.5), more: [growth(50, 0.62), growth(100, 0.68)] },
    tooFew: [2],
    measured: { images: 500, by: 'folds' },
    alone: true,
  };
}

test('the forecast names the class to photograph first, and those with too few images', () => {
  const { all, textOf } = open(run(['cat', '<b>dog', 'owl'], { forecast: forecastWith(at(0.03, 0.01)) }));
  const text = textOf('[aria-labelledby=forecast]');
  expect(text).toContain(
    'Photograph more of <b>dog first: with 50 more, 60 % (50 to 70 %) of them would be recognised instead of 50 %, and +3.0 (+2.0 to +4.0) points',
  );
  expect(text).toContain('photograph these in any case: owl.');
  const rows = all('[aria-labelledby=forecast] tbody tr').map(({ textContent }) => textContent);
  expect(rows[0]).toBe('<b>dog4150 % (40–60)60 % (50–70)65 % (55–75)+3.0 (+2.0 to +4.0)');
  expect(all('[aria-labelledby=forecast] svg')).toHaveLength(2);
});

test('where no class is sure to gain, none is named', () => {
  const { textOf } = open(run(['cat', 'dog', 'owl'], { forecast: forecastWith(at(0.03, 0.04)) }));
  expect(textOf('[aria-labelledby=forecast]')).toContain(
    'No single class stands out to photograph first. With 50 more of every class',
  );
});

test('doubtful labels are shown with the class that they look like, and a report without them has no such part', () => {
  const doubtful = {
    shown: [{ picture, label: 0, likelier: 2, probability: 0.91, name: 'cat/7.jpg' }],
    total: 9,
    agreement: 0.452,
  };
  const { textOf } = open(run(['cat', 'dog', 'owl'], { doubtful }));
  expect(textOf('[aria-labelledby=doubtful] figure')).toBe('cat→ owl ?91.0 %cat/7.jpg');
  expect(textOf('[aria-labelledby=doubtful] p')).toContain('9 images look like another class');
  expect(textOf('[aria-labelledby=doubtful] p')).toContain('here are the most doubtful');
  expect(textOf('[aria-labelledby=doubtful] p')).toContain('gives 45 % of all images the class of their label');
  const { all } = open(run(['cat', 'dog', 'owl']));
  expect(all('[aria-labelledby=doubtful], [aria-labelledby=forecast]')).toEqual([]);
});

test('an axis of shares tells its ticks apart, however near they are', () => {
  const history = [0.238, 0.25].map((top1, i) => ({
    epoch: i + 1,
    train: { loss: 1, top1 },
    validation: { loss: 1, top1: 0.25 },
    lr: 0.1,
  }));
  const { all } = open(run(['cat', 'dog'], { history }));
  const accuracy = all('svg[role=img]')[1] as unknown as { querySelectorAll(selector: string): Iterable<Found> };
  const ticks = [...accuracy.querySelectorAll('[aria-label="y-axis tick label"] text')].map((text) => text.textContent);
  expect(ticks.length).toBeGreaterThan(3);
  expect(new Set(ticks).size).toBe(ticks.length);
  expect(ticks).toContain('24.2 %');
});

test('nothing is called augmented where nothing was', () => {
  const { facts } = run(['cat', 'dog']);
  expect(open(run(['cat', 'dog'])).textOf('main')).toContain('augmented (flip) and normalised');
  for (const text of ['none', 'none: the head alone trains, on features that are computed once']) {
    const page = open(run(['cat', 'dog'], { facts: { ...facts, recipe: [['augmentation', text]] } })).textOf('main');
    expect(page).toContain('as the network sees them: normalised, here');
    expect(page).not.toMatch(/augmented/);
  }
});
