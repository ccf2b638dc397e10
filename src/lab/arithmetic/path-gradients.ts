/** The gradient that arrives at the image along single paths of a trained residual network. */
import type { Checkpoint } from '../../checkpoint/index.ts';
import type { Engine, Executable } from '../../engines/index.ts';
import { freeze, type Program } from '../../ir/index.ts';
import { predictingState } from '../../step/index.ts';
import { DataError, sizeOf, type Tensor, tensor } from '../../tensor/index.ts';
import { wholeProgramOf } from '../../trained/index.ts';
import type { LaboratoryBatch } from '../laboratory.ts';
import { branchGate, gatedGradients, shortcutGate } from './gated-gradients.ts';
import { blocksOf, type NetworkBlock } from './network-blocks.ts';

/** One image's way back: the branches that the gradient takes; everywhere else it takes the shortcut. `'all'`: both, everywhere. */
export interface PathOfImage {
  readonly image: number;
  readonly branches: readonly number[] | 'all';
}

export class PathGradients {
  readonly blocks: readonly NetworkBlock[];
  readonly #executable: Executable;
  readonly #images: readonly number[];

  private constructor(blocks: readonly NetworkBlock[], executable: Executable, images: readonly number[]) {
    this.blocks = blocks;
    this.#executable = executable;
    this.#images = images;
  }

  /** For `together` paths in a run. @throws DataError where the network has no residual blocks */
  static async of(
    { file, checkpoint }: { readonly file: string; readonly checkpoint: Checkpoint },
    { engine, threads, together }: { readonly engine: Engine; readonly threads?: number; readonly together: number },
  ): Promise<PathGradients> {
    const program = wholeProgramOf(file, checkpoint, together);
    const blocks = blocksOf(program).filter(({ kind }) => kind === 'residual');
    if (blocks.length === 0)
      throw new DataError(
        `paths: ${checkpoint.network.name} has no residual blocks, so that it has one path alone`,
        'give a residual network',
      );
    const state = predictingState(checkpoint.tensors, program.graph);
    const gradients: Program = freeze(gatedGradients(program, blocks), state);
    const executable = await engine.compile({ gradients }, threads === undefined ? {} : { threads });
    return new PathGradients(blocks, executable, program.graph.inputs.get('image')?.type.shape ?? []);
  }

  /** The norm of each path's gradient by its image, in evaluation. */
  async norms({ images, labels }: LaboratoryBatch, paths: readonly PathOfImage[]): Promise<number[]> {
    const found: number[] = [];
    const [together = 1] = this.#images;
    for (let first = 0; first < paths.length; first += together) {
      const here = paths.slice(first, first + together);
      const outputs = await this.#executable.run('gradients', this.#inputs(images, labels, here, together));
      found.push(...(outputs.get('norms') as Tensor<'float32'>).data.subarray(0, here.length));
    }
    return found;
  }

  dispose(): Promise<void> {
    return this.#executable.dispose();
  }

  #inputs(images: Float32Array, labels: Int32Array, paths: readonly PathOfImage[], together: number) {
    const each = sizeOf(this.#images.slice(1));
    const chosen = new Float32Array(together * each);
    const own = new Int32Array(together);
    paths.forEach(({ image }, row) => {
      chosen.set(images.subarray(image * each, (image + 1) * each), row * each);
      own[row] = labels[image] as number;
    });
    const gates = this.blocks.flatMap((_, place) => {
      const branch = new Float32Array(together);
      const shortcut = new Float32Array(together);
      paths.forEach(({ branches }, row) => {
        branch[row] = branches === 'all' || branches.includes(place) ? 1 : 0;
        shortcut[row] = branches === 'all' || !branches.includes(place) ? 1 : 0;
      });
      const shape = [together, 1, 1, 1];
      return [
        [branchGate(place), tensor('float32', shape, branch)],
        [shortcutGate(place), tensor('float32', shape, shortcut)],
      ] as [string, Tensor][];
    });
    return new Map<string, Tensor>([
      ['image', tensor('float32', this.#images, chosen)],
      ['labels', tensor('int32', [together], own)],
      ...gates,
    ]);
  }
}
