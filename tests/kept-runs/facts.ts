/** What Skein makes of a kept run: numbers to the last bit, and digests of what is too large to read. */
import { createHash } from 'node:crypto';
import { cp, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type Dataset, inspectCheckpoint, loadClassifier, type Run, train } from 'skein';
import { loadCheckpoint } from 'skein/checkpoint';
import { runStepOnnx } from 'skein/train';
import { networkOnnx } from 'skein/trained';
import { GraphProtoSchema, ModelProtoSchema } from '../../src/onnx/onnx_pb.ts';
import type { KeptRun } from './runs.ts';

export const keptFolder = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Those of a run that are there. */
export const checkpointsOf = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((file) => file.endsWith('.safetensors')).sort();

const sha256 = (...parts: (Uint8Array | string)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** Of all tensors by name, shape and bytes; not of the file, whose metadata may come to say more. */
async function stateOf(path: string): Promise<string> {
  const { tensors } = await loadCheckpoint(path);
  const entries = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(
    ...entries.flatMap(([name, { dtype, shape, data }]) => [
      `${name} ${dtype} [${shape}];`,
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    ]),
  );
}

/** Without what the file says about itself, such as the version of Skein. */
function graphOf(onnx: Uint8Array): string {
  const { graph } = fromBinary(ModelProtoSchema, onnx);
  if (!graph) throw new Error('no graph');
  return sha256(toBinary(GraphProtoSchema, graph));
}

/** The tensors of a checkpoint, probabilities of three images of `dataset`, and the score on all of it. */
export async function predictionFacts(path: string, dataset: Dataset) {
  const classifier = await loadClassifier(path, { engine: 'evaluator', batchSize: 8 });
  try {
    const images = await Promise.all([0, 1, 2].map(async (i) => (await dataset.read(i)).image));
    const predictions = await classifier.predictAll(images, { top: classifier.classes.length });
    return {
      state: await stateOf(path),
      predictions: predictions.map((top) =>
        Object.fromEntries(top.map(({ label, probability }) => [label, probability])),
      ),
      score: await classifier.evaluate(dataset),
    };
  } finally {
    await classifier.dispose();
  }
}

/** What a checkpoint's network is made of and costs. */
export async function inspectionFacts(path: string) {
  const { layers, structure, training, prediction, recomputing, ...rest } = await inspectCheckpoint(path);
  return {
    ...rest,
    trains: training !== undefined,
    layers: layers.map(({ path: layer, params, macs, output }) => `${layer}: ${params}, ${macs}, [${output}]`),
    connections: structure.connections.map(({ kind }) => kind),
  };
}

/** Digests of the ONNX graphs that a run's last checkpoint is exported as. */
export async function onnxFacts(path: string, { options: { model } }: KeptRun) {
  const checkpoint = await loadCheckpoint(path);
  const step = runStepOnnx(path, checkpoint, typeof model === 'string' ? {} : { network: model });
  return {
    prediction: graphOf(networkOnnx(path, checkpoint)),
    step: graphOf(step.step),
    initial: graphOf(step.initial),
  };
}

/** Goes on with a copy of a kept run in the folder `out`. */
export async function resumed(name: string, { options }: KeptRun, out: string): Promise<Run> {
  await cp(keptFolder(name), out, { recursive: true });
  return train({ ...options, out, resume: true });
}

/** How a run ended that was gone on with, and what it left. */
export async function resumedFacts({ folder, stopped, best, test }: Run) {
  const { training } = await loadCheckpoint(`${folder}/last.safetensors`);
  const states: Record<string, string> = {};
  for (const file of await checkpointsOf(folder)) states[file] = await stateOf(`${folder}/${file}`);
  return { stopped, best, test, epoch: training?.epoch, step: training?.step, history: training?.history, states };
}
