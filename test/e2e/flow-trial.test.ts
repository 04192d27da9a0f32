import { expect } from 'chai';
import { KnexFlowFigures } from '../../src/features/ivr-flows/knex-flow-figures.js';
import { KnexFlowTrials } from '../../src/features/ivr-flows/index.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { FlowTrialId } from '../../src/kernel/ids.js';
import type { TrialNews } from '../../src/telephony/flow-trials.js';
import {
  agentIs,
  CALLED_HZ,
  CALLER_HZ,
  makeAvailable,
  newCaller,
  storyOf,
  useLab,
} from '../support/lab.js';
import { DIDS, TONES } from '../support/lab-company.js';

/** It is Sunday there, far from now. */
const SUNDAY = Date.UTC(2027, 0, 3, 12, 0);

describe('a test call of a draft', function () {
  this.timeout(60_000);
  const lab = useLab();

  it('rings a phone, runs the draft at the time that it pretends, reaches an agent, and is counted nowhere', async () => {
    const { product, carrier, company, configuration } = lab;
    const { prompts, queues } = company;
    const steps = {
      start: 'hours',
      steps: {
        hours: {
          ...{ kind: 'hours' as const, label: 'Weekend', closedDates: [] },
          periods: [{ days: [7], fromMinute: 600, toMinute: 1_000 }],
          ...{ open: 'menu', closed: 'bye' },
        },
        menu: {
          ...{ kind: 'menu' as const, label: 'Menu', prompt: prompts.menu, timeoutS: 5 },
          ...{ retries: 1, choices: { '1': 'main' }, noInput: 'bye', wrongKey: 'bye' },
        },
        main: { kind: 'queue' as const, label: 'Main', queue: queues.main, priority: 0 },
        bye: { kind: 'hangup' as const, label: 'Bye', prompt: prompts.goodbye },
      },
    };
    const flow = await configuration.flows.create(SYSTEM_ACTOR, {
      name: 'Tried',
      definition: { start: 'bye', steps: { bye: steps.steps.bye } },
    });
    const from = newCaller();
    const trial = await new KnexFlowTrials(product.database).insert({
      ...{ flow, extension: '2003', to: DIDS.menu, from, fromName: 'Test call by Grace' },
      ...{ moment: SUNDAY, handsOver: true, definition: steps, user: undefined },
    });
    await makeAvailable(lab, 'ann');
    const rings = carrier.ringsAt('2003', 10_000);
    await product.order({ kind: 'try-flow', trial, title: 'Tried' });
    const phone = await rings;
    expect(phone.shown.name).to.equal('Tried');
    await phone.answer();
    const ear = await phone.listen();
    await ear.waitForTone(TONES.menu.en, 8_000);
    const agentRings = carrier.ringsAt('2001', 8_000);
    await phone.press('1');
    const agent = await agentRings;
    expect(agent.shown.name).to.contain('Test call by Grace');
    await agent.answer();
    const agentEar = await agent.listen();
    await Promise.all([phone.say(CALLER_HZ), agent.say(CALLED_HZ)]);
    await Promise.all([ear.waitForTone(CALLED_HZ, 8_000), agentEar.waitForTone(CALLER_HZ, 8_000)]);
    const shown = await product.nowHas('the test call', 3_000, (now) =>
      now.calls.find((one) => one.from === from),
    );
    expect(shown.fromName).to.equal('Test call by Grace');
    await phone.hangUp();
    await agentIs(lab, 'ann', 'available');
    const story = await storyOf(lab, from);
    expect(story.row).to.include({ test: 1, result: 'answered', direction: 'internal' });
    const told = await newsOf(trial);
    const events = told.flatMap((one) => (one.kind === 'event' ? [one.event.kind] : []));
    expect(events).to.deep.equal(story.events.map(({ kind }) => kind));
    const period = { startAt: 0, endAt: Date.now() + 60_000 };
    expect((await new KnexFlowFigures(product.database).totals(period)).get(flow)).to.equal(
      undefined,
    );
  });

  const newsOf = async (trial: FlowTrialId): Promise<readonly TrialNews[]> =>
    (await lab.product.redis.lrange(`cb:flow-trial:${String(trial)}`, 0, -1)).map(
      (text) => JSON.parse(text) as TrialNews,
    );
});
