/** The words follow from the numbers. */
import { describe, expect, it } from 'vitest';
import { gradientFindings } from './gradient-findings.ts';
import type { GradientResult } from './gradient-result.ts';
import type { NetworkNorms } from './network-norms.ts';

const tower = (variant: string, norms: (number | null)[]): GradientResult['towers'][number] => ({
  variant,
  depth: norms.length,
  norms,
});

const english = (result: Partial<GradientResult>): string =>
  gradientFindings({ towers: [], networks: [], ...result }, 16)
    .map(({ says }) => (typeof says === 'string' ? says : says.en))
    .join('\n');

describe('of a plain tower with small weights it is said', () => {
  it('that its gradient vanishes, with the numbers', () => {
    const text = english({ towers: [tower('plain-small', [0.001, 0.01, 0.1, 1])] });
    expect(text).toContain('0.001 (4)');
    expect(text).toContain('a factor of 0.1 for each layer: it vanishes');
    expect(text).toContain('So it came out.');
  });

  it('that it vanishes where float32 has no number for it', () => {
    expect(english({ towers: [tower('plain-small', [0, 0, 1])] })).toContain('no number so small');
  });

  it('that it does not', () => {
    const text = english({ towers: [tower('plain-small', [1, 1, 1])] });
    expect(text).toContain('it stays roughly level');
    expect(text).toContain('It did not come out so here.');
  });

  it('that it cannot be told', () => {
    expect(english({ towers: [tower('plain-small', [null, 1])] })).toContain('This run cannot tell.');
  });
});

it('an unscaled residual tower that grows contradicts the article, one that does not does not', () => {
  const words = 'by themselves they make them explode';
  expect(english({ towers: [tower('residual', [4, 2, 1])] })).toContain(words);
  expect(english({ towers: [tower('residual', [1, 1, 1])] })).not.toContain(words);
});

const network = (name: string, ...steps: (number | null)[][]): NetworkNorms => ({
  network: name,
  layers: ['a', 'b'],
  steps: steps.map((norms) => ({ loss: 1, norms })),
});

describe('of plain networks with batch norm it is said', () => {
  it.each([
    [[1, 2], 'the plain networks’ gradients do not vanish'],
    [[1, 2000], 'it vanishes, as the article says'],
    [[2000, 1], 'it does not vanish but explodes'],
    [[null, 1], 'This run cannot tell it'],
  ])('of norms %j: %s', (norms, words) => {
    expect(english({ networks: [network('plain20', [1, 1]), network('plain56', norms)] })).toContain(words);
  });
});

describe('over training', () => {
  const steady = [
    [1, 1],
    [2, 1],
    [1, 1],
  ];
  const moving = [
    [1, 1],
    [50, 1],
    [1, 1],
  ];

  it('the steadier one is named', () => {
    const text = english({ networks: [network('plain56', ...moving), network('resnet56', ...steady)] });
    expect(text).toContain('The residual networks’ moves less');
    expect(text).toContain('its largest by its smallest 50,');
  });

  it('it is said where that is not the residual one, or nobody knows', () => {
    expect(english({ networks: [network('plain56', ...steady), network('resnet56', ...moving)] })).toContain(
      'does not move less',
    );
    expect(english({ networks: [network('resnet56', ...moving)] })).toContain('cannot be told');
    const alike = english({ networks: [network('plain56', ...moving), network('resnet56', ...moving)] });
    expect(alike).toContain('Which is steadier cannot be told.');
  });
});
