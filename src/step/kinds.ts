/** The parts that a step is composed of. */
import * as averageParts from '../averages/index.ts';
import type { Average, Objective, Optimiser } from '../nn/index.ts';
import * as objectiveParts from '../objectives/index.ts';
import * as optimiserParts from '../optimisers/index.ts';
import { Kind } from '../parts/index.ts';

export const optimisers = new Kind<Optimiser>('optimiser', optimiserParts);
export const objectives = new Kind<Objective>('loss', objectiveParts);
export const averages = new Kind<Average>('average', averageParts);
