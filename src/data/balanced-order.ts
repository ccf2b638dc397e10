import { Random } from '../tensor/index.ts';

/**
 * An epoch in which each class that has samples comes equally often, but for one: as many indices as there are labels, drawn with replacement
 * as by PyTorch's WeightedRandomSampler with weights of 1 / class size, but evenly. Small classes are gone through again and again, each
 * time in another order; of large ones each epoch draws others. Depends on nothing but the labels, the seed and the epoch.
 */
export function balancedOrder(labels: ArrayLike<number>, seed: number, epoch: number): Uint32Array {
  const members = new Map<number, number[]>();
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index] as number;
    const sameClass = members.get(label);
    if (sameClass) sameClass.push(index);
    else members.set(label, [index]);
  }
  const random = new Random(seed).fork('balanced').fork(epoch);
  const classes = random.fork('classes').shuffle(Uint32Array.from([...members.keys()].sort((a, b) => a - b)));
  const order = new Uint32Array(labels.length);
  let at = 0;
  classes.forEach((label, place) => {
    const count = Math.floor(labels.length / classes.length) + (place < labels.length % classes.length ? 1 : 0);
    const own = random.fork('class').fork(label);
    const end = at + count;
    for (let pass = 0; at < end; pass++) {
      const passed = own.fork(pass).shuffle(Uint32Array.from(members.get(label) as number[]));
      const taken = passed.subarray(0, end - at);
      order.set(taken, at);
      at += taken.length;
    }
  });
  return random.fork('order').shuffle(order);
}
