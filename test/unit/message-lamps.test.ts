import { expect } from 'chai';
import { MessageLamps } from '../../src/features/voicemail/message-lamps.js';
import type { LampCount } from '../../src/features/voicemail/lamp-reports.js';
import { settle, VirtualClock } from '../../src/kernel/clock.js';
import type { ExtensionId } from '../../src/kernel/ids.js';
import { Scope } from '../../src/kernel/scope.js';
import { AriError } from '../../src/telephony/ari/port.js';
import { FakeAsterisk } from '../support/fake-asterisk.js';
import { demoDirectory } from '../support/switchboard-bench.js';

interface Bench {
  readonly ari: FakeAsterisk;
  readonly lamps: MessageLamps;
  counts: readonly LampCount[];
  isDatabaseAway: boolean;
  readonly warnings: unknown[];
  advance(ms: number): Promise<void>;
  /** What the node was told since it was asked last. */
  told(): string[];
}

async function withLamps(work: (bench: Bench) => Promise<void>): Promise<void> {
  const clock = new VirtualClock(1_000_000);
  const ari = new FakeAsterisk(clock);
  await Scope.run('test', async (scope) => {
    const warnings: unknown[] = [];
    let read = 0;
    const bench: Bench = {
      ari,
      counts: [],
      isDatabaseAway: false,
      warnings,
      lamps: new MessageLamps(scope, {
        ari,
        clock,
        directory: { current: demoDirectory(), flowVersion: () => Promise.resolve(undefined) },
        log: { warn: (fields) => warnings.push(fields) },
        counts: () =>
          bench.isDatabaseAway
            ? Promise.reject(new Error('the database is away'))
            : Promise.resolve(bench.counts),
      }),
      advance: async (ms) => {
        await clock.advance(ms);
        await settle();
      },
      told: () => {
        const lines = ari.log.filter((line) => line.startsWith('runDialplan'));
        const fresh = lines.slice(read).map((line) => /Local\/(\w+)@mwi/.exec(line)?.[1] ?? line);
        read = lines.length;
        return fresh;
      },
    };
    ari.events.publishConnection({ type: 'up' });
    await work(bench);
    scope.cancel('done');
  }).catch((error: unknown) => {
    if (!(error instanceof Error && error.name === 'Cancelled')) throw error;
  });
}

describe('Message lamps', () => {
  it('tell the node what changed, and nothing twice', () =>
    withLamps(async (bench) => {
      bench.counts = [{ number: '2001', fresh: 2, old: 1 }];
      await bench.advance(1_000);
      expect(bench.told()).to.deep.equal(['2001_2_1']);
      bench.lamps.look();
      await bench.advance(1_000);
      expect(bench.told()).to.deep.equal([]);
      bench.counts = [
        { number: '2001', fresh: 0, old: 3 },
        { number: '2002', fresh: 1, old: 0 },
      ];
      bench.lamps.look();
      await bench.advance(1_000);
      expect(bench.told()).to.deep.equal(['2001_0_3', '2002_1_0']);
    }));

  it('turn off where the last message is gone', () =>
    withLamps(async (bench) => {
      bench.counts = [{ number: '2001', fresh: 1, old: 0 }];
      await bench.advance(1_000);
      bench.counts = [];
      bench.lamps.look();
      await bench.advance(1_000);
      expect(bench.told()).to.deep.equal(['2001_1_0', '2001_0_0']);
    }));

  it('tell everything again when the node comes back', () =>
    withLamps(async (bench) => {
      bench.counts = [{ number: '2001', fresh: 1, old: 0 }];
      await bench.advance(1_000);
      bench.told();
      bench.ari.events.publishConnection({ type: 'down', reason: 'restart' });
      bench.counts = [{ number: '2001', fresh: 2, old: 0 }];
      bench.lamps.look();
      await bench.advance(40_000);
      expect(bench.told()).to.deep.equal([]);
      bench.ari.events.publishConnection({ type: 'up' });
      await bench.advance(1_000);
      expect(bench.told()).to.deep.equal(['2001_2_0']);
    }));

  it('tell a phone that registers, also that there is nothing', () =>
    withLamps(async (bench) => {
      await bench.advance(1_000);
      bench.lamps.phoneChanged(1 as ExtensionId, true);
      bench.lamps.phoneChanged(2 as ExtensionId, false);
      await bench.advance(1_000);
      expect(bench.told()).to.deep.equal(['2001_0_0']);
    }));

  it('look by themselves where no news came, and again where the database was away', () =>
    withLamps(async (bench) => {
      bench.isDatabaseAway = true;
      await bench.advance(1_000);
      expect(bench.warnings).to.have.length(1);
      bench.isDatabaseAway = false;
      bench.counts = [{ number: '2001', fresh: 1, old: 0 }];
      await bench.advance(6_000);
      expect(bench.told()).to.deep.equal(['2001_1_0']);
      bench.counts = [{ number: '2001', fresh: 2, old: 0 }];
      await bench.advance(31_000);
      expect(bench.told()).to.deep.equal(['2001_2_0']);
    }));

  it('try again where the node is away, without a warning', () =>
    withLamps(async (bench) => {
      const run = bench.ari.runDialplan.bind(bench.ari);
      bench.ari.runDialplan = () =>
        Promise.reject(new AriError('unavailable', 'runDialplan', 0, 'test'));
      bench.counts = [{ number: '2001', fresh: 1, old: 0 }];
      await bench.advance(1_000);
      bench.ari.runDialplan = run;
      await bench.advance(10_000);
      expect(bench.told()).to.deep.equal(['2001_1_0']);
      expect(bench.warnings).to.deep.equal([]);
    }));
});
