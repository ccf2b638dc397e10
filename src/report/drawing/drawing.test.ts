import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { add, concat, defineProgram, layersOf, relu, scope, structureOf } from '../../ir/index.ts';
import { findModel } from '../../models/index.ts';
import {
  batchNorm,
  buildNetwork,
  conv,
  defineNetwork,
  globalAveragePool,
  linear,
  type Network,
} from '../../nn/index.ts';
import { drawingPage } from './drawing-page.ts';
import { drawingSvg } from './drawing-svg.ts';
import type { DrawnNetwork } from './drawn-network.ts';
import { columnsOf, laneX, layOut, loopsOf } from './layout.ts';
import { denseEdgeCount, type NetworkDrawing, networkDrawing } from './network-drawing.ts';
import { partsIn } from './parts-in.ts';

function described(network: Network): DrawnNetwork {
  const { graph, logits } = buildNetwork(network, { batch: 1, training: false });
  const program = defineProgram({ name: 'test', graph, outputs: new Map([['logits', logits]]), updates: new Map() });
  const layers = layersOf(program);
  const total = (of: 'params' | 'macs' | 'activationBytes') => layers.reduce((sum, layer) => sum + layer[of], 0);
  return {
    name: network.name,
    image: network.image ?? { channels: 3, height: 16, width: 16 },
    classes: network.classes ?? 10,
    layers,
    structure: structureOf(program),
    params: total('params'),
    macs: total('macs'),
    activationBytes: total('activationBytes'),
    batchSize: 1,
    prediction: { totalBytes: 1000 },
  };
}

const drawn = (name: string) => networkDrawing(described(findModel(name)));

const hostile = '</script><img src=x onerror="alert(1)">&';

/** Blocks without scopes, a concatenation that grows, a way around all of it, and names that are markup. */
const own = defineNetwork(
  hostile,
  (image, { classes }) => {
    let x = relu(batchNorm(conv(image, 8, { kernel: 3 })));
    const early = x;
    for (let i = 0; i < 2; i++) x = relu(add(x, batchNorm(conv(x, 8, { kernel: 3 }))));
    for (let i = 0; i < 3; i++) x = concat([x, conv(relu(batchNorm(x)), 4, { kernel: 3 })]);
    x = scope(`<b>${hostile.replaceAll('.', '')}`, () => concat([conv(x, 8, { kernel: 1 }), early]));
    return linear(globalAveragePool(x), classes, { name: hostile.replaceAll('.', '') });
  },
  { image: { channels: 3, height: 16, width: 16 }, classes: 10 },
);

const names = ['resnet20', 'resnet50', 'resnet152', 'densenet201', 'preact-resnet164', 'seresnet50', 'plain34'];
const drawings = (): NetworkDrawing[] => [...names.map(drawn), networkDrawing(described(own))];

describe('the layout', () => {
  it('stacks pieces without a gap or an overlap, opened and closed', () => {
    for (const drawing of drawings())
      for (const isOpen of [() => false, () => true, undefined]) {
        const { pieces, frames, height } = layOut(drawing, isOpen);
        let y = 0;
        for (const piece of pieces) {
          expect(piece.y).toBe(y);
          y += piece.height;
        }
        expect(height).toBe(y);
        for (const frame of frames) expect(frame.y + frame.height).toBeLessThanOrEqual(height);
      }
  });

  it('shows every layer of the spine once when all is open', () => {
    for (const drawing of drawings()) {
      const isOpen = ({ kind }: { kind: string }) => kind !== 'dense';
      const shown = layOut(drawing, isOpen).pieces.flatMap(({ kind, first, last }) =>
        kind === 'heading' || kind === 'gap' || kind === 'input' || kind === 'output'
          ? []
          : Array.from({ length: last - first + 1 }, (_, i) => first + i),
      );
      const last = drawing.parts.at(-1)?.last ?? 0;
      expect(shown).toEqual(Array.from({ length: last + 1 }, (_, i) => i));
    }
  });

  it('gives arcs beside the same layers lanes of their own, left of the boxes', () => {
    for (const drawing of drawings()) {
      const columns = columnsOf(drawing);
      for (const a of drawing.arcs) {
        expect(laneX(columns, a.lane)).toBeGreaterThan(0);
        for (const b of drawing.arcs)
          if (a !== b && a.lane === b.lane) expect(a.end < b.start || b.end < a.start).toBe(true);
      }
    }
  });

  it('keeps large networks to a short scroll', () => {
    for (const name of ['resnet152', 'densenet201', 'resnet1202', 'preact-resnet164'])
      expect(layOut(drawn(name)).height).toBeLessThan(1700);
  });
});

