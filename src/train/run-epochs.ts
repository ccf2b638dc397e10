/** The loop over a run's epochs, and what is saved and told between them. */
import { TrainingError } from '../tensor/index.ts';
import type { Score } from '../trained/index.ts';
import { type EndedSteps, runEpoch } from './epoch.ts';
import type { EpochEvent } from './events.ts';
import { save, saveEpoch } from './kept-state.ts';
import { isOutOfPatience } from './patience.ts';
import { expectEqualState } from './ranks/equal-state.ts';
import { isWishedByAny } from './ranks/summed.ts';
import type { Run, RunUnderWay } from './run.ts';
import { withKept } from './run-sink.ts';
import { score } from './score.ts';
import { start } from './snapshot.ts';

/** The epochs that are left of the phase. All is saved when it returns, whatever stopped them. */
export async function runEpochs(run: RunUnderWay): Promise<Pick<Run, 'epochs' | 'stopped'>> {
  const { settings, position, callbacks, signal, to } = run;
  const epochs: EpochEvent[] = [];
  tellPhase(run);
  while (position.epoch < to) {
    if (isOutOfPatience(settings, position)) return { epochs, stopped: 'patience' };
    const began = performance.now();
    const ended = await stepsOf(run);
    const validation = ended && (await score(run, 'validation'));
    if (!validation) {
      // between two phases the last save has the state that the next one begins from
      if (!isAtBorder(run)) await save(run);
      return { epochs, stopped: 'interrupted' };
    }
    await expectEqualState(run);
    const event = await closeEpoch(run, ended, validation, began);
    epochs.push(event);
    const answers = callbacks.map((callback) => callback.onEpoch?.(event));
    if (await isWishedByAny(run, answers.includes('stop'))) return { epochs, stopped: 'callback' };
    if (signal?.aborted && position.epoch < settings.epochs && !isOutOfPatience(settings, position))
      return { epochs, stopped: 'interrupted' };
  }
  return { epochs, stopped: 'finished' };
}

/** Whether no step was taken since the phase before. */
const isAtBorder = ({ position, from }: RunUnderWay) =>
  from > 0 && position.epoch === from && position.partial.count === 0;

/** Undefined where the signal came before their end. */
async function stepsOf(run: RunUnderWay): Promise<EndedSteps | undefined> {
  try {
    await run.feed.ready();
    return await runEpoch(run);
  } catch (error) {
    if (run.signal?.aborted && error === run.signal.reason) return undefined;
    throw error;
  }
}

function tellPhase({ settings, phase, from, to, position, callbacks }: RunUnderWay): void {
  if ((settings.phases.length === 1 && !phase.isOnFeatures) || position.epoch >= to) return;
  const { name, isOnFeatures, freeze: frozen } = phase;
  for (const { onPhase } of callbacks) onPhase?.({ name, first: from + 1, last: to, isOnFeatures, frozen });
}

/** Of few validation images as many are often right: then the loss decides. */
function isBetter({ top1, loss }: Score, { best, history }: RunUnderWay['position']): boolean {
  if (best === undefined || top1 !== best.top1) return best === undefined || top1 > best.top1;
  const before = history[best.epoch - 1];
  return before !== undefined && loss < before.validation.loss;
}

/** Saves and records an epoch whose steps and validation are done. */
async function closeEpoch(run: RunUnderWay, ended: EndedSteps, validation: Score, began: number): Promise<EpochEvent> {
  const { position, settings, sink } = run;
  const { loss, correct, count } = position.partial;
  const train = { loss: loss / count, top1: correct / count };
  const epoch = position.epoch + 1;
  if (!Number.isFinite(validation.loss))
    throw new TrainingError(
      `train: after epoch ${epoch} the loss on the validation images is ${validation.loss}`,
      withKept('try a lower --lr or a warm-up', sink),
    );
  const isBest = isBetter(validation, position);
  if (isBest) position.best = { epoch, top1: validation.top1 };
  position.epoch = epoch;
  position.partial = start().partial;
  position.history.push({ epoch, train, validation, lr: ended.lr });
  const seconds = (performance.now() - began) / 1000;
  const event: EpochEvent = { epoch, epochs: settings.epochs, train, validation, isBest, seconds, ...ended };
  await sink.log({ kind: 'epoch', step: position.step, ...event });
  await sink.results(position.history);
  await saveEpoch(run, isBest);
  return event;
}
