/** `--against`: who takes turns with the engine. */
import { type BenchCase, enginePeer, findTorch, type Peer, torchPeer } from '../bench/index.ts';
import { chooseEngine, engineNames } from '../engines/index.ts';

const torch = 'torch';

/** What `--against` takes. */
export const peerNames: readonly string[] = [torch, ...engineNames.filter((name) => name !== 'auto')];

/** The peer of this name; undefined, with a note, where PyTorch is not installed. It is looked for only where a case has its script. */
export async function choosePeer(
  name: string,
  cases: readonly BenchCase[],
  signal: AbortSignal,
  note: (text: string) => void,
): Promise<Peer | undefined> {
  if (name !== torch) return enginePeer((await chooseEngine(name, 'train')).engine);
  if (cases.every((one) => one.peer === undefined)) return undefined;
  const python = await findTorch(signal);
  if (python === undefined) note('PyTorch is left out: python3 with torch not found: apt-get install python3-torch');
  return python === undefined ? undefined : torchPeer(python);
}
