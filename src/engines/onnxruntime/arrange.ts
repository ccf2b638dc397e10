/**
 * The order in which nodes stand in the model file. It does not change results, but ONNX Runtime draws two things from it:
 * - It runs results that nobody reads last one first. In the order in which they were made, the last layer's update comes first, and
 *   what its gradient needs is free before the next one is computed.
 * - While it creates a session it keeps all nodes whose inputs are known in a sorted list, lowest first, and walks that list for every
 *   node. The list stays short where what the state alone decides comes first, and each other node as soon as its inputs are there.
 */
interface OnnxNode {
  readonly input: readonly string[];
  readonly output: readonly string[];
}

/**
 * First what needs no fed input, then each node as soon as its inputs are there. Of those that nobody reads, the ones whose place decides
 * about memory (`ordered`) keep their order among themselves.
 */
export function arrange<N extends OnnxNode>(nodes: readonly N[], ordered: (output: string) => boolean): N[] {
  const readers = readersOf(nodes);
  const isRead = ({ output }: N) => output.some((name) => readers.has(name));
  const waiting = nodes.filter((node) => !isRead(node) && node.output.some(ordered));
  const held = new Set(waiting);
  const made = new Set(nodes.flatMap(({ output }) => output));
  const isFed = ({ input }: N) => input.some((name) => name.startsWith('input:'));
  const missing = new Map(
    nodes.map((node) => [node, new Set(node.input.filter((name) => made.has(name))).size + (isFed(node) ? 1 : 0)]),
  );
  const arranged: N[] = [];
  let next = 0;
  /** One input of `first` has come; goes on with all that it completes. */
  const arrive = (first: N) => {
    const open = [first];
    for (let node = open.pop(); node; node = open.pop()) {
      const left = (missing.get(node) as number) - 1;
      missing.set(node, left);
      if (left > 0) continue;
      if (held.has(node)) {
        for (let late = waiting[next]; late && (missing.get(late) as number) <= 0; late = waiting[++next])
          arranged.push(late);
        continue;
      }
      arranged.push(node);
      for (const name of node.output) open.push(...(readers.get(name) ?? []).toReversed());
    }
  };
  // those that complete nothing go first, while the list is long
  const roots = nodes.filter((node) => missing.get(node) === 0);
  const completes = ({ output }: N) =>
    output.some((name) => readers.get(name)?.some((reader) => missing.get(reader) === 1));
  for (const root of [...roots.filter((node) => !completes(node)), ...roots.filter(completes)]) {
    missing.set(root, 1);
    arrive(root);
  }
  // the image's reader last: it sets everything going
  for (const node of nodes.filter(isFed).reverse()) arrive(node);
  return arranged;
}

function readersOf<N extends OnnxNode>(nodes: readonly N[]): Map<string, N[]> {
  const readers = new Map<string, N[]>();
  for (const node of nodes)
    for (const name of new Set(node.input)) {
      const known = readers.get(name);
      if (known) known.push(node);
      else readers.set(name, [node]);
    }
  return readers;
}
