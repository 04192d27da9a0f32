import { expect } from 'chai';
import { KnexLedgerStore } from '../../../src/adapters/ledger/knex-ledger-store.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import type { ChannelId, FlowId } from '../../../src/kernel/ids.js';
import { CallScript } from '../../support/call-events.js';
import { smallFlow, useFlowSite } from '../../support/flow-site.js';

describe('what callers did in a flow', function () {
  this.timeout(60_000);
  const at = useFlowSite();
  let flow: FlowId;

  before(async () => {
    flow = await at.flows.create(SYSTEM_ACTOR, { name: 'Line', definition: smallFlow(at) });
    const now = at.site.parts.clock.now();
    await write(calls(now - 60_000, { handed: 6, contained: 2, dropped: 1, test: 1 }));
    await write(calls(now - 20 * 24 * 3_600_000, { handed: 3, contained: 0, dropped: 0, test: 0 }));
  });

  const write = async (scripts: readonly CallScript[]): Promise<void> => {
    const store = new KnexLedgerStore(at.site.parts.database);
    await store.write(
      scripts.flatMap(({ events }) =>
        events.map((event) => ({ kind: 'call-event' as const, event })),
      ),
    );
  };

  /** Calls of each end; test calls are handed over, too. */
  function calls(
    startedAt: number,
    counts: Readonly<Record<'handed' | 'contained' | 'dropped' | 'test', number>>,
  ): CallScript[] {
    return Object.entries(counts).flatMap(([end, count]) =>
      Array.from({ length: count }, () => {
        const call = new CallScript(startedAt);
        call.happens(0, {
          ...{ kind: 'call-arrived', channel: 'c' as ChannelId, direction: 'inbound' },
          ...{ from: '+442079460123', fromName: '', to: '+448005550110', node: 'pbx-1' },
          test: end === 'test',
        });
        call.happens(0, { kind: 'flow-entered', flowId: flow, version: 1, name: 'Line' });
        enter(call, 'menu', 'menu');
        if (end === 'dropped') return finish(call, 'caller');
        const exit = end === 'contained' ? 'key-2' : 'key-1';
        call.happens(4_000, { kind: 'step-left', flowId: flow, step: 'menu', exit, ms: 4_000 });
        if (end === 'contained') enter(call, 'bye', 'hangup');
        else enter(call, 'sales', 'queue');
        return finish(call, 'system');
      }),
    );
  }
  const enter = (call: CallScript, step: string, stepKind: string): CallScript =>
    call.happens(0, { kind: 'step-entered', flowId: flow, step, stepKind, label: step });
  const finish = (call: CallScript, endedBy: 'caller' | 'system'): CallScript =>
    call.happens(2_000, {
      ...{ kind: 'call-ended', result: 'contained', endedBy, cause: 16, reason: '' },
    });

  /** The text of a page, without its tags. */
  const textOf = async (path: string): Promise<string> => {
    const page = await at.admin.get(path);
    expect(page.status).to.equal(200);
    return page.text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
  };

  it('counts each ended call once, by what became of it, and leaves test calls out', async () => {
    const text = await textOf(`/setup/ivr/${String(flow)}/figures`);
    expect(text).to.match(/failed\. 9 Contained /);
    expect(text)
      .to.match(/Contained .* 2 22\.2%/)
      .and.match(/Handed over .* 6 66\.7%/);
    expect(text).to.match(/Hung up .* 1 11\.1%/);
  });

  it('shows by which exit a step was left, how often callers hung up there, and how long it took', async () => {
    const text = await textOf(`/setup/ivr/${String(flow)}/figures`);
    expect(text).to.match(/6 · 66\.7% .*2 · 22\.2% .*9 1 11\.1% 0:03/);
  });

  it('takes the period that is asked for', async () => {
    const text = await textOf(`/setup/ivr/${String(flow)}/figures?period=last-30d`);
    expect(text).to.match(/failed\. 12 Contained /);
  });

  it('gives the figures of seven days on the list of flows', async () => {
    expect(await textOf('/setup/ivr')).to.match(/Line .* 9 22\.2% 11\.1%/);
  });
});
