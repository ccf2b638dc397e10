/**
 * Prints `N passed, N failed`, with `, N skipped` where there are any, from vitest's JSON reports, the exit statuses of their runs and the
 * names of other failed steps; exits with 1 if anything failed. Plain JavaScript, so that it runs even when the installation failed.
 *
 * node scripts/ci-summary.mjs [NAME=REPORT=STATUS...] [-- FAILED_STEP...]
 */
import { readFileSync } from 'node:fs';

const words = process.argv.slice(2);
const end = words.includes('--') ? words.indexOf('--') : words.length;
const failures = words.slice(end + 1);
let passed = 0;
let skipped = 0;

for (const run of words.slice(0, end)) {
  const [name, path, status] = run.split('=');
  const failedTests = [];
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    const pending = report.numPendingTests + report.numTodoTests;
    console.log(`${name}: ${report.numPassedTests} passed, ${report.numFailedTests} failed, ${pending} skipped`);
    passed += report.numPassedTests;
    skipped += pending;
    for (const file of report.testResults) {
      const failed = file.assertionResults.filter((result) => result.status === 'failed');
      for (const result of failed) failedTests.push(`${name}: ${file.name}: ${result.fullName}`);
      // A file that could not be loaded, or whose hooks failed, has no failed test to show for it.
      if (file.status === 'failed' && failed.length === 0) failedTests.push(`${name}: ${file.name}`);
    }
  } catch {
    // Expected where the tests never ran or were stopped: then the status says so.
    if (status === '0') failures.push(`${name} (no report)`);
  }
  // Status 1 is explained by failed tests; alone it is an error outside of every test, or a worker that died.
  if (status !== '0' && !(status === '1' && failedTests.length > 0)) failures.push(`${name} (${status})`);
  failures.push(...failedTests);
}

for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failures.length > 0 ? 1 : 0;
