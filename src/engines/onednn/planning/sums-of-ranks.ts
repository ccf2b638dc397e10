/** Which new state ranks may begin to add up before a run is over: gradients that depend on nothing that the state had before. */
import { ops, type Program, type Value } from '../../../ir/index.ts';
import { sizeOf } from '../../../tensor/index.ts';

/** An entry whose new content is `value`, times a scalar. */
export interface EarlySum {
  readonly name: string;
  readonly value: Value;
  readonly scalar?: Value;
}

/** Entries in which several batches add up are read by the program, and are left out. */
export function earlySums({ graph, updates }: Pick<Program, 'graph' | 'updates'>): EarlySum[] {
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  return [...updates].flatMap(([name, value]) => {
    const entry = graph.state.get(name) as Value;
    const isGradient = entry.source.kind === 'state' && entry.source.role === 'gradient';
    if (!isGradient || read.has(entry) || value.source.kind !== 'node') return [];
    const { op, inputs } = value.source.node;
    const [x, scalar] = inputs as [Value, Value];
    const isScaled = op === ops.multiply && x.source.kind === 'node' && sizeOf(scalar.type.shape) === 1;
    return [isScaled ? { name, value: x, scalar } : { name, value }];
  });
}
