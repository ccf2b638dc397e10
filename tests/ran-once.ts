/** Everything that one training step of a checkpoint computes, for comparison with another program's. */

import { gradients } from '../src/autodiff/index.ts';
import type { Checkpoint } from '../src/checkpoint/index.ts';
import { chooseEngine } from '../src/engines/index.ts';
import { defineProgram, type Value } from '../src/ir/index.ts';
import { inferNetwork } from '../src/models/index.ts';
import { buildNetwork, softmaxCrossEntropy } from '../src/nn/index.ts';
import { sgd } from '../src/optimisers/index.ts';
import { parametersOf } from '../src/step/index.ts';
import { type Tensor, zeros } from '../src/tensor/index.ts';
import { programOf } from '../src/trained/checkpoint-program.ts';

/** A batch and the learning rate. */
export interface StepInput {
  readonly image: Tensor;
  readonly labels: Tensor;
  readonly lr: Tensor;
}

export interface RanOnce {
  /** Of prediction, before the step. */
  readonly logits: Tensor;
  readonly trainingLogits: Tensor;
  /** By parameter. */
  readonly gradients: ReadonlyMap<string, Tensor>;
  /** Parameters and running statistics after the step. */
  readonly after: ReadonlyMap<string, Tensor>;
}

/** SGD with momentum 0.9 and weight decay 1e-4 on the mean cross entropy of the batch. */
export async function ranOnce(checkpoint: Checkpoint, input: StepInput, engine = 'onnxruntime'): Promise<RanOnce> {
  const [batch = 0, channels = 0, height = 0, width = 0] = input.image.shape;
  const { network } = inferNetwork(new Map([...checkpoint.tensors].map(([name, { shape }]) => [name, shape])));
  const { graph, logits } = buildNetwork(network, {
    batch,
    image: { channels, height, width },
    classes: checkpoint.classes.length,
    training: true,
  });
  const labels = graph.input('labels', { dtype: 'int32', shape: [batch] });
  const lr = graph.input('lr', { dtype: 'float32', shape: [] });
  const loss = softmaxCrossEntropy(logits, labels);
  const parameters = parametersOf({ graph });
  const found = gradients(
    loss,
    parameters.map(([, value]) => value),
  );
  const optimiser = sgd();
  const outputs = new Map<string, Value>([['logits', logits]]);
  optimiser.update(
    parameters.map(([name, value], i) => ({ name, value, gradient: found[i] as Value })),
    lr,
  );
  parameters.forEach(([name], i) => {
    outputs.set(`gradient:${name}`, found[i] as Value);
  });
  const step = defineProgram({ name: 'step', graph, outputs, updates: graph.updates });
  const chosen = await chooseEngine(engine, 'train');
  const executable = await chosen.engine.compile({ step, prediction: programOf('imported', checkpoint, batch) });
  try {
    const state = new Map<string, Tensor>(checkpoint.tensors);
    for (const [name, { type }] of graph.state) if (!state.has(name)) state.set(name, zeros('float32', type.shape));
    await executable.load(state);
    const predicted = await executable.run('prediction', new Map([['image', input.image]]));
    const trained = await executable.run('step', new Map(Object.entries(input)));
    const after = await executable.read([...checkpoint.tensors.keys()]);
    return {
      logits: predicted.get('logits') as Tensor,
      trainingLogits: trained.get('logits') as Tensor,
      gradients: new Map(parameters.map(([name]) => [name, trained.get(`gradient:${name}`) as Tensor])),
      after,
    };
  } finally {
    await executable.dispose();
  }
}
