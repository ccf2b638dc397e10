/**
 * A rank of `bench/network.ts`: what reducing gradients in buckets while others are computed gains over one reduction after all. Computing is played
 * by slices of arithmetic; in the first third, the forward pass, no gradients come. Rank 0 prints a line of JSON.
 */
import { joinRanks } from '../../src/mpi/index.ts';

const buckets = 8;
const sliceMilliseconds = 3;
/** Calls of MPI_Test after a slice: the library sends and receives in these alone. */
const testsPerSlice = 4;

const [floats, rounds, ...factors] = process.argv.slice(2).map(Number) as [number, number, ...number[]];
const communicator = await joinRanks();
const { handles, family, version } = communicator.library;
const address = 'intptr_t';
const start = communicator.library.status(
  'MPI_Iallreduce',
  ...[address, 'void *', 'int', address, address, address, 'void *'],
);
const test = communicator.library.status('MPI_Test', 'void *', 'void *', address);
const wait = communicator.library.status('MPI_Wait', 'void *', address);
const noStatus = family === 'MPICH' ? 1n : 0n;

const gradients = new Float32Array(floats).fill(1);
const bucketFloats = Math.ceil(floats / buckets);
const numbers = new Float64Array(4096).fill(1);

function work(units: number): void {
  for (let unit = 0; unit < units; unit++)
    for (let i = 0; i < numbers.length; i++) numbers[i] = (numbers[i] as number) * 1.0000001 + 1e-9;
}

function median(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  return ordered[ordered.length >> 1] as number;
}

/** Until all ranks are through. */
function milliseconds(what: () => void): number {
  const one = new Float32Array(1);
  communicator.allReduce(one);
  const began = performance.now();
  what();
  communicator.allReduce(one);
  return performance.now() - began;
}

const times = (count: number, what: () => void) => Array.from({ length: count }, () => milliseconds(what));

function unitsPerSlice(): number {
  work(4000);
  const fastest = Math.min(...times(20, () => work(400)));
  return Math.max(1, Math.round((400 * sliceMilliseconds) / fastest));
}

const units = unitsPerSlice();
const reduce = () => communicator.allReduce(gradients);
milliseconds(reduce);
const agreed = new Float64Array([median(times(rounds, reduce))]);
communicator.allReduce(agreed, 'max');
const reduction = agreed[0] as number;

function bucketed(slices: number): void {
  const forward = Math.round(slices / 3);
  const done = new Int32Array(1);
  const open: BigInt64Array[] = [];
  let begun = 0;
  for (let slice = 1; slice <= slices; slice++) {
    work(units);
    const due = Math.floor((Math.max(0, slice - forward) / (slices - forward)) * buckets);
    for (; begun < due; begun++) {
      const part = gradients.subarray(begun * bucketFloats, (begun + 1) * bucketFloats);
      // wide enough for the handle of either family
      const request = new BigInt64Array(1);
      start(handles.inPlace, part, part.length, handles.float, handles.sum, handles.world, request);
      open.push(request);
    }
    for (let i = 0; i < testsPerSlice; i++)
      for (const request of [...open]) {
        test(request, done, noStatus);
        if (done[0] !== 0) open.splice(open.indexOf(request), 1);
      }
  }
  for (const request of open) wait(request, noStatus);
}

for (const factor of factors) {
  const slices = Math.max(2 * buckets, Math.round((reduction * factor) / sliceMilliseconds));
  const compute = () => {
    for (let slice = 0; slice < slices; slice++) work(units);
  };
  const inSequence = () => {
    compute();
    reduce();
  };
  const found = { compute: [] as number[], sequence: [] as number[], overlap: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    found.compute.push(milliseconds(compute));
    found.sequence.push(milliseconds(inSequence));
    found.overlap.push(milliseconds(() => bucketed(slices)));
    // sums of sums would overflow
    gradients.fill(1);
  }
  const medians = Object.fromEntries(Object.entries(found).map(([name, values]) => [name, Math.round(median(values))]));
  if (communicator.rank === 0)
    console.log(
      JSON.stringify({
        library: version,
        size: communicator.size,
        factor,
        reduction: Math.round(reduction),
        ...medians,
      }),
    );
}
communicator.end();
