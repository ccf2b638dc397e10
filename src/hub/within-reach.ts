/** Whether weights could be had, asked before anything depends on them. */
import { CacheEntry } from './cache-entry.ts';
import { hubUrl, huggingFaceFile } from './hugging-face.ts';
import { localWeights } from './local-weights.ts';
import { weightsSource } from './weights-source.ts';

/** A server that takes longer to say what it has is not worth waiting for. */
const patience = 3000;

/** Whether the repository's weights are on this machine, or the server that has them answers within seconds. Downloads nothing. */
export async function isWithinReach(repository: string): Promise<boolean> {
  const source = weightsSource(repository);
  if (source.kind !== 'hf') return false;
  try {
    if (await localWeights(source, undefined, {})) return true;
    const entry = new CacheEntry(source.word, hubUrl());
    const record = await entry.record();
    if (record && (await entry.size(record)) === record.bytes) return true;
    await huggingFaceFile(source, AbortSignal.timeout(patience));
    return true;
  } catch {
    return false;
  }
}
