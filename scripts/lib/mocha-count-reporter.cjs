// The spec reporter, which also adds {"suite","passed","failed"} to the file named by CB_COUNT_FILE.
// A pending test counts as failed: a test that does not run proves nothing.
'use strict';
const { appendFileSync } = require('node:fs');
const { reporters } = require('mocha');

class CountReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      if (pending > 0) console.log(`  ${pending} pending, counted as failed`);
      const line = {
        suite: process.env.CB_SUITE ?? 'mocha',
        passed: passes,
        failed: failures + pending,
      };
      if (process.env.CB_COUNT_FILE)
        appendFileSync(process.env.CB_COUNT_FILE, `${JSON.stringify(line)}\n`);
    });
  }
}

module.exports = CountReporter;
