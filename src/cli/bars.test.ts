import { describe, expect, it } from 'vitest';
import { barLine } from './bars.ts';

const state = { label: 'epoch 1/30', done: 0.5, facts: ['loss 1.2345', '45.6 %', '1:02 left', '812 images/s'] };
const text = (columns: number) => {
  const { bar, line } = barLine(state, columns);
  return [line[0], bar.join(''), ...line.slice(1)].join('  ');
};

describe('barLine', () => {
  it('fills the line, up to a bar of 40 characters', () => {
    expect(text(79)).toHaveLength(79);
    expect(barLine(state, 300).bar).toEqual(['━'.repeat(20), '─'.repeat(20)]);
  });

  it('leaves out the last facts where the terminal is narrow', () => {
    expect(text(60)).toContain('left');
    expect(text(60)).not.toContain('images/s');
    expect(text(24)).toBe('epoch 1/30  ━━━━━━──────');
  });

  it('shows the longest form of a fact that fits, in its place', () => {
    const speed = '129 images/s';
    const forms = [`${speed}  waited 34 % for images`, `${speed}  waited 34 %`, 'waited 34 %'];
    const waited = { ...state, facts: [...state.facts.slice(0, 3), forms] };
    const last = (columns: number) => barLine(waited, columns).line.at(-1);
    expect([119, 85, 79, 59].map(last)).toEqual([forms[0], forms[1], forms[2], '1:02 left']);
  });

  it('never overflows a terminal that has room for its label', () => {
    for (let columns = 12; columns < 120; columns++) expect(text(columns).length).toBeLessThanOrEqual(columns);
  });
});
