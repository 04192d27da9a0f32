import { expect } from 'chai';
import type { CallerContact } from '../../../src/engines/routing/rule.js';
import type { ContactFieldId, RoutingRuleId } from '../../../src/kernel/ids.js';
import { routeToQueue } from '../../../src/telephony/calls/route.js';
import {
  ADA,
  demoDirectory,
  salesQueue,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

const WORTH = 7 as ContactFieldId;
const STRANGER = '+442079460901';
const CUSTOMER = '+442079460902';

describe('Priority from the contact who calls', () => {
  it('lets a caller whose field says 30 overtake who came first', async () => {
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const bench = new SwitchboardBench({
      ...demoDirectory({ ...salesQueue, leavesWhenEmpty: false }),
      routingRules: [
        {
          id: 1 as RoutingRuleId,
          name: 'Worth',
          conditions: [],
          effects: [{ kind: 'priority-from-contact', field: WORTH }],
        },
      ],
    });
    const asked: string[] = [];
    bench.route = (call, queue, priority, attributes, signal) =>
      routeToQueue(
        {
          ...{ clock: bench.clock, log: quiet },
          directory: { current: bench.directory, flowVersion: () => Promise.resolve(undefined) },
          history: { recall: () => Promise.resolve({ calledAt: [] }) },
          contacts: {
            find: (number): Promise<CallerContact | undefined> => {
              asked.push(number);
              return Promise.resolve(
                number === CUSTOMER
                  ? { fields: new Map([[WORTH, '30']]), lists: new Set() }
                  : undefined,
              );
            },
          },
          hook: { ask: () => Promise.resolve({ kind: 'not-json', ms: 1 }) },
          sources: {
            regionOf: () => undefined,
            openCalendars: () => new Map(),
            skillNames: () => new Map(),
          },
        },
        ...([call, queue, priority, attributes, signal] as const),
      );
    await bench.start();
    bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 1_000 });
    const channels = [];
    for (const number of [STRANGER, CUSTOMER]) {
      const channel = await bench.callIn(undefined, number);
      channels.push(channel);
      await bench.press(channel, '1');
      await bench.advance(1_000);
    }
    expect(asked).to.deep.equal([STRANGER, CUSTOMER]);
    bench.signIn(ADA);
    await bench.advance(5_000);
    const connected = bench.ledger.filter(({ kind }) => kind === 'connected');
    expect(connected.map(({ callId }) => bench.calls.get(callId)?.anchor.number)).to.deep.equal([
      CUSTOMER,
    ]);
    for (const channel of channels) bench.ari.hangUpFarEnd(channel);
    await bench.advance(11_000);
    expect(bench.calls.size).to.equal(0);
    expect(bench.errors).to.deep.equal([]);
    await bench.stop();
  });
});
