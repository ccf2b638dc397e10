/** What growing costs, each sweep a line. */
import type { LinesFigure } from '../../report/index.ts';
import { type ScalingResult, type SizedRun, sweepNames } from './scaling-result.ts';

const seriesOf = ({ runs }: ScalingResult, y: (run: SizedRun) => number): LinesFigure['series'] =>
  [...new Set(runs.map(({ kind, by }) => sweepNames[kind][by]))].map((name) => ({
    name,
    points: runs
      .filter(({ kind, by }) => sweepNames[kind][by] === name)
      .map((run) => [run.record.macs, y(run)] as const),
  }));

const multiplyAdds = {
  label: { en: 'multiply-adds', zh: '乘加次数' },
  scale: 'log',
  format: 'multiplyAdds',
} as const;

/** Measured. */
export const timeByCost = (result: ScalingResult): LinesFigure => ({
  kind: 'lines',
  id: 'time-by-cost',
  title: { en: 'Time to train on 1,000 images', zh: '训练 1,000 张图像的时间' },
  x: multiplyAdds,
  y: { label: { en: 'seconds', zh: '秒' }, scale: 'log' },
  series: seriesOf(result, ({ record }) => 1000 / record.imagesPerSecond),
});

/** Planned. */
export const memoryByCost = (result: ScalingResult): LinesFigure => ({
  kind: 'lines',
  id: 'memory-by-cost',
  title: { en: 'Memory of a training step', zh: '训练步的内存' },
  x: multiplyAdds,
  y: { label: { en: 'memory', zh: '内存' }, scale: 'log', format: 'memory' },
  series: seriesOf(result, ({ memoryBytes }) => memoryBytes),
});
