import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { madeUpReplay } from '../../../tests/made-up-replay.ts';
import { type ReplayData, replayPage } from '../index.ts';

const picture = { png: new Uint8Array([1, 2, 3]), height: 28, width: 28 };

function open(more: Partial<ReplayData> = {}) {
  const html = replayPage(madeUpReplay([picture, picture, picture, picture], more));
  const { document } = parseHTML(html) as unknown as {
    document: { querySelectorAll(selector: string): Iterable<{ readonly textContent: string }> };
  };
  return { html, texts: (selector: string) => [...document.querySelectorAll(selector)].map((one) => one.textContent) };
}

test('the page has the layers, the masks and the batch, and says that the step is the recorded one', () => {
  const { texts } = open();
  expect(texts('h2')).toEqual([
    'What is not as it was',
    'What it did to each layer',
    'What was left out',
    'What it was fed',
  ]);
  expect(texts('.lead')[0]).toBe(
    'Made again from epoch-003.safetensors, after 20 steps that were taken again. The run recorded the loss 1.25: the same number, to the bit.',
  );
  expect(texts('section[aria-labelledby=layers] tbody th')).toHaveLength(4);
  expect(texts('section[aria-labelledby=layers] p')[0]).toContain('were multiplied by 0.5 before the update');
  expect(texts('section[aria-labelledby=masks] tbody tr')[0]).toBe(
    'stage1.drop1stochastic depth78.1 %80.0 %100 of 128',
  );
  const [first, second] = texts('figcaption');
  expect(first).toMatch(/^0\.7 cat \+ 0\.3 a class/);
  expect(second).toMatch(/ × 2\.5$/);
});

test('another loss than the recorded one is said plainly, and none at all too', () => {
  expect(open({ recorded: { loss: 1.5, isSame: false } }).texts('.lead')[0]).toContain(
    'The run recorded the loss 1.5, but it came out as 1.25: this is not the step that it took.',
  );
  expect(open({ recorded: undefined, before: 0, from: 'the start' }).texts('.lead')[0]).toBe(
    'Made again from the start, with no step between. The run recorded no loss for this step, so there is nothing to compare it with.',
  );
});

test('what there is nothing of is left out; features have names and no pictures', () => {
  const { texts } = open({ masks: [], changed: [], clip: undefined, isOnFeatures: true });
  expect(texts('h2')).toEqual(['What it did to each layer', 'What it was fed']);
  expect(texts('figure')).toEqual([]);
  expect(texts('section[aria-labelledby=batch] tbody th')).toEqual([
    'cat/0.jpg',
    'cat/1.jpg',
    'cat/2.jpg',
    'cat/3.jpg',
  ]);
});

test('whatever layers, classes and runs are called is text and never markup', () => {
  const hostile = '</script><img src=x onerror="alert(1)">';
  const layer = { path: hostile, size: 1, weights: 1, gradient: 1, update: 1 };
  const { html, texts } = open({ run: hostile, network: hostile, classes: [hostile, hostile], layers: [layer] });
  expect(html.match(/<script|<img src=x/g)).toEqual(['<script']);
  expect(texts('section[aria-labelledby=layers] tbody th')).toEqual([hostile]);
});
