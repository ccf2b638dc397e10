export { type NeighbourOptions, type Neighbours, nearestNeighbours, votedLabels } from './nearest-neighbours.ts';
