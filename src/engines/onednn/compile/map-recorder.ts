/** Moves maps between their two orders: image by image, and with the images of a batch one upon another (see planning/stacks.ts). */
import type { Value } from '../../../ir/index.ts';
import type { DataType, Layout, Library } from '../library/index.ts';
import { Recorder } from './recorder.ts';
import { selectChannels } from './select-channels.ts';
import type { Stored } from './stored.ts';

export class MapRecorder extends Recorder {
  /** Channels in a block of the processor's layout. */
  readonly block: number;

  constructor(library: Library, block: number) {
    super(library);
    this.block = block;
  }

  /** How maps of so many channels lie best: in blocks, where they fill them. */
  mapFormat(channels: number): string {
    return channels % this.block === 0 ? `aBcd${this.block}b` : 'abcd';
  }

  blockedLayout({ type: { shape } }: Value, dataType: DataType): Layout {
    return this.layout(shape, `aBcd${this.block}b`, dataType);
  }

  /** Of `value`, or of other channels of such maps. */
  stackedLayout({ type: { shape } }: Value, dataType: DataType, channels = shape[1] as number): Layout {
    const [images, , height, width] = shape as [number, number, number, number];
    return this.layout([1, channels, images * height, width], `aBcd${this.block}b`, dataType);
  }

  /** From image by image, in blocks. */
  stack(value: Value, blocked: Stored, to: Stored): void {
    this.reorder(this.#rows(value, blocked, 'abcd'), this.#rows(value, to, 'bacd'));
  }

  /** To image by image, in blocks. */
  unstack(value: Value, stacked: Stored, to: Stored): void {
    this.reorder(this.#rows(value, stacked, 'bacd'), this.#rows(value, to, 'abcd'));
  }

  /** Blocks of channels, image by image (`abcd`) or stacked (`bacd`), as tensors that a reorder sees through. */
  #rows({ type: { shape } }: Value, stored: Stored, format: 'abcd' | 'bacd'): Stored {
    const [images, channels, height, width] = shape as [number, number, number, number];
    const dims = [images, channels / this.block, height * width, this.block];
    return { ...stored, layout: this.layout(dims, format, stored.layout.dataType) };
  }

  /** Stacks a map that is a part of a larger tensor, block by block. */
  stackPart({ type: { shape } }: Value, part: Stored, to: Stored): void {
    const [images, channels, height, width] = shape as [number, number, number, number];
    const dims = [images, this.block, height, width];
    const slab = this.layout(dims, `aBcd${this.block}b`, to.layout.dataType);
    for (let i = 0; i < channels / this.block; i++) {
      const layout = this.library.part(part.layout, dims, [0, i * this.block, 0, 0]);
      this.reorder(
        { ...part, layout },
        { layout: slab, stretch: to.stretch, offset: (to.offset ?? 0) + i * slab.bytes },
      );
    }
  }

  /** `stored`, of which only so many channels count. */
  partlyFull(stored: Stored, channels: number): Stored {
    return channels % this.block === 0 ? stored : { ...stored, holds: channels };
  }

  /** The first channels from one place among stacked images to another; zeros up to the end of their last block. */
  copyChannels(from: Stored, to: Stored, channels: number): void {
    const [, whole, rows, columns] = from.layout.dims as [number, number, number, number];
    const bytesOfChannel = from.layout.bytes / whole;
    const full = Math.floor(channels / this.block) * this.block;
    const piece = ({ stretch, offset = 0 }: Stored, start: number, count: number): Stored => ({
      layout: this.layout([1, count, rows, columns], `aBcd${this.block}b`, from.layout.dataType),
      stretch,
      offset: offset + start * bytesOfChannel,
    });
    if (full > 0) this.reorder(this.flat(piece(from, 0, full)), this.flat(piece(to, 0, full)));
    if (full === channels) return;
    const last = { from: piece(from, full, this.block), to: piece(to, full, this.block) };
    selectChannels(this, last, (channel) => (channel < channels - full ? channel : -1));
  }
}
