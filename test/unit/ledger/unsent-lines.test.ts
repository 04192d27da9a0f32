import { expect } from 'chai';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { leftLines, UnsentLines } from '../../../src/adapters/files/unsent-lines.js';
import { DurableLedger } from '../../../src/adapters/ledger/durable-ledger.js';
import { SpillFile } from '../../../src/adapters/ledger/spill-file.js';
import type { LedgerStreamWriter } from '../../../src/adapters/ledger/stream.js';
import { newId } from '../../../src/kernel/ids.js';
import { answeredCall } from '../../support/call-events.js';

/** A process id that the kernel cannot give: larger than its limit. */
const DEAD_OWNER = '99999999-1';
const fail = (error: unknown): never => {
  throw error;
};

describe('UnsentLines', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cordboard-unsent-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** As if the processes whose files these are had been killed. */
  const killAll = async (): Promise<void> => {
    for (const name of await readdir(directory))
      await rename(
        join(directory, name),
        join(directory, `${name.slice(0, 26)}.${DEAD_OWNER}.unsent`),
      );
  };

  it('leaves what was not sent to the next process, and nothing of a living one', async () => {
    const unsent = UnsentLines.create(directory, fail);
    unsent.add('one');
    unsent.clear();
    unsent.add('two');
    unsent.add('three');
    expect(leftLines(directory)).to.deep.equal([]);
    await killAll();
    const [left, ...others] = leftLines(directory);
    expect(others).to.deep.equal([]);
    expect(left).to.deep.include({ id: unsent.id, lines: ['two', 'three'] });
    left?.remove();
    expect(await readdir(directory)).to.deep.equal([]);
    unsent.close();
  });

  it('leaves a line out that its writer’s end tore, and no file where everything was sent', async () => {
    await writeFile(join(directory, `${newId()}.${DEAD_OWNER}.unsent`), 'whole\n{"tor');
    expect(leftLines(directory).flatMap(({ lines }) => lines)).to.deep.equal(['whole']);
    const unsent = UnsentLines.create(directory, fail);
    unsent.add('sent');
    unsent.clear();
    unsent.close();
    unsent.add('after the end');
    expect(await readdir(directory)).to.have.length(1);
  });

  it('has a record of the ledger before the stream has said that it took it', async () => {
    const [event] = answeredCall().events;
    if (event === undefined) throw new Error('no event');
    const sent: string[] = [];
    let answer: () => void = () => undefined;
    const stream: LedgerStreamWriter = {
      append: (lines) =>
        new Promise((resolve) => {
          sent.push(...lines);
          answer = resolve;
        }),
      reachable: () => Promise.resolve(),
      onReady: () => undefined,
      close: () => Promise.resolve(),
    };
    const unsent = UnsentLines.create(directory, fail);
    const log = pino({ level: 'silent' });
    const ledger = new DurableLedger(stream, await SpillFile.open(directory), unsent, log, [
      'left',
    ]);
    ledger.append(event);
    expect(unsent.size).to.be.greaterThan(100);
    const flushed = ledger.flush();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sent).to.have.length(2);
    expect(unsent.size, 'the stream has not answered').to.be.greaterThan(100);
    answer();
    await flushed;
    expect(unsent.size).to.equal(0);
    await ledger.close();
    expect(await readdir(directory)).to.deep.equal([]);
  });
});