describe('a drawing', () => {
  it.each([
    ['resnet20', 9],
    ['resnet50', 16],
    ['resnet152', 50],
    ['resnet1202', 600],
    ['preact-resnet164', 54],
    ['plain34', 0],
  ])('of %s has %i shortcuts, each around a block', (name, blocks) => {
    const drawing = drawn(name);
    expect(drawing.arcs.filter(({ kind }) => kind !== 'inner')).toHaveLength(blocks);
    const closed = [...partsIn(drawing.parts)].filter(({ kind }) => kind === 'block');
    expect(closed.flatMap((part) => loopsOf(part, drawing.arcs))).toHaveLength(blocks);
    const { document } = parseHTML(drawingSvg([drawing]));
    const counted = [...document.querySelectorAll('[data-arcs]')].map((line) => Number(line.getAttribute('data-arcs')));
    expect(counted.reduce((sum, n) => sum + n, 0)).toBe(blocks);
  });

  it('of densenet201 has the 1,803 connections of its blocks, as has its page', () => {
    const drawing = drawn('densenet201');
    expect(denseEdgeCount(drawing)).toBe(1803);
    const { document } = parseHTML(drawingPage([drawing], '1'));
    const edges = [...document.querySelectorAll('.dense-row')].flatMap((row) =>
      row.getAttribute('data-from')?.split(' '),
    );
    expect(edges).toHaveLength(1803);
  });

  it('puts equal blocks together only where there are many', () => {
    const runs = (name: string) => [...partsIn(drawn(name).parts)].filter(({ kind }) => kind === 'run');
    expect(runs('resnet50')).toEqual([]);
    expect(runs('resnet152').map(({ name, parts }) => [name, parts.length])).toEqual([
      ['block2–3', 2],
      ['block2–8', 7],
      ['block2–36', 35],
      ['block2–3', 2],
    ]);
  });

  it('finds the blocks of a network that names none', () => {
    const { parts, arcs } = networkDrawing(described(own));
    expect(parts.map(({ kind, name }) => [kind, name])).toEqual([
      ['layer', 'conv1'],
      ['layer', 'norm1'],
      ['layer', 'relu1'],
      ['block', 'conv2 … relu2'],
      ['block', 'conv3 … relu3'],
      ['dense', 'norm4 … concat3'],
      ['block', expect.stringContaining('<b>')],
      ['layer', 'sum1'],
      ['layer', expect.stringContaining('<img')],
    ]);
    expect(parts.find(({ kind }) => kind === 'dense')?.strip?.rows.map(({ sources }) => sources)).toEqual([
      [-1],
      [-1, 0],
      [-1, 0, 1],
    ]);
    expect(arcs.filter(({ lane }) => lane > 0)).toHaveLength(1);
  });

  it('adds up to the network', () => {
    for (const drawing of drawings()) {
      const sum = drawing.parts.reduce((total, { params }) => total + params, 0);
      expect(sum).toBe(drawing.totals.params);
    }
  });

  it('holds names as text, in the picture and on the page', () => {
    const drawing = networkDrawing(described(own));
    for (const text of [drawingSvg([drawing]), drawingPage([drawing], '1')]) {
      const { document } = parseHTML(text);
      expect(document.querySelectorAll('img, b')).toHaveLength(0);
      expect(document.querySelectorAll('script').length).toBeLessThanOrEqual(1);
      expect(document.querySelector('title')?.textContent).toContain('onerror');
    }
    expect(drawingSvg([drawing])).not.toContain('<script');
  });

  it('of two networks stands at one scale', () => {
    const svg = drawingSvg([drawn('resnet20'), drawn('densenet-bc100-k12')]);
    expect(svg).toContain('>resnet20<');
    expect(svg).toContain('>densenet-bc100-k12<');
    expect(svg.match(/scale\(/g)).toBeNull();
  });

  it('stays small', () => {
    for (const name of ['densenet201', 'resnet1202', 'resnet152']) {
      expect(drawingSvg([drawn(name)]).length).toBeLessThan(100_000);
      expect(drawingPage([drawn(name)], '1').length).toBeLessThan(1_000_000);
    }
  });
});
