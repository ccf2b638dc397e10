import { afterEach, beforeEach, expect, it } from 'vitest';
import { Random, type Tensor, tensor } from '../../tensor/index.ts';
import { collect, Outbox } from './outbox.ts';

const random = new Random('outbox');
const large = (size = 20_000) =>
  tensor(
    'float32',
    [size],
    Float32Array.from({ length: size }, () => random.normal()),
  );

let outbox: Outbox;
beforeEach(() => {
  outbox = Outbox.open() as Outbox;
});
afterEach(() => outbox.close());

it('parks large tensors and leaves small ones in the message', () => {
  const small = tensor('int32', [3], Int32Array.of(1, 2, 3));
  const posted = outbox.post(
    new Map<string, Tensor>([
      ['small', small],
      ['large', large()],
    ]),
  );
  expect(posted.get('small')).toBe(small);
  expect(posted.get('large')).toEqual({ dtype: 'float32', shape: [20_000], at: 0 });
});

it('gives back what was posted, whatever became of it since, several requests at a time', () => {
  const [first, second, third] = [large(), large(9_000), large()];
  const copy = Float32Array.from(first.data);
  const posted = [first, second].map((content) => outbox.post(new Map([['x', content]])));
  first.data.fill(0);
  expect(collect(outbox.fd, posted[1] as ReadonlyMap<string, Tensor>).get('x')?.data).toEqual(second.data);
  expect(collect(outbox.fd, posted[0] as ReadonlyMap<string, Tensor>).get('x')?.data).toEqual(copy);
  outbox.empty();
  const again = outbox.post(new Map([['x', third]]));
  expect(again.get('x')).toMatchObject({ at: 0 });
  expect(collect(outbox.fd, again).get('x')).toEqual(third);
});

it('reads into the room that it is given', () => {
  const content = large();
  const room = new Uint8Array(content.data.byteLength);
  const collected = collect(outbox.fd, outbox.post(new Map([['x', content]])), () => room);
  expect(collected.get('x')?.data.buffer).toBe(room.buffer);
  expect(collected.get('x')?.data).toEqual(content.data);
});

it('says so where the file ends too early', () => {
  const parked = { dtype: 'float32' as const, shape: [5], at: 1_000_000 };
  expect(() => collect(outbox.fd, new Map([['x', parked]]))).toThrow('`x` got lost on the way');
});
