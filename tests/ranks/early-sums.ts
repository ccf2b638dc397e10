/**
 * One of two ranks that run the first half of a step on oneDNN: once without, once with sums of gradients that begin during the run, and once where
 * rank 1 is fed what is no number. Prints a line of JSON.
 */
import { type Library, openLibrary } from '../../src/engines/onednn/library/index.ts';
import { Session } from '../../src/engines/onednn/session.ts';
import { initialState } from '../../src/ir/index.ts';
import { findModel } from '../../src/models/index.ts';
import { joinRanks } from '../../src/mpi/index.ts';
import { gradientsProgram, stepInputs } from '../../src/step/index.ts';
import { Random, sizeOf, type Tensor } from '../../src/tensor/index.ts';

const communicator = await joinRanks();
const { rank, size } = communicator;
const batchSize = 4;
const program = gradientsProgram(
  { network: findModel('resnet8'), image: { channels: 3, height: 8, width: 8 }, classes: 10, batchSize },
  true,
);
const library = (await openLibrary()) as Library;
library.setThreads(1);
const session = new Session(library, 'float32', communicator, true);
const buckets = session.compile(new Map([['gradients', program]])).get('gradients')?.buckets ?? [];
session.load(initialState(program.graph, 0));

function inputs(first?: number): Map<string, Tensor> {
  const random = new Random('images').fork(rank);
  const images = Float32Array.from({ length: sizeOf([batchSize, 3, 8, 8]) }, () => random.normal());
  images[0] = first ?? (images[0] as number);
  const labels = Int32Array.from({ length: batchSize }, () => random.integer(10));
  const weights = new Float32Array(batchSize).fill(1);
  return new Map(stepInputs(program, { images, labels, weights }, 0.05, 0, 0, { share: 1 / size }));
}

const names = [...program.updates.keys()].filter((name) => name.startsWith('gradient.'));
const own = () =>
  [...session.read(names)].map(([name, { data }]) => [name, Float32Array.from(data as Float32Array)] as const);

session.run('gradients', inputs());
const wasUnderWay = session.sums.isUnderWay;
const expected = new Map(own());
for (const numbers of expected.values()) communicator.allReduce(numbers);

session.sums.agree(session.sums.digest);
session.run('gradients', inputs());
const { isUnderWay } = session.sums;
const sums = new Map<string, Float32Array>();
session.sums.take({ patience: 20 }, ({ name }, sum) => sums.set(name, sum.slice()));
const wrong = names.filter((name) => {
  const [given, wanted] = [sums.get(name), expected.get(name)];
  return !given || given.some((number, i) => Math.abs(number - ((wanted?.[i] as number) ?? Number.NaN)) > 1e-6);
});

const { kept } = session.run('gradients', inputs(rank === 1 ? Number.NaN : undefined));
if (kept) session.sums.take({ patience: 20 }, () => {});
// whoever comes here has nothing under way that another waits for
communicator.end();
const afters = buckets.map(({ after }) => after);
console.log(
  JSON.stringify({ rank, wasUnderWay, isUnderWay, names: names.length, sums: sums.size, wrong, kept, afters }),
);
