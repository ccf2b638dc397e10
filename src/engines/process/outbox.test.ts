import { closeSync, fstatSync, ftruncateSync, openSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Random, type Tensor, tensor } from '../../tensor/index.ts';
import { Outbox } from './outbox.ts';
import type { Posted } from './posted.ts';

const random = new Random('outbox');
const large = (size = 9_000) =>
  tensor(
    'float32',
    [size],
    Float32Array.from({ length: size }, () => random.normal()),
  );

let outbox: Outbox;
beforeEach(() => {
  outbox = Outbox.open();
});
afterEach(() => outbox.close());

it('parks large arrays and leaves small ones in the message', () => {
  const small = tensor('int32', [3], Int32Array.of(1, 2, 3));
  const posted = outbox.post(
    new Map<string, Tensor>([
      ['small', small],
      ['large', large()],
    ]),
  );
  expect(posted.get('small')?.data).toBe(small.data);
  expect(posted.get('large')).toEqual({
    dtype: 'float32',
    shape: [9_000],
    data: { parked: 'Float32Array', at: 0, bytes: 36_000 },
  });
});

it('gives back what was posted, whatever became of it since and from wherever in a message', () => {
  const message = {
    kind: 'any',
    nothing: undefined,
    entries: { parked: { list: [1, [2, large()]] } },
    tensors: new Map<string, Tensor>([
      [
        'float64',
        tensor(
          'float64',
          [5000],
          Float64Array.from({ length: 5000 }, () => random.normal()),
        ),
      ],
      [
        'int64',
        tensor(
          'int64',
          [5000],
          BigInt64Array.from({ length: 5000 }, (_, i) => BigInt(i)),
        ),
      ],
    ]),
    // as it lies in the memory of another
    part: Uint8Array.from({ length: 50_000 }, () => random.integer(256)).subarray(1, 40_000),
  };
  const copy = structuredClone(message);
  const posted = structuredClone(outbox.post(message));
  message.part.fill(0);
  message.tensors.get('float64')?.data.fill(0 as never);
  const collected = outbox.collect<typeof message>(posted as Posted<typeof message>);
  expect(collected).toEqual({ ...copy, part: Uint8Array.from(copy.part) });
});

it('puts one message behind the other, until it may begin again', () => {
  const [first, second, third] = [large(), large(8_200), large()];
  const posted = [first, second].map((content) => outbox.post(content));
  expect(outbox.collect<Tensor>(posted[1] as Posted<Tensor>)).toEqual(second);
  expect(outbox.collect<Tensor>(posted[0] as Posted<Tensor>)).toEqual(first);
  outbox.empty();
  const again = outbox.post(third);
  expect(again.data).toMatchObject({ at: 0 });
  expect(outbox.collect<Tensor>(again)).toEqual(third);
});

it('reads into the room that it is given, and into another array', () => {
  const content = large();
  const posted = outbox.post({ inputs: new Map([['x', content]]) });
  const room = new Uint8Array(content.data.byteLength);
  const paths: string[] = [];
  const collected = outbox.collect<{ inputs: Map<string, Tensor> }>(posted, (where) => {
    paths.push(where);
    return room;
  });
  expect(paths).toEqual(['inputs/x/data']);
  expect(collected.inputs.get('x')?.data.buffer).toBe(room.buffer);
  expect(collected.inputs.get('x')?.data).toEqual(content.data);
  const target = new Float32Array(9_000);
  outbox.copy(outbox.post(content).data, target, 'x');
  expect(target).toEqual(content.data);
  const [few, same] = [Float32Array.of(1, 2), new Float32Array(2)];
  outbox.copy(outbox.post(few), same, 'few');
  expect(same).toEqual(few);
});

it('says so where the file ends too early', () => {
  const parked = { x: { parked: 'Float32Array' as const, at: 1_000_000, bytes: 20 } };
  expect(() => outbox.collect<{ x: Float32Array }>(parked)).toThrow('`x` got lost on the way');
});

it('keeps a file of the size of batches, and gives a larger one back to the system', () => {
  const fd = outbox.fd as number;
  for (const [before, after] of [
    [100e6, 100e6],
    [300e6, 0],
  ] as const) {
    ftruncateSync(fd, before);
    outbox.empty();
    expect(fstatSync(fd).size).toBe(after);
  }
});

it('leaves everything in the message where no folder takes the file', () => {
  const content = large();
  expect(Outbox.open([]).post(content).data).toBe(content.data);
  const without = Outbox.open(['/nowhere/at/all']);
  expect(without.fd).toBeUndefined();
  expect(without.post(content).data).toBe(content.data);
  without.empty();
  without.close();
});

it.runIf(process.platform !== 'win32')('takes nothing for the file that is none', () => {
  const fd = openSync('/dev/null', 'r+');
  expect(Outbox.inherited(fd).fd).toBeUndefined();
  closeSync(fd);
  expect(Outbox.inherited(outbox.fd).fd).toBe(outbox.fd);
});
