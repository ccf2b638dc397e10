/** What may be asked of the laboratory. */
import type { DataSource } from '../data/index.ts';
import type { Engine, Precision } from '../engines/index.ts';
import type { Language } from '../report/index.ts';
import type { Experiment, Repeated } from './experiment.ts';

/** How much an experiment does. */
export type Setting = 'quick' | 'full';

export interface LabOptions {
  /** The name of an experiment, or one's own. */
  readonly experiment: string | Experiment;
  /** 'quick' ends in minutes on two cores; default 'quick'. */
  readonly setting?: Setting;
  /** Default 'fashion-mnist-sample'. */
  readonly data?: DataSource;
  /** Height and width of images from an image folder; default 32. */
  readonly imageSize?: number;
  /** A checkpoint or run folder, for experiments that take one. */
  readonly run?: string;
  /** Default 0. */
  readonly seed?: number;
  /** Default 'auto', as for training. */
  readonly engine?: Engine | string;
  /** Of the networks that are trained as `train` does it; all else is measured in float32. Default 'float32'. */
  readonly precision?: Precision;
  /** Default: all cores. */
  readonly threads?: number;
  /**
   * The folder for results.json, the CSV files and the page. Where it holds this experiment with these settings, what is done there is not done
   * again. Default `runs/lab-NAME-SETTING`.
   */
  readonly out?: string;
  /** Of the page and of the names in it; default 'en'. */
  readonly language?: Language;
  readonly callbacks?: readonly LabCallback[];
  /** Ends the experiment after the step or piece under way; the same call again goes on. */
  readonly signal?: AbortSignal;
}

/** How long a training will take, as far as a few of its steps tell. */
export interface TrainingTime {
  readonly network: string;
  readonly seconds: number;
}

/** Called while an experiment goes on; all are optional. */
export interface LabCallback {
  /** Once, before anything is done. */
  onStart?(event: { readonly folder: string; readonly engine: string; readonly isResumed: boolean }): void;
  /** Before the first of its trainings, of the full setting: seconds of those that are left, without all that is measured besides. */
  onForecast?(event: { readonly seconds: number; readonly trainings: readonly TrainingTime[] }): void;
  /** What is done now. @param event.share of it that is done, 0 to 1 */
  onProgress?(event: { readonly text: string; readonly share?: number }): void;
}

/** An experiment that is over. */
export interface LabRun extends Repeated {
  readonly name: string;
  readonly folder: string;
  /** The path of its page. */
  readonly page: string;
  /** That all calls took together. */
  readonly seconds: number;
  /** As its file defines it; numbers that are not finite are null. */
  readonly result: unknown;
  readonly findings: readonly string[];
}
