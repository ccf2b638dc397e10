/** How long a run is: in epochs, in steps, or in minutes, which become steps once. */
export { isLengthOpen, type LengthBefore, lengthBefore, lengthOf, usualEpochs } from './run-length.ts';
export { expectTimeBudget } from './time-budget.ts';
