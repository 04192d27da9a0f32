// The spec reporter, which also adds {"suite","passed","failed"} to the file named by CB_COUNT_FILE, and what failed to the file
// named by CB_FAILURE_FILE, so that the end of a long run can name it.
// A pending test counts as failed: a test that does not run proves nothing. A run that is over and does not end, because a failed
// hook left its servers running, is ended.
'use strict';
const { appendFileSync } = require('node:fs');
const { reporters } = require('mocha');

const LINES_OF_A_FAILURE = 25;
const ENDS_WITHIN_MS = 20_000;

/** @param {string} text */
const note = (text) => {
  if (process.env.CB_FAILURE_FILE) appendFileSync(process.env.CB_FAILURE_FILE, `${text}\n`);
};

class CountReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const suite = process.env.CB_SUITE ?? 'mocha';
    runner.on('fail', (test, error) => {
      note(`${suite}: ${test.fullTitle()} (${test.file ?? test.parent?.file ?? ''})`);
      note(
        `    ${String(error?.stack ?? error)
          .split('\n')
          .slice(0, LINES_OF_A_FAILURE)
          .join('\n    ')}`,
      );
    });
    runner.on('pending', (test) => note(`${suite}: ${test.fullTitle()} did not run`));
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      if (pending > 0) console.log(`  ${pending} pending, counted as failed`);
      const line = {
        suite,
        passed: passes,
        failed: failures + pending,
      };
      if (process.env.CB_COUNT_FILE)
        appendFileSync(process.env.CB_COUNT_FILE, `${JSON.stringify(line)}\n`);
      setTimeout(() => {
        console.log('  The tests are over, and something that they started is not: ended.');
        process.exit(1);
      }, ENDS_WITHIN_MS).unref();
    });
  }
}

module.exports = CountReporter;
