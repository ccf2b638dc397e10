/** What a pickle of PyTorch refers to outside of itself. */
import { Reference } from '../pickle/index.ts';
import type { TorchDtype } from './torch-dtype.ts';

/** `elements` of the storage `key`, from element `begin` on. */
export class StorageReference extends Reference {
  readonly key: string;
  readonly dtype: TorchDtype;
  readonly begin: number;
  readonly elements: number;
  constructor(key: string, dtype: TorchDtype, begin: number, elements: number) {
    super();
    this.key = key;
    this.dtype = dtype;
    this.begin = begin;
    this.elements = elements;
  }

  get what(): string {
    return `a storage of ${this.elements} elements`;
  }
}

/** A strided view of a storage; offset and strides count elements. */
export class TensorReference extends Reference {
  readonly storage: StorageReference;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  constructor(storage: StorageReference, offset: number, shape: readonly number[], strides: readonly number[]) {
    super();
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }

  get what(): string {
    return `a tensor [${this.shape.join(', ')}]`;
  }
}
