/**
 * usage: npm run bench [-- train | compile [MODEL…]]
 * Run it with nothing else on the machine.
 */
import { benchCompile } from './compile.ts';
import { benchTrain } from './train.ts';

const [what, ...names] = process.argv.slice(2);
if (what !== undefined && what !== 'train' && what !== 'compile') {
  console.error('usage: npm run bench [-- train | compile [MODEL…]]');
  process.exitCode = 2;
} else {
  if (what !== 'compile') await benchTrain();
  if (what !== 'train') await benchCompile(names);
}
