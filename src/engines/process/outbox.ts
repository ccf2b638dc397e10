/**
 * Large arrays on their way between an engine's process and its owner: parked in a file that both have open and nobody else can see, in
 * memory where the system has such files. In messages, a batch of images takes about ten times as long. The two speak in turn, so the
 * file holds a request until it is read and then its reply, each from the first byte on.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from '../../tensor/index.ts';
import { arrayOver, bytesOf, isParked, type Numbers, type Parked, type Posted, replaceArrays } from './posted.ts';

/** Where the process has the file: right after the channel for messages. */
const inheritedFd = 4;

const smallest = 32 * 1024;
/** A file that is larger goes back to the system once it is read; batches are smaller, and find their pages again. */
const kept = 256 * 1024 * 1024;

export class Outbox {
  /** Undefined where there is no file; all arrays then stay in their messages. */
  readonly fd: number | undefined;
  #end = 0;

  private constructor(fd: number | undefined) {
    this.fd = fd;
  }

  /** The owner's, in the first of `folders` that takes the file. */
  static open(folders: readonly string[] = ['/dev/shm', tmpdir()]): Outbox {
    for (const folder of folders) {
      const fd = openNameless(join(folder, `skein-${randomUUID()}`));
      if (fd !== undefined) return new Outbox(fd);
    }
    return new Outbox(undefined);
  }

  /** The process's. Where its owner has no file, something else is open in its place. */
  static inherited(fd = inheritedFd): Outbox {
    return new Outbox(isFile(fd) ? fd : undefined);
  }

  /** The message with its large arrays in the file, behind what was posted before; they may change afterwards. */
  post<T>(message: T): Posted<T> {
    return replaceArrays(message, (array) => (isParked(array) ? array : (this.#park(array) ?? array))) as Posted<T>;
  }

  /** The message again. `room` gives the bytes to read an array into, `where` being its path in the message. @throws EngineError */
  collect<T>(posted: Posted<T>, room = (_where: string, bytes: number) => new Uint8Array(bytes)): T {
    return replaceArrays(posted, (array, where) => {
      if (!isParked(array)) return array;
      const bytes = room(where, array.bytes);
      this.#read(array, bytes, where);
      return arrayOver(array, bytes);
    }) as T;
  }

  /** Copies one array of a posted message, `where` in errors, into another. @throws EngineError */
  copy(array: Numbers | Parked, target: Numbers, where: string): void {
    if (isParked(array)) this.#read(array, bytesOf(target), where);
    else bytesOf(target).set(bytesOf(array));
  }

  /** What is posted next begins the file. */
  rewind(): void {
    this.#end = 0;
  }

  /** Nobody will read the file again. */
  empty(): void {
    this.rewind();
    if (this.fd !== undefined && fstatSync(this.fd).size > kept) ftruncateSync(this.fd);
  }

  close(): void {
    if (this.fd !== undefined) closeSync(this.fd);
  }

  /** Undefined where the array is small, or the file has no room. */
  #park(array: Numbers): Parked | undefined {
    const { fd } = this;
    if (fd === undefined || array.byteLength < smallest) return undefined;
    const at = this.#end;
    const bytes = bytesOf(array);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, at + done);
    } catch {
      // what was written of it takes memory from others
      ftruncateSync(fd, at);
      return undefined;
    }
    this.#end = at + bytes.length;
    return { parked: array[Symbol.toStringTag], at, bytes: bytes.length };
  }

  #read({ at }: Parked, target: Uint8Array, where: string): void {
    for (let done = 0; done < target.length; ) {
      const more = readSync(this.fd as number, target, done, target.length - done, at + done);
      if (more === 0)
        throw new EngineError(`\`${where}\` got lost on the way between the engine's process and its owner`);
      done += more;
    }
  }
}

/** A new file that is open and has no name, and so goes with the last process that has it open; undefined where that cannot be had. */
function openNameless(path: string): number | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    return fd;
  } catch {
    // no such folder, not writable, or a system where open files keep their names
    if (fd !== undefined) {
      closeSync(fd);
      rmSync(path, { force: true });
    }
    return undefined;
  }
}

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
