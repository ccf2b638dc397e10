/**
 * Whether memory stays flat on oneDNN: what this process holds over 10,000 steps of a small network, and over 200 times compiling one,
 * running it and giving it back.
 *
 * usage: npm run bench:memory [MODEL]
 */
import { trainingSession } from '../tests/training-session.ts';

const megabytes = () => (process.memoryUsage().rss / 1e6).toFixed(1);
const name = process.argv[2] ?? 'resnet8';

const { session, library, inputs } = await trainingSession(name);
console.log(`10,000 steps of ${name}`);
for (let done = 0; done <= 10_000; done++) {
  if (done % 1000 === 0) console.log(`${String(done).padStart(6)} steps  ${megabytes()} MB`);
  session.run('step', inputs);
}
session.dispose();
library.dispose();

console.log(`200 times compiling, running and giving back ${name}`);
for (let done = 0; done <= 200; done++) {
  if (done % 25 === 0) console.log(`${String(done).padStart(6)} times  ${megabytes()} MB`);
  const again = await trainingSession(name);
  again.session.run('step', again.inputs);
  again.session.dispose();
  again.library.dispose();
}
