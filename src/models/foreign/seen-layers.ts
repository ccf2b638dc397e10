/** Weights by the names of Skein, as questions that inference asks. */
import { CheckpointError, formatShape, type Shape } from '../../tensor/index.ts';

export class SeenLayers {
  readonly #shapes: ReadonlyMap<string, Shape>;
  /** Everything that has a layer or a tensor inside: all beginnings of names that end before a dot. */
  readonly #paths = new Set<string>();

  constructor(shapes: ReadonlyMap<string, Shape>) {
    this.#shapes = shapes;
    for (const name of shapes.keys())
      for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) this.#paths.add(name.slice(0, dot));
  }

  has(layer: string): boolean {
    return this.#shapes.has(`${layer}.weight`);
  }

  /** Shape of a layer's weight. @throws CheckpointError where it is missing or has another number of axes */
  weight(layer: string, axes: number): readonly number[] {
    const shape = this.#shapes.get(`${layer}.weight`);
    if (shape?.length === axes || (axes === 2 && shape?.length === 4 && shape[2] === 1 && shape[3] === 1))
      return shape as readonly number[];
    throw cannotTell(
      shape
        ? `the weight of \`${layer}\` has the shape ${formatShape(shape)}, not ${axes} axes`
        : `there is no weight that is \`${layer}\``,
    );
  }

  /** How many of `prefix1`, `prefix2`, … there are, without a gap. */
  count(prefix: string): number {
    let count = 0;
    while (this.#paths.has(`${prefix}${count + 1}`)) count++;
    return count;
  }

  /** `count` inside each of `prefix1`, `prefix2`, …: blocks of each stage. */
  counts(prefix: string, inside: string): number[] {
    return Array.from({ length: this.count(prefix) }, (_, i) => this.count(`${prefix}${i + 1}.${inside}`));
  }
}

/** The deepest published network has about a thousand; a file of names can ask for a graph of any size. */
const mostLayers = 10_000;

/** @throws CheckpointError where a network would have so many layers that building it is no honest wish */
export function expectPlausibleDepth(blocks: readonly number[], layersOfBlock: number): void {
  const layers = layersOfBlock * blocks.reduce((sum, count) => sum + count, 0);
  if (layers > mostLayers) throw cannotTell(`its names are of ${layers} layers, and at most ${mostLayers} are taken`);
}

/** No network of Skein is like these weights, or too little of one is there. */
export function cannotTell(reason: string): CheckpointError {
  return new CheckpointError(
    `the weights are of no network that Skein can tell: ${reason}`,
    'if it is a network of your own, give a module that builds it: --model ./net.mjs; if the file lacks a part of it, save all of its weights again',
  );
}
