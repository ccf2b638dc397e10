/** What a library owns, and what it says when it is used wrongly. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oneDnnHere } from '../../../../tests/onednn-here.ts';
import { EngineError } from '../../../tensor/index.ts';
import { type Library, openLibrary } from './index.ts';

const absent = !oneDnnHere;

describe.skipIf(absent)('an opened library', () => {
  let library: Library;
  beforeEach(async () => {
    library = (await openLibrary()) as Library;
  });
  afterEach(() => library.dispose());

  const vector = (length = 16) => library.layout([length], 'f32', 'a');

  function doubling(length = 16) {
    const layout = vector(length);
    const primitive = library.create({
      kind: 'eltwise',
      pass: 'forwardInference',
      algorithm: 'linear',
      alpha: 2,
      src: layout,
      dst: layout,
    });
    const arena = library.arena(2 ** 15);
    const [src, dst] = [library.memory(layout, arena.at(0)), library.memory(layout, arena.at(2 ** 14))];
    const call = library.call(primitive, [
      ['src', src],
      ['dst', dst],
    ]);
    return { primitive, arena, src, dst, call };
  }

  it('says which version and file it is', () => {
    expect(library.version).toMatch(/^[23]\.\d+\.\d+$/);
    expect(library.path).toMatch(/dnnl/);
  });

  it('runs a call on memory that JavaScript sees', () => {
    const { arena, call } = doubling();
    arena.float32(0, 16).fill(1.5);
    call.run();
    expect([...arena.float32(2 ** 14, 16)]).toEqual(Array(16).fill(3));
  });

  it('computes the same with one thread and two, and says whether threads can be set', () => {
    const said = [1, 2].map((threads) => {
      const canBeSet = library.setThreads(threads);
      const { arena, call } = doubling();
      arena.float32(0, 16).forEach((_, i, numbers) => {
        numbers[i] = i / 3;
      });
      call.run();
      return { canBeSet, numbers: [...arena.float32(2 ** 14, 16)] };
    });
    expect(said[0]).toEqual(said[1]);
    expect(said[0]?.numbers[15]).toBe(10);
    expect(() => library.setThreads(0)).toThrow('expected a positive whole number, but got 0');
  });

  it('multiplies matrices', () => {
    const arena = library.arena(4096);
    arena.float32(0, 6).set([1, 2, 3, 4, 5, 6]);
    arena.float32(64, 6).set([1, 0, 0, 1, 1, 1]);
    const product = { m: 2, n: 2, k: 3, a: arena.at(0), b: arena.at(64), c: arena.at(128) };
    library.sgemm(product);
    expect([...arena.float32(128, 4)]).toEqual([4, 5, 10, 11]);
    library.sgemm({ ...product, transposeB: true, alpha: 2, beta: 1 });
    expect([...arena.float32(128, 4)]).toEqual([4 + 2, 5 + 2 * 6, 10 + 2 * 4, 11 + 2 * 15]);
  });

  it('names layouts as oneDNN does, and knows equal ones', () => {
    for (const format of ['abcd', 'acdb', 'aBcd8b', 'aBcd16b', 'ABcd16b16a', 'any'])
      expect(library.layout([32, 20, 3, 3], 'f32', format).format).toBe(format);
    const blocked = library.layout([2, 20, 3, 3], 'f32', 'aBcd16b');
    expect(blocked.bytes).toBe(2 * 32 * 9 * 4);
    expect(blocked.equals(library.layout([2, 20, 3, 3], 'f32', 'aBcd16b'))).toBe(true);
    expect(blocked.equals(library.layout([2, 20, 3, 3], 'f32', 'abcd'))).toBe(false);
    expect(library.layout([2, 3], 'bf16', { strides: [1, 2] }).format).toBe('ba');
  });

  it('refuses layouts that cannot be', () => {
    expect(() => library.layout([2, 3], 'f32', 'aBcd16b')).toThrow('the library knows no `aBcd16b` of 2 axes');
    expect(() => library.layout([2, 0], 'f32', 'ab')).toThrow('expected 1 to 12 positive sizes, but got [2, 0]');
    expect(() => library.layout([2], 'f64' as 'f32', 'a')).toThrow('unknown data type `f64`');
  });

  it('names the primitive, its layouts and the reason when the library refuses', () => {
    const any = (dims: number[]) => library.layout(dims, 'f32', 'any');
    const wrong = () =>
      library.create({
        kind: 'convolution',
        pass: 'forwardTraining',
        src: any([2, 20, 6, 6]),
        weights: any([24, 21, 3, 3]),
        dst: any([2, 24, 6, 6]),
        strides: [1, 1],
        padding: { before: [1, 1], after: [1, 1] },
      });
    expect(wrong).toThrow(EngineError);
    expect(wrong).toThrow(
      'no such primitive: invalid arguments; convolution forwardTraining; src f32 [2, 20, 6, 6] any, weights f32 [24, 21, 3, 3] any',
    );
    const ints = library.layout([4], 's32', 'a');
    expect(() =>
      library.create({
        kind: 'eltwise',
        pass: 'backward',
        algorithm: 'reluByDst',
        data: ints,
        diffSrc: ints,
        diffDst: ints,
      }),
    ).toThrow('eltwise backward reluByDst');
  });

  it('refuses calls that would read or write where they must not', () => {
    const { primitive, arena, src, dst } = doubling();
    expect(() => library.call(primitive, [['src', src]])).toThrow('dst missing');
    expect(() =>
      library.call(primitive, [
        ['src', src],
        ['dst', dst],
        ['weights', dst],
      ]),
    ).toThrow('weights is not an argument');
    const longer = library.memory(vector(32), arena.at(0));
    expect(() =>
      library.call(primitive, [
        ['src', longer],
        ['dst', dst],
      ]),
    ).toThrow('src must be f32 [16] a, but got f32 [32] a');
    expect(() => library.memory(vector(8192), arena.at(64))).toThrow('inside its 32768 bytes, but got 32768 at 64');
    expect(() => library.memory(library.layout([4, 4], 'f32', 'any'), arena.at(0))).toThrow('not settled');
  });

  it('keeps views inside an arena, and numbers at their multiples', () => {
    const arena = library.arena(100);
    expect(arena.bytes).toBe(100);
    expect([...arena.int32(96, 1)]).toEqual([0]);
    for (const outside of [() => arena.uint8(100, 1), () => arena.uint16(-2, 1), () => arena.float32(0, Number.NaN)])
      expect(outside).toThrow('expected a place inside its 100 bytes');
    expect(() => arena.float32(2, 1)).toThrow('expected a multiple of 4 bytes for these numbers, but got 2');
    expect(() => library.arena(2 ** 46)).toThrow('there is not enough memory for 67108864 MiB');
    expect(() => library.arena(-1)).toThrow('expected a whole number of bytes, but got -1');
  });

  it.each(['primitive', 'src', 'arena', 'call'] as const)('ends a call together with its %s', (owner) => {
    const made = doubling();
    made.call.run();
    const thing = made[owner];
    for (let twice = 0; twice < 2; twice++) 'dispose' in thing ? thing.dispose() : thing.destroy();
    expect(() => made.call.run()).toThrow('this call was ended');
    expect(() => made.call.run()).toThrow(EngineError);
  });

  it('throws after it was disposed of, whatever is used, and can be disposed of twice', () => {
    const { call, arena, src, primitive } = doubling();
    const view = arena.float32(0, 16);
    const layout = vector();
    library.dispose();
    library.dispose();
    expect(() => call.run()).toThrow(EngineError);
    expect(() => arena.float32(0, 16)).toThrow('its memory is gone');
    expect(view.length).toBe(0);
    expect(() => library.create(primitive.description)).toThrow('was disposed of');
    expect(() => library.memory(layout, { arena, offset: 0 })).toThrow('was disposed of');
    expect(() => primitive.layout('mean')).toThrow('the primitive was destroyed');
    expect(() => library.call(primitive, [])).toThrow('was disposed of');
    src.destroy();
    primitive.destroy();
  });

  it('opens again after it was disposed of', async () => {
    library.dispose();
    library = (await openLibrary()) as Library;
    doubling().call.run();
  });

  it('lets memory stay flat over many primitives', () => {
    const arena = library.arena(2 ** 15);
    const cycle = (i: number) => {
      const layout = vector(16 + (i % 50));
      const primitive = library.create({ kind: 'sum', sources: [layout, layout], scales: [1, 2], dst: layout });
      const [one, other] = [library.memory(layout, arena.at(0)), library.memory(layout, arena.at(2 ** 14))];
      const call = library.call(primitive, [
        ['source0', one],
        ['source1', other],
        ['dst', other],
      ]);
      call.run();
      for (const thing of [primitive, one, other]) thing.destroy();
    };
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const after = (count: number) => {
      for (let i = 0; i < count; i++) cycle(i);
      collect();
      return process.memoryUsage();
    };
    const [first, last] = [after(500), after(500)];
    expect(last.heapUsed - first.heapUsed).toBeLessThan(2 ** 18);
    // what V8 reserves for young objects comes and goes
    expect(last.rss - first.rss).toBeLessThan(20 * 2 ** 20);
  });

  it('gives the pages of an arena back at once', () => {
    const before = process.memoryUsage().rss;
    const arena = library.arena(2 ** 28);
    arena.uint8(0, 2 ** 28).fill(1);
    expect(process.memoryUsage().rss - before).toBeGreaterThan(2 ** 27);
    arena.dispose();
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27);
  });
});
