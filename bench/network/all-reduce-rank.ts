/** A rank of `bench/network.ts`: seconds of an all-reduce and the memory it took, which rank 0 prints as a line of JSON. */
import { joinRanks } from '../../src/mpi/index.ts';

const [floats, rounds] = process.argv.slice(2).map(Number) as [number, number];
const communicator = await joinRanks();
const numbers = new Float32Array(floats);
const start = new Float32Array(1);
const seconds: number[] = [];
// the first one connects the ranks
for (let round = 0; round <= rounds; round++) {
  numbers.fill(communicator.rank + 1);
  communicator.allReduce(start);
  const began = performance.now();
  communicator.allReduce(numbers);
  if (round > 0) seconds.push((performance.now() - began) / 1000);
}
const { rank, size, library } = communicator;
if (numbers.some((number) => number !== (size * (size + 1)) / 2)) throw new Error(`rank ${rank}: a wrong sum`);
const peakBytes = process.resourceUsage().maxRSS * 1024;
if (rank === 0) console.log(JSON.stringify({ library: library.version, size, floats, seconds, peakBytes }));
communicator.end();
