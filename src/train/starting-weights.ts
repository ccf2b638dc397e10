/** Weights that training starts from instead of random ones: a checkpoint of Skein, or what another tool trained. */
import { loadCheckpoint } from '../checkpoint/index.ts';
import type { Program } from '../ir/index.ts';
import type { Network } from '../nn/index.ts';
import { CheckpointError, formatShape, sameShape, type Tensor } from '../tensor/index.ts';
import { importWeights } from './import/import-weights.ts';
import { readWeights } from './import/read-weights.ts';

/**
 * `initial` with all parameters and statistics of `program` from the file at `path`; the optimiser's own entries stay.
 * @throws CheckpointError where the file is of another network, classes or channels: nothing is half loaded
 */
export async function startingWeights(
  path: string,
  network: Network,
  program: Program,
  initial: ReadonlyMap<string, Tensor>,
): Promise<Map<string, Tensor>> {
  const { metadata } = await readWeights(path);
  const isOurs = metadata.kind === 'skein-checkpoint';
  // a network without an image size of its own takes the data's
  const imageSize = network.image ? undefined : program.graph.inputs.get('image')?.type.shape[2];
  const { tensors } = isOurs
    ? await loadCheckpoint(path)
    : (await importWeights(path, { model: network, imageSize })).checkpoint;
  const state = new Map(initial);
  const wrong: string[] = [];
  for (const [name, { source, type }] of program.graph.state) {
    if (source.kind !== 'state' || source.role === 'optimiser') continue;
    const found = tensors.get(name);
    if (found && sameShape(found.shape, type.shape)) state.set(name, found);
    else wrong.push(`\`${name}\` is ${found ? formatShape(found.shape) : 'missing'}, not ${formatShape(type.shape)}`);
  }
  if (wrong.length > 0)
    throw new CheckpointError(
      `${path}: its weights do not fit ${network.name} with this data: ${wrong.slice(0, 3).join('; ')}${wrong.length > 3 ? `; … (${wrong.length} in all)` : ''}`,
      'name the network that they are of, and data with as many classes and channels',
    );
  return state;
}
