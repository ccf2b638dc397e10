/**
 * A rank of `bench/network.ts`: a step of a real network on oneDNN, whose gradients are reduced after the backward pass or during it. Rank 0 prints a
 * line of JSON for each batch size.
 */
import { type Library, openLibrary } from '../../src/engines/onednn/library/index.ts';
import { Session } from '../../src/engines/onednn/session.ts';
import { Member } from '../../src/engines/process/member.ts';
import { initialState } from '../../src/ir/index.ts';
import { findModel } from '../../src/models/index.ts';
import { gradientsProgram, stepInputs, updateProgram } from '../../src/step/index.ts';
import { Random, sizeOf } from '../../src/tensor/index.ts';

const [, rounds, model, side, ...batchSizes] = process.argv.slice(2);
const member = await Member.join();
const { communicator } = member;
const { rank, size } = communicator;
const library = (await openLibrary()) as Library;
library.setThreads(1);

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

for (const batchSize of batchSizes.map(Number)) {
  const image = { channels: 3, height: Number(side), width: Number(side) };
  const options = { network: findModel(model as string), image, classes: 100, batchSize };
  const gradients = gradientsProgram(options, true);
  const update = updateProgram(gradients, options);
  const programs = new Map(Object.entries({ gradients, update }));
  const content = initialState(update.graph, 0);
  const sessions = [false, true].map((overlaps) => {
    const session = new Session(library, 'float32', communicator, overlaps);
    const buckets = session.compile(programs).get('gradients')?.buckets ?? [];
    session.load(content);
    return { session, buckets };
  });
  const random = new Random('bench').fork(rank);
  const images = Float32Array.from({ length: batchSize * sizeOf([3, Number(side), Number(side)]) }, () =>
    random.normal(),
  );
  const labels = Int32Array.from({ length: batchSize }, () => random.integer(100));
  const batch = { images, labels, weights: new Float32Array(batchSize).fill(1) };
  const inputs = new Map(stepInputs(gradients, batch, 0.01, 0, 0, { share: 1 / size }));
  const rest = new Map(stepInputs(update, batch, 0.01, 0, 0));
  const sums = [...gradients.updates.keys()].filter((name) => name.startsWith('gradient.'));
  const means = [...gradients.updates.keys()].filter((name) => !name.startsWith('gradient.'));
  const step = (isReduced: boolean, overlaps: boolean): number => {
    const { session } = sessions[overlaps ? 1 : 0] as (typeof sessions)[number];
    communicator.meet();
    const began = performance.now();
    session.run('gradients', inputs);
    const state = { load: session.loadEntry.bind(session), read: session.show.bind(session), sums: () => session.sums };
    if (isReduced) member.reduce(state, { sums, means }, new Float64Array(5));
    session.run('update', rest);
    communicator.meet();
    return performance.now() - began;
  };
  const found = { compute: [] as number[], sequence: [] as number[], overlap: [] as number[] };
  for (let round = -1; round < Number(rounds); round++) {
    const taken = { compute: step(false, false), sequence: step(true, false), overlap: step(true, true) };
    if (round < 0) continue;
    for (const kind of ['compute', 'sequence', 'overlap'] as const) found[kind].push(Math.round(taken[kind]));
  }
  if (rank === 0) {
    const medians = Object.fromEntries(Object.entries(found).map(([kind, values]) => [kind, median(values)]));
    const all = Object.fromEntries(Object.entries(found).map(([kind, values]) => [`${kind}s`, values.join(' ')]));
    const [, overlapped] = sessions;
    const megabytes = overlapped?.buckets.map(({ numbers }) => (numbers.byteLength / 1e6).toFixed(1)).join(' ');
    console.log(
      JSON.stringify({ library: communicator.library.version, model, side, batchSize, ...medians, ...all, megabytes }),
    );
  }
  for (const { session } of sessions) session.dispose();
}
member.leave();
