import { expect } from 'chai';
import { KnexCallbackStore } from '../../../src/features/callbacks/index.js';
import {
  newCallId,
  newId,
  type AgentId,
  type CallbackId,
  type QueueId,
} from '../../../src/kernel/ids.js';
import { callbackOf } from '../../support/callbacks-site.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';

describe('the table of callbacks', function () {
  this.timeout(60_000);
  let at: CallsSite;
  let store: KnexCallbackStore;

  before(async () => {
    at = await CallsSite.start();
    store = new KnexCallbackStore(at.site.parts.database);
  });
  after(() => at.site.stop());
  beforeEach(() => at.clear());

  const row = (id: CallbackId): Promise<Record<string, unknown>> =>
    at.site.parts.database('callbacks').where({ id }).first('*') as Promise<
      Record<string, unknown>
    >;

  it('gives back what was kept, to the millisecond', async () => {
    const callback = callbackOf({
      requirements: [{ skill: 3, isRequired: true, minLevel: 50, relax: [] }] as never,
      language: 'zh-CN',
      priority: 7,
      name: '李雷 "O\'Neil" 😀',
      attributes: { need: '退货 "now"', 'customer-value': '7' },
      context: [{ name: 'order', label: 'Order number', value: '10457' }],
      sticky: { agent: 2 as AgentId, forMs: 90_000 },
    });
    expect(await store.add(callback)).to.equal(true);
    expect(await store.open()).to.deep.equal([callback]);
  });

  it('keeps one open callback to a number, also of two that come at once', async () => {
    const added = await Promise.all(
      Array.from({ length: 8 }, () => store.add(callbackOf({ id: newId() as CallbackId }))),
    );
    expect(added.filter(Boolean)).to.have.length(1);
    expect(await store.open()).to.have.length(1);
  });

  it('lets a number ask again when its callback is over', async () => {
    for (const state of [
      'done',
      'failed',
      'cancelled',
      'returned',
      'expired',
      'queue-gone',
    ] as const) {
      const callback = callbackOf();
      expect(await store.add(callback), state).to.equal(true);
      await store.update(callback.id, { state });
      expect((await row(callback.id))['closed_at'], state).to.be.an.instanceOf(Date);
    }
    expect(await store.open()).to.deep.equal([]);
  });

  it('notes tries, who tried and how it went, and gives them in the order of the line', async () => {
    const late = callbackOf({ number: '+442079460002', enteredAt: Date.now() - 1_000 });
    const early = callbackOf({ number: '+442079460001', enteredAt: Date.now() - 90_000 });
    await store.add(late);
    await store.add(early);
    const lastCallId = newCallId();
    const notBefore = Date.now() + 600_000;
    await store.update(early.id, { state: 'calling', agentId: 2 as AgentId, lastCallId });
    await store.update(early.id, {
      state: 'waiting',
      attempts: 1,
      notBefore,
      lastOutcome: 'busy',
    });
    const [first, second] = await store.open();
    expect(first).to.include({
      ...{ id: early.id, state: 'waiting', attempts: 1, notBefore, lastCallId, agentId: 2 },
    });
    expect(second?.id).to.equal(late.id);
    expect((await row(early.id))['last_outcome']).to.equal('busy');
    await store.update(early.id, { notBefore: 0 });
    expect((await store.open())[0]?.notBefore).to.equal(0);
  });

  it('notes what a supervisor changed, and until when the queue is closed', async () => {
    const callback = callbackOf();
    await store.add(callback);
    const heldUntil = Date.now() + 600_000;
    const sticky = { agent: 3 as AgentId, forMs: 60_000 };
    await store.update(callback.id, { priority: 40, sticky, heldUntil });
    expect(await store.open()).to.deep.equal([{ ...callback, priority: 40, sticky, heldUntil }]);
    await store.update(callback.id, { heldUntil: 0 });
    expect((await store.open())[0]?.heldUntil).to.equal(0);
  });

  it('reads callbacks of earlier releases, of which nothing is known', async () => {
    const callback = callbackOf();
    await store.add(callback);
    await at.site.parts.database('callbacks').update({ known: null });
    expect(await store.open()).to.deep.equal([callback]);
  });

  it('takes none for an archived queue, and opens none of one again', async () => {
    const queues = () => at.site.parts.database('queues').where({ id: COMPANY.billing });
    const cancelled = callbackOf({ queueId: COMPANY.billing as QueueId });
    await store.add(cancelled);
    await store.update(cancelled.id, { state: 'cancelled' });
    await queues().update({ archived_at: new Date() });
    try {
      expect(await store.add(callbackOf({ queueId: COMPANY.billing as QueueId }))).to.equal(false);
      expect(await store.reopen(cancelled.id)).to.equal(undefined);
    } finally {
      await queues().update({ archived_at: null });
    }
    expect(await store.reopen(cancelled.id)).to.deep.include({ id: cancelled.id });
  });

  it('opens a cancelled one again with its place, and nothing else', async () => {
    const callback = callbackOf();
    await store.add(callback);
    expect(await store.reopen(callback.id)).to.equal(undefined);
    await store.update(callback.id, { state: 'cancelled' });
    const again = await store.reopen(callback.id);
    expect(again).to.deep.include({ state: 'waiting', enteredAt: callback.enteredAt });
    expect((await row(callback.id))['closed_at']).to.equal(null);
    expect(await store.add(callbackOf())).to.equal(false);
    await store.update(callback.id, { state: 'cancelled' });
    expect(await store.add(callbackOf())).to.equal(true);
    expect(await store.reopen(callback.id), 'the number has another').to.equal(undefined);
    expect(await store.reopen(newId() as CallbackId)).to.equal(undefined);
  });
});
