/**
 * Memory for what the segments of a program leave to later ones: taken for as long as somebody reads it, and kept from run to run. What a session
 * makes room for by itself is only free again once the garbage collector comes by.
 */
import type { TensorType } from '../../ir/index.ts';
import { sizeOf, type Tensor, zeros } from '../../tensor/index.ts';

const keyOf = ({ dtype, shape }: TensorType) => `${dtype} ${sizeOf(shape)}`;

export class Rooms {
  readonly #free = new Map<string, Tensor['data'][]>();

  /** Holds whatever it held before. */
  take(type: TensorType): Tensor {
    const data = this.#free.get(keyOf(type))?.pop();
    return data ? ({ ...type, data } as Tensor) : zeros(type.dtype, type.shape);
  }

  /** Nobody reads it any more. */
  giveBack(tensor: Tensor): void {
    const key = keyOf(tensor);
    const free = this.#free.get(key);
    if (free) free.push(tensor.data);
    else this.#free.set(key, [tensor.data]);
  }

  clear(): void {
    this.#free.clear();
  }
}
