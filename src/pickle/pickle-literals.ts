/** The instructions of a pickle that push one value and need nothing from the stack. */

import type { ByteReader } from './byte-reader.ts';
import { PickleError } from './pickle-error.ts';
import { type PickleValue, Tuple } from './pickle-value.ts';

export const literals: ReadonlyMap<string, (reader: ByteReader, longStrings: 'text' | 'bytes') => PickleValue> =
  new Map<string, (reader: ByteReader, longStrings: 'text' | 'bytes') => PickleValue>([
    ['N', () => null],
    ['\x88', () => true],
    ['\x89', () => false],
    [']', () => []],
    [')', () => new Tuple([])],
    ['}', () => new Map()],
    ['\x8f', () => new Set()],

    ['I', integerOrBoolean],
    ['L', (reader) => reader.decimal()],
    ['J', (reader) => reader.int32()],
    ['K', (reader) => reader.uint8()],
    ['M', (reader) => reader.uint16()],
    ['\x8a', (reader) => reader.long(reader.uint8())], // LONG1
    ['\x8b', (reader) => reader.long(reader.uint32())], // LONG4
    ['F', (reader) => Number(reader.line())],
    ['G', (reader) => reader.float64()],

    ['S', (reader) => withoutEscapes(reader.line()).replace(/^(['"])(.*)\1$/s, '$2')],
    ['V', (reader) => withoutEscapes(reader.line())],
    ['U', (reader) => reader.latin1(reader.uint8())], // SHORT_BINSTRING
    // BINSTRING: Python 2 has one kind for bytes and texts
    ['T', (reader, long) => (long === 'bytes' ? reader.raw(reader.uint32()) : reader.latin1(reader.uint32()))],
    ['\x8c', (reader) => reader.text(reader.uint8())], // SHORT_BINUNICODE
    ['X', (reader) => reader.text(reader.uint32())],
    ['\x8d', (reader) => reader.text(reader.uint64())], // BINUNICODE8
    ['C', (reader) => reader.raw(reader.uint8())], // SHORT_BINBYTES
    ['B', (reader) => reader.raw(reader.uint32())],
    ['\x8e', (reader) => reader.raw(reader.uint64())], // BINBYTES8
    ['\x96', (reader) => reader.raw(reader.uint64())], // BYTEARRAY8
  ]);

/** Protocols 0 and 1 write booleans as 00 and 01. */
function integerOrBoolean(reader: ByteReader): PickleValue {
  const { bytes, position } = reader;
  const value = reader.decimal();
  return bytes[position] === 0x30 && reader.position === position + 3 ? value === 1 : value;
}

function withoutEscapes(line: string): string {
  if (line.includes('\\'))
    throw new PickleError('pickle: expected a text without escapes, as protocols above 0 write it');
  return line;
}
