import { expect } from 'chai';
import { VirtualClock } from '../../../src/kernel/clock.js';
import type {
  AttemptId,
  CallId,
  CampaignId,
  ContactId,
  FollowUpId,
} from '../../../src/kernel/ids.js';
import { Cancelled, Scope } from '../../../src/kernel/scope.js';
import { CampaignWrites } from '../../../src/telephony/calls/campaign-writes.js';
import { LinesInMemory } from '../../support/kept-lines.js';

/** As the driver says that a value does not fit. */
class Refused extends Error {
  readonly sqlState = '22001';
}

describe('what campaigns tell the database', () => {
  const first = 'A1' as AttemptId;
  const second = 'A2' as AttemptId;
  let clock: VirtualClock;
  let written: string[];
  let errors: string[];
  let failure: Error | undefined;
  let server: Scope;

  beforeEach(() => {
    clock = new VirtualClock();
    written = [];
    errors = [];
    failure = undefined;
  });

  const write = (text: string): Promise<void> => {
    if (failure !== undefined) return Promise.reject(failure);
    written.push(text);
    return Promise.resolve();
  };
  const openOn = (kept: LinesInMemory): CampaignWrites => {
    let made: CampaignWrites | undefined;
    Scope.run('process', async (scope) => {
      server = scope;
      made = new CampaignWrites(scope, {
        ...{ clock, kept },
        log: {
          info: () => undefined,
          warn: () => undefined,
          error: (_fields, message) => errors.push(message),
        },
        store: {
          tell: (attempt, { result = '' }) => write(`${attempt} ${result}`),
          optOut: ({ number, contact, source, call, campaign }) =>
            write([number, contact, source, call, campaign].join(' ')),
        },
        followUps: { settle: (id, { state }) => write(`${String(id)} ${state}`) },
      });
      await scope.wait(new Promise(() => undefined));
    }).catch((error: unknown) => {
      if (!(error instanceof Cancelled)) throw error;
    });
    if (made === undefined) throw new Error('not made');
    return made;
  };
  const rest = async (): Promise<void> => {
    await clock.advance(2_500);
  };

  it('is written in order, and kept on the disk until then', async () => {
    const kept = new LinesInMemory();
    const writes = openOn(kept);
    failure = new Error('away');
    writes.tell(first, { result: 'busy' });
    writes.optOut({
      ...{ number: '+442079460701', contact: 3 as ContactId, source: 'key' },
      ...{ call: 'C1' as CallId, campaign: 7 as CampaignId },
    });
    writes.settle(5 as FollowUpId, { state: 'done', attempts: 1 }, () => written.push('then'));
    await rest();
    expect([written, kept.lines.length, writes.behind]).to.deep.equal([[], 3, 3]);
    failure = undefined;
    await rest();
    expect(written).to.deep.equal(['A1 busy', '+442079460701 3 key C1 7', '5 done', 'then']);
    expect([kept.lines, writes.behind]).to.deep.equal([[], 0]);
  });

  it('of a process that was killed is written first by the next one, also when that is killed as well', async () => {
    const kept = new LinesInMemory();
    failure = new Error('away');
    openOn(kept).tell(first, { result: 'human' });
    server.cancel('killed');
    const nexts = new LinesInMemory(kept);
    openOn(nexts);
    server.cancel('killed');
    expect(kept.lines).to.deep.equal([]);
    const lasts = new LinesInMemory(nexts);
    const last = openOn(lasts);
    last.tell(second, { result: 'busy' });
    expect(lasts.lines).to.have.length(2);
    failure = undefined;
    await rest();
    expect(written).to.deep.equal(['A1 human', 'A2 busy']);
    expect(lasts.lines).to.deep.equal([]);
  });

  it('does not wait for ever for what the database cannot store, nor for what nobody can read', async () => {
    const former = new LinesInMemory();
    former.add('{"kind":');
    const kept = new LinesInMemory(former);
    const writes = openOn(kept);
    failure = new Refused('Data too long');
    writes.tell(first, { result: 'busy' });
    await rest();
    failure = undefined;
    writes.tell(second, { result: 'human' });
    await rest();
    expect(written).to.deep.equal(['A2 human']);
    expect(errors).to.have.length(2);
    expect([kept.lines, writes.behind]).to.deep.equal([[], 0]);
  });
});
