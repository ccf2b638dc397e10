/** Another engine of Skein beside the one that is measured. */
import type { Engine, Precision } from '../engines/index.ts';
import { EngineError } from '../tensor/index.ts';
import { type Measured, measure } from './measure.ts';
import { type Peer, PeerError, type PeerRate, type PeerTask } from './peer.ts';

/** Runs the same program; in float32 where it has no bf16. */
export function enginePeer(engine: Engine): Peer {
  const turn = async (task: PeerTask, precision: Precision): Promise<PeerRate> => {
    const measured = await measure(task.program, task.benchCase, { ...task, engine, precision });
    const version = (await engine.facts?.())?.version;
    return { ...rateOf(measured), precision, version };
  };
  return {
    name: engine.name,
    knows: () => true,
    measure: async (task) => {
      try {
        return await turn(task, task.precision).catch((error: unknown) => {
          if (!(error instanceof EngineError) || task.precision === 'float32') throw error;
          return turn(task, 'float32');
        });
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        throw new PeerError(error.message);
      }
    },
  };
}

const rateOf = ({ imagesPerSecond, peakBytes }: Measured) => ({ imagesPerSecond, peakBytes });
