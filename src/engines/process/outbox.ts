/**
 * Large tensors on their way to the engine's process: parked in a file that both have open and nobody else can see, in memory where the
 * system has such files. Sent as messages, a batch of images takes about ten times as long.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bytesPerElement,
  type Dtype,
  EngineError,
  type Shape,
  sizeOf,
  type Tensor,
  viewBytes,
} from '../../tensor/index.ts';

/** A tensor whose elements stand in the file, from byte `at` on. */
export interface ParkedTensor {
  readonly dtype: Dtype;
  readonly shape: Shape;
  readonly at: number;
}

/** Tensors as messages carry them. */
export type PostedTensors = ReadonlyMap<string, Tensor | ParkedTensor>;

const smallest = 32 * 1024;
/** What does not fit any more is sent as a message. */
const capacity = 512 * 1024 * 1024;

export class Outbox {
  readonly fd: number;
  #end = 0;

  private constructor(fd: number) {
    this.fd = fd;
  }

  /** Undefined where no folder takes the file; all tensors are then sent as messages. */
  static open(): Outbox | undefined {
    for (const folder of ['/dev/shm', tmpdir()]) {
      const path = join(folder, `skein-${randomUUID()}`);
      try {
        const fd = openSync(path, 'wx+', 0o600);
        // an open file lives on without its name, and goes with the last process that has it open
        unlinkSync(path);
        return new Outbox(fd);
      } catch {
        // no such folder, not writable, or a system where open files keep their names
      }
    }
    return undefined;
  }

  /** Parks the large ones of `tensors`; they may change afterwards. */
  post(tensors: ReadonlyMap<string, Tensor>): PostedTensors {
    return new Map([...tensors].map(([name, tensor]) => [name, this.#park(tensor) ?? tensor]));
  }

  /** Everything parked has been read: start from the beginning. */
  empty(): void {
    this.#end = 0;
  }

  close(): void {
    closeSync(this.fd);
  }

  #park({ dtype, shape, data }: Tensor): ParkedTensor | undefined {
    const at = this.#end;
    if (data.byteLength < smallest || at + data.byteLength > capacity) return undefined;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.fd, bytes, done, bytes.length - done, at + done);
    } catch {
      return undefined; // no room left
    }
    this.#end = at + bytes.length;
    return { dtype, shape, at };
  }
}

/** The posted tensors, read from the file where they are parked there. `room` gives the bytes to read into. */
export function collect(
  fd: number,
  posted: PostedTensors,
  room: (name: string, bytes: number) => Uint8Array = (_, bytes) => new Uint8Array(bytes),
): Map<string, Tensor> {
  return new Map([...posted].map(([name, tensor]) => [name, 'at' in tensor ? read(fd, name, tensor, room) : tensor]));
}

function read(
  fd: number,
  name: string,
  { dtype, shape, at }: ParkedTensor,
  room: (name: string, bytes: number) => Uint8Array,
): Tensor {
  const bytes = room(name, sizeOf(shape) * bytesPerElement[dtype]);
  for (let done = 0; done < bytes.length; ) {
    const more = readSync(fd, bytes, done, bytes.length - done, at + done);
    if (more === 0) throw new EngineError(`\`${name}\` got lost on the way to the engine's process`);
    done += more;
  }
  return { dtype, shape, data: viewBytes(dtype, bytes) };
}
