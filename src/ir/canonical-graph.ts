/** What a program computes, as a text that does not depend on the order in which its nodes were made. */

import type { Node, Value } from './graph.ts';
import type { Attributes } from './op.ts';
import type { Program } from './program.ts';

/** Stands before the text, so that another way to write it is never taken for another network. */
const version = 'skein-graph 1';

/** Equal for programs that compute the same outputs by the same ops from inputs, state and constants of the same names and types. */
export function canonicalGraph({ outputs }: Pick<Program, 'outputs'>): string {
  const lines: string[] = [version];
  const numbers = new Map<Value, number>();
  const write = (text: string, values: readonly Value[]) => {
    for (const value of values) numbers.set(value, numbers.size);
    lines.push(text);
  };
  const named = [...outputs].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, value] of named)
    for (const next of inOrder(value, (known) => numbers.has(known)))
      if (isNode(next)) write(`${nodeText(next)}(${next.inputs.map((input) => numbers.get(input))})`, next.outputs);
      else write(leafText(next), [next]);
  for (const [name, value] of named) lines.push(`${name} = ${numbers.get(value)}`);
  return lines.join('\n');
}

const isNode = (next: Node | Value): next is Node => 'op' in next;

/** What `value` is made from, each before what reads it, without recursion: networks may be thousands of layers deep. */
function* inOrder(value: Value, isKnown: (value: Value) => boolean): Generator<Node | Value> {
  const open: { value: Value; ready: boolean }[] = [{ value, ready: false }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { source } = next.value;
    if (isKnown(next.value)) continue;
    if (source.kind !== 'node') yield next.value;
    else if (next.ready) yield source.node;
    else {
      open.push({ value: next.value, ready: true });
      for (const input of source.node.inputs.toReversed()) open.push({ value: input, ready: false });
    }
  }
}

const nodeText = ({ op, attributes }: Node) => `${op.name}${attributesText(attributes)}`;

const attributesText = (attributes: Attributes) =>
  JSON.stringify(Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))));

function leafText({ source, type: { dtype, shape } }: Value): string {
  const typed = `${dtype}[${shape}]`;
  if (source.kind === 'input') return `input ${source.name} ${typed}`;
  if (source.kind === 'state') return `${source.role} ${source.name} ${typed}`;
  return `constant ${typed} ${source.kind === 'constant' ? Array.from(source.tensor.data as Float32Array) : ''}`;
}
