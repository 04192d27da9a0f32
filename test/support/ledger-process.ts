/**
 * A calls process of its own that a test may kill: `ledger-process.ts <redis url> <var directory>`. It appends the events
 * that it reads as JSON lines from its standard input, and writes its counters after each.
 */
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { openLedger } from '../../src/adapters/ledger/index.js';
import type { CallEvent } from '../../src/kernel/call-event.js';

const [, , redisUrl = '', varDir = ''] = process.argv;
const ledger = await openLedger(redisUrl, varDir, pino({ level: 'silent' }));
for await (const line of createInterface({ input: process.stdin })) {
  ledger.append(JSON.parse(line) as CallEvent);
  await ledger.flush();
  process.stdout.write(`${JSON.stringify(ledger.counters())}\n`);
}
await ledger.close();
