import { expect } from 'chai';
import { answering, busy, declining, ringing } from '../../src/demo/carrier.js';
import { SIP_PHONE_HZ, SipPhone } from '../support/sip-phone.js';
import { TONES } from '../support/lab-company.js';
import {
  agentIs,
  callIn,
  kindsOf,
  makeAvailable,
  newCaller,
  pbxAddress,
  storyOf,
  talk,
  useLab,
} from '../support/lab.js';

describe('a queue', function () {
  this.timeout(40_000);
  const lab = useLab();

  it('offers the next agent when one does not answer, and says why', async () => {
    await makeAvailable(lab, 'ann');
    await makeAvailable(lab, 'bob');
    lab.carrier.at('2001', ringing);
    const from = newCaller();
    const second = lab.carrier.ringsAt('2002', 15_000);
    const caller = await callIn(lab, 'queue', from);
    const agent = await second;
    await talk(caller, agent);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    const offers = story.events.flatMap((event) =>
      event.kind === 'offer-ended' ? [[event.agentName, event.outcome]] : [],
    );
    expect(offers).to.deep.equal([
      ['Ann', 'no-answer'],
      ['Bob', 'answered'],
    ]);
    expect(story.row).to.include({
      result: 'answered',
      agent_id: lab.company.agents.bob.id,
    });
    await agentIs(lab, 'ann', 'not-ready', 'available');
  });

  it('offers the next agent when a phone is busy, declines, or is gone', async () => {
    await makeAvailable(lab, 'ann');
    await makeAvailable(lab, 'bob');
    for (const [behaviour, outcome] of [
      [busy, 'busy'],
      [declining, 'declined'],
    ] as const) {
      const stop = [lab.carrier.at('2001', behaviour), lab.carrier.at('2002', answering(0, 600))];
      const from = newCaller();
      const caller = await callIn(lab, 'queue', from);
      await caller.ear.waitForTone(600, 10_000);
      await caller.hangUp();
      const story = await storyOf(lab, from);
      const offers = story.events.flatMap((event) =>
        event.kind === 'offer-ended' ? [event.outcome] : [],
      );
      // The one who has been idle longer comes first: either is right.
      expect(offers.at(-1)).to.equal('answered');
      if (offers.length > 1) expect(offers[0]).to.equal(outcome);
      for (const undo of stop) undo();
      await lab.product.order({ kind: 'agent-available', agentId: lab.company.agents.ann.id });
      await agentIs(lab, 'ann', 'available');
      await agentIs(lab, 'bob', 'available');
    }
  });

  it('serves whoever waits longest, and tells pages who waits', async () => {
    const [first, second] = [newCaller(), newCaller()];
    const one = await callIn(lab, 'queue', first);
    const two = await callIn(lab, 'queue', second);
    await lab.product.nowHas('two who wait', 5_000, (now) =>
      now.queues.some(
        (queue) =>
          queue.name === 'Main' &&
          queue.waiting.map((w) => w.from).join() === [first, second].join(),
      ),
    );
    const rings = lab.carrier.ringsAt('2001', 10_000);
    await makeAvailableWhileWaiting('ann');
    const agent = await rings;
    expect(agent.shown.number).to.equal(first);
    await talk(one, agent);
    const again = lab.carrier.ringsAt('2001', 10_000);
    await one.hangUp();
    const next = await again;
    expect(next.shown.number).to.equal(second);
    await talk(two, next);
    await two.hangUp();
    expect((await storyOf(lab, first)).row.result).to.equal('answered');
    expect((await storyOf(lab, second)).row.result).to.equal('answered');
  });

  /** As `makeAvailable`, but the agent rings at once. */
  async function makeAvailableWhileWaiting(key: 'ann'): Promise<void> {
    const agent = lab.company.agents[key];
    const extensionId = lab.company.extensions.get(agent.extension);
    if (extensionId === undefined) throw new Error('no extension');
    await lab.product.order({ kind: 'agent-sign-in', agentId: agent.id, extensionId });
    await lab.product.order({ kind: 'agent-available', agentId: agent.id });
  }

  it('stops ringing when the caller leaves, and the agent stays available', async () => {
    await makeAvailable(lab, 'ann');
    const from = newCaller();
    const rings = lab.carrier.ringsAt('2001', 8_000);
    const caller = await callIn(lab, 'queue', from);
    const agent = await rings;
    await caller.hangUp();
    await agent.ended(5_000);
    await agentIs(lab, 'ann', 'available');
    const story = await storyOf(lab, from);
    expect(story.row).to.include({ result: 'abandoned', ended_by: 'caller' });
    const ends = story.events.flatMap((event) =>
      event.kind === 'offer-ended' ? [event.outcome] : [],
    );
    expect(ends).to.deep.equal(['caller-left']);
  });

  it('ends cleanly whenever the caller leaves around the moment of the answer', async () => {
    await makeAvailable(lab, 'ann');
    for (const afterMs of [0, 1, 3, 10, 30]) {
      const from = newCaller();
      const rings = lab.carrier.ringsAt('2001', 8_000);
      const caller = await callIn(lab, 'queue', from);
      const agent = await rings;
      const answered = agent.answer();
      const left =
        afterMs === 0
          ? caller.hangUp()
          : new Promise((resolve) => setTimeout(resolve, afterMs)).then(() => caller.hangUp());
      await Promise.all([answered, left]);
      await agent.ended(5_000);
      await agentIs(lab, 'ann', 'available');
      const story = await storyOf(lab, from);
      expect(['abandoned', 'answered'], `after ${String(afterMs)} ms`).to.include(story.row.result);
      expect(story.events.at(-1)?.kind).to.equal('call-ended');
      await lab.product.isIdle();
    }
  });

  it('without anybody signed in sends its callers where the overflow says', async () => {
    const from = newCaller();
    const caller = await callIn(lab, 'emptyQueue', from);
    // The mailbox asks for a message.
    await caller.ear.waitForSound(5_000);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    const left = story.events.find((event) => event.kind === 'queue-left');
    expect(left).to.include({ outcome: 'overflowed' });
    expect(story.row.queue_id).to.equal(lab.company.queues.empty);
  });

  it('plays its announcement, and sends callers on when the wait is over', async () => {
    const from = newCaller();
    const caller = await callIn(lab, 'patience', from);
    await caller.ended(20_000);
    const story = await storyOf(lab, from);
    expect(story.row).to.include({ result: 'overflowed', ended_by: 'system' });
    expect(story.row.wait_ms).to.be.within(9_500, 12_500);
  });

  it('does not let two agents share a phone', async () => {
    await makeAvailable(lab, 'bob');
    const { cleo, bob } = lab.company.agents;
    const extensionId = lab.company.extensions.get('2002');
    if (extensionId === undefined) throw new Error('no extension');
    const answer = await lab.product.desk.ask({
      kind: 'agent-sign-in',
      agentId: cleo.id,
      extensionId,
    });
    expect(answer).to.deep.equal({ ok: false, code: 'extension-taken', detail: bob.name });
    const rings = lab.carrier.ringsAt('2002', 8_000);
    const from = newCaller();
    const caller = await callIn(lab, 'queue', from);
    const agent = await rings;
    await talk(caller, agent);
    await caller.hangUp();
    expect((await storyOf(lab, from)).row.agent_id).to.equal(bob.id);
  });

  it('offers nothing to an agent whose phone is gone, and offers again when it is back', async () => {
    const account = {
      number: '2101',
      password: lab.company.phonePassword('2101'),
      server: pbxAddress(lab),
    };
    const extensionId = lab.company.extensions.get('2101');
    if (extensionId === undefined) throw new Error('no extension');
    const { ann } = lab.company.agents;
    const phone = await SipPhone.start(account);
    try {
      await registered('2101', true);
      await lab.product.order({ kind: 'agent-sign-in', agentId: ann.id, extensionId });
      await lab.product.order({ kind: 'agent-available', agentId: ann.id });
    } finally {
      await phone.stop();
    }
    await agentIs(lab, 'ann', 'phone-lost');
    const from = newCaller();
    const caller = await callIn(lab, 'queue', from);
    await caller.ear.waitForSound(5_000);
    const again = await SipPhone.start(account, true);
    try {
      await caller.ear.waitForTone(SIP_PHONE_HZ, 20_000);
      await caller.hangUp();
    } finally {
      await again.stop();
    }
    const story = await storyOf(lab, from);
    expect(story.row.result).to.equal('answered');
    expect(kindsOf(story).filter((kind) => kind === 'offered')).to.have.length(1);
    await registered('2101', false);
  });

  const registered = (number: string, is: boolean): Promise<boolean> =>
    lab.product.nowHas(`${number} registered: ${String(is)}`, 15_000, (now) =>
      now.extensions.some((e) => e.number === number && e.registered === is),
    );

  it('refuses a sign-in at a phone that is not registered', async () => {
    const extensionId = lab.company.extensions.get('2101');
    if (extensionId === undefined) throw new Error('no extension');
    await registered('2101', false);
    const { id } = lab.company.agents.ann;
    expect(
      await lab.product.desk.ask({ kind: 'agent-sign-in', agentId: id, extensionId }),
    ).to.include({ ok: false, code: 'phone-not-registered' });
  });

  it('lets callers leave in the prompt before it', async () => {
    const from = newCaller();
    const caller = await callIn(lab, 'menu', from);
    await caller.ear.waitForTone(TONES.menu.en, 5_000);
    await caller.hangUp();
    expect((await storyOf(lab, from)).row).to.include({ result: 'contained', ended_by: 'caller' });
  });
});
