/** The memory of what oneDNN really does: every reorder, workspace and scratchpad has its place in the arena. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOf, leastBytes, type Schedule } from '../../../../tests/memory-plan.ts';
import { oneDnnHere } from '../../../../tests/onednn-here.ts';
import type { Program } from '../../../ir/index.ts';
import { findModel } from '../../../models/index.ts';
import { sgd } from '../../../optimisers/index.ts';
import { stepProgram } from '../../../step/index.ts';
import { type Library, openLibrary } from '../library/index.ts';
import { padPrograms } from '../planning/padding/pad-program.ts';
import { placeRecorded } from './compile-program.ts';
import { hostOn } from './host.ts';
import { recordProgram } from './record-program.ts';

const absent = !oneDnnHere;

describe.skipIf(absent)('the arena of a training step', () => {
  let library: Library;
  beforeAll(async () => {
    library = (await openLibrary()) as Library;
  });
  afterAll(() => library.dispose());

  it.each([
    ['resnet20', 32, 10, 128],
    ['densenet-bc100-k12', 32, 10, 64],
    ['resnet50', 224, 1000, 16],
    ['densenet121', 224, 1000, 16],
  ] as const)('of %s has no faults, and is at most a tenth above the least', (name, side, classes, batchSize) => {
    const image = { channels: 3, height: side, width: side };
    const step = stepProgram({ network: findModel(name), image, classes, batchSize, optimiser: sgd() });
    const host = hostOn(library, 'float32');
    const { padded, paddings } = padPrograms(new Map([['step', step]]), host.block);
    for (const [entry, padding] of paddings) host.state.pad(entry, padding);
    const recorded = recordProgram(host, padded.get('step') as Program);
    try {
      const { assembly, inputs, outputs, guard } = recorded;
      const given = [...inputs.values()];
      const kept = [...given, ...outputs.map(([, , stored]) => stored), ...(guard ? [guard] : [])];
      const schedule: Schedule = { accesses: assembly.instructions, given, kept };
      const placement = placeRecorded(recorded);
      expect(faultsOf(schedule, placement)).toEqual([]);
      expect(placement.bytes / leastBytes(schedule)).toBeLessThanOrEqual(1.1);
    } finally {
      recorded.assembly.destroyPrimitives();
      host.memory.dispose();
    }
  });
});
