import { expect, test } from 'vitest';
import { namePlaces } from './name-places.ts';

const frame = { from: 0, to: 400 };
const sides = (...points: { x: number; y: number; width: number }[]) =>
  namePlaces(points, frame).map(({ isLeft }) => (isLeft ? 'left' : 'right'));

test('a name stands on the side with more room', () => {
  expect(sides({ x: 100, y: 50, width: 60 }, { x: 300, y: 150, width: 60 })).toEqual(['right', 'left']);
});

test('a name covers no other point where the other side is free', () => {
  expect(sides({ x: 100, y: 50, width: 60 }, { x: 140, y: 55, width: 60 })).toEqual(['left', 'right']);
  // far enough above it
  expect(sides({ x: 100, y: 50, width: 60 }, { x: 140, y: 90, width: 60 })).toEqual(['right', 'right']);
});

test('a name stays within the frame even where it covers a point', () => {
  expect(sides({ x: 50, y: 50, width: 60 }, { x: 90, y: 55, width: 60 })).toEqual(['right', 'right']);
});
