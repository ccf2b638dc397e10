/** A trained network in the browser: the file that `skein export CHECKPOINT --onnx` writes, run by onnxruntime-web. */
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { softmax } from 'skein/metrics';
import { onnxMetadata } from 'skein/onnx';
import { networkInput, type Pixels, type Preprocessing } from './pixels.ts';

// threads need a page that is isolated from other origins
if (!crossOriginIsolated) env.wasm.numThreads = 1;

export interface Prediction {
  readonly label: string;
  /** 0 to 1. */
  readonly probability: number;
}

export interface BrowserNetwork {
  readonly name: string;
  readonly classes: readonly string[];
  readonly preprocessing: Preprocessing;
  /** From images [N, C, H, W], preprocessed, to logits [N, classes]. */
  logits(images: Float32Array): Promise<Float32Array>;
  /** The `top` likeliest labels of a picture, likeliest first. */
  predict(picture: Pixels, top?: number): Promise<Prediction[]>;
}

/** Loads a network from its file's bytes. @throws where they are no ONNX model, or one that `skein export` did not write */
export async function loadNetwork(bytes: Uint8Array): Promise<BrowserNetwork> {
  const { network, classes: classNames, preprocessing: steps, temperature = '1' } = onnxMetadata(bytes);
  if (network === undefined || classNames === undefined || steps === undefined)
    throw new Error('This ONNX file does not say what its classes are: it was not written by skein export.');
  const classes = JSON.parse(classNames) as string[];
  const preprocessing = JSON.parse(steps) as Preprocessing;
  const { channels, height, width } = preprocessing;
  const session = await InferenceSession.create(bytes);

  const logits: BrowserNetwork['logits'] = async (images) => {
    const image = new Tensor('float32', images, [images.length / (channels * height * width), channels, height, width]);
    const outputs = await session.run({ image });
    return outputs.logits?.data as Float32Array;
  };
  const predict: BrowserNetwork['predict'] = async (picture, top = 5) => {
    const found = await logits(networkInput(picture, preprocessing));
    const probabilities = softmax(Array.from(found, (logit) => logit / Number(temperature)));
    return classes
      .map((label, i) => ({ label, probability: probabilities[i] as number }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, top);
  };
  await logits(new Float32Array(channels * height * width)); // the first run is slow: better now than with a picture
  return { name: network, classes, preprocessing, logits, predict };
}
