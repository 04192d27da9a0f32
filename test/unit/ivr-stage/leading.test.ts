import { expect } from 'chai';
import type { FlowDefinition } from '../../../src/engines/ivr/flow.js';
import type {
  ConferenceId,
  ExtensionId,
  FlowId,
  QueueId,
  RingGroupId,
  SkillId,
} from '../../../src/kernel/ids.js';
import type { ConferenceConfig, RingGroupConfig } from '../../../src/telephony/directory.js';
import { ADA, CALLER, DID, type SwitchboardBench } from '../../support/switchboard-bench.js';
import { bye, endClean, flow, flowBench, heard, sales } from '../../support/flow-bench.js';

type Step = FlowDefinition['steps'][string];

const lastStep = (bench: SwitchboardBench) => bench.last('step-entered')?.label;
const phone = (bench: SwitchboardBench, name: string) => {
  const found = [...bench.ari.channels.values()].find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(`${name} does not ring`);
  return found.id;
};
const nobody: Step = { ...bye, label: 'Nobody' };

describe('A ring group', () => {
  const start = () =>
    flowBench({
      ring: {
        kind: 'ring',
        label: 'Desks',
        extensions: [1, 2, 3],
        timeoutS: 20,
        noAnswer: 'nobody',
      },
      nobody,
    });

  it('rings every phone at once; the first answer has the call, the others see it was answered elsewhere', async () => {
    const bench = await start();
    for (const number of ['2001', '2002', '2003'])
      bench.ari.farEnd(`PJSIP/${number}`, { kind: 'rings' });
    const caller = await bench.callIn();
    expect(bench.ari.log).to.include(`ring ${caller}`);
    const [one, two, three] = ['2001', '2002', '2003'].map((n) => phone(bench, `PJSIP/${n}-`));
    bench.ari.answerFarEnd(two as never);
    bench.ari.answerFarEnd(three as never);
    await bench.advance(500);
    expect(bench.ari.log).to.include.members([
      `hangup ${one ?? ''} 26`,
      `hangup ${three ?? ''} 26`,
    ]);
    expect(bench.ledger.filter((event) => event.kind === 'connected')).to.have.length(1);
    expect(bench.kinds()).to.include('recording-started');
    await endClean(bench, caller);
    expect(bench.last('call-ended')?.result).to.equal('answered');
  });

  it('goes on in the flow when nobody answers, also where no phone is there', async () => {
    const bench = await start();
    bench.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    bench.ari.farEnd('PJSIP/2002', { kind: 'busy' });
    bench.unregistered.add('2003');
    await bench.callIn();
    await bench.advance(10_000);
    expect(lastStep(bench)).to.equal('Desks');
    await bench.advance(11_000);
    expect(lastStep(bench)).to.equal('Nobody');
    await endClean(bench);
  });
});

describe('A configured ring group in a flow', () => {
  it('rings as the group says, and goes on in the flow, not where the group says', async () => {
    const group: RingGroupConfig = {
      ...{ id: 7 as RingGroupId, name: 'Sales', number: '700', strategy: 'in-turn' },
      ...{ ringMs: 10_000, prefix: '', confirms: true, elsewhere: { kind: 'hangup' } },
      members: [1, 2].map((id) => ({ kind: 'extension', id: id as ExtensionId })),
    };
    const bench = await flowBench(
      {
        ring: {
          ...{ kind: 'ring', label: 'Desks', group: 7, extensions: [], timeoutS: 20 },
          noAnswer: 'nobody',
        },
        nobody,
      },
      { ringGroups: new Map([[group.id, group]]) },
    );
    bench.ari.farEnd(/PJSIP/, { kind: 'rings' });
    await bench.callIn();
    await bench.advance(15_000);
    const rang = bench.ledger.flatMap((event) =>
      event.kind === 'leg-started' && event.role === 'extension' ? [event.number] : [],
    );
    expect(rang).to.deep.equal(['2001', '2002']);
    await bench.advance(6_000);
    expect(lastStep(bench)).to.equal('Nobody');
    await endClean(bench);
  });
});

describe('An outside number in a flow', () => {
  const start = (number: string, permission: 'local' | 'national' | 'international' = 'national') =>
    flowBench({
      dial: {
        ...{ kind: 'outside', label: 'Mobile', number, permission, callerId: 1 },
        ...{ timeoutS: 20, noAnswer: 'nobody' },
      },
      nobody,
    });

  it('is dialled on a trunk with the number of the flow, and recorded', async () => {
    const bench = await start('020 7946 0777');
    bench.ari.farEnd(/@trunk-1/, { kind: 'answers', afterMs: 1_000 });
    const caller = await bench.callIn();
    await bench.advance(2_000);
    const leg = bench.last('leg-started');
    expect(leg).to.include({ role: 'outside', number: '+442079460777' });
    expect(bench.ari.channels.get(leg?.leg as never)?.callerNumber).to.equal(DID);
    expect(bench.kinds()).to.include('connected');
    await endClean(bench, caller);
  });

  it('is not dialled where the class of the flow does not allow it, where it is ours, or an emergency', async () => {
    for (const [number, permission] of [
      ['+14155550100', 'national'],
      [DID, 'international'],
      ['999', 'international'],
      ['nonsense', 'international'],
      ['', 'international'],
    ] as const) {
      const bench = await start(number, permission);
      await bench.callIn();
      expect(
        bench.ari.log.filter((line) => line.startsWith('createChannel')),
        number,
      ).to.deep.equal([]);
      expect(lastStep(bench), number).to.equal('Nobody');
      await endClean(bench);
    }
  });

  it('goes on in the flow when nobody answers in time', async () => {
    const bench = await start('+442079460777');
    bench.ari.farEnd(/@trunk-/, { kind: 'rings' });
    await bench.callIn();
    await bench.advance(21_000);
    expect(lastStep(bench)).to.equal('Nobody');
    await endClean(bench);
  });
});

describe('A queue in a flow', () => {
  it('gets skills, tags and what is known of the call', async () => {
    const skill = 5 as SkillId;
    const bench = await flowBench({
      note: {
        ...{ kind: 'set', label: 'Note', next: 'sales' },
        assign: [
          { variable: 'need', value: 'repair', operation: 'set' },
          { variable: '_hidden', value: 'x', operation: 'set' },
        ],
      },
      sales: {
        ...sales,
        skills: [{ skill, level: 40, required: true }],
        tags: { need: '{{need}}' },
      },
    });
    const asked: unknown[] = [];
    const route = bench.route;
    bench.route = (...wanted) => {
      asked.push(wanted[3]);
      return route(...wanted);
    };
    bench.signIn(ADA);
    bench.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    const caller = await bench.callIn();
    const [call] = bench.calls.values();
    expect(asked).to.deep.equal([{ need: 'repair' }]);
    expect(call?.stage).to.deep.include({
      requirements: [{ skill, minLevel: 40, isRequired: true, relax: [] }],
    });
    expect(call?.live.context).to.deep.equal([{ name: 'need', label: '', value: 'repair' }]);
    expect(bench.last('context-passed')?.values).to.deep.equal({ need: 'repair' });
    await endClean(bench, caller);
  });
});

describe('A sub-flow', () => {
  it('runs the version that the call came in with, and comes back', async () => {
    const inner = flow(
      {
        hello: { kind: 'play', label: 'Hello', prompt: 3, bargeIn: true, next: 'back' },
        back: { kind: 'return', label: 'Back' },
      },
      7 as FlowId,
      'Greeting',
    );
    const bench = await flowBench(
      {
        go: { kind: 'sub-flow', label: 'Greet', flow: 7, next: 'bye' },
        bye: { ...bye, prompt: 4 },
      },
      {},
      [inner],
    );
    const caller = await bench.callIn();
    await bench.advance(3_000);
    expect(heard(bench, caller)).to.deep.equal(['prompt-3', 'prompt-4']);
    const entered = bench.ledger.flatMap((one) => (one.kind === 'flow-entered' ? [one.name] : []));
    expect(entered).to.deep.equal(['Main', 'Greeting']);
    await endClean(bench);
  });
});

describe('A callback in a flow', () => {
  const steps: FlowDefinition['steps'] = {
    offer: {
      ...{ kind: 'callback', label: 'Call back', queue: 1, number: '{{caller_number}}' },
      ...{ accepted: 'bye', declined: 'nobody' },
    },
    bye,
    nobody,
  };

  it('is taken by key 1, and counts as one', async () => {
    const bench = await flowBench(steps);
    const caller = await bench.callIn();
    expect(heard(bench, caller)).to.deep.equal(['callback-offer']);
    await bench.press(caller, '1');
    expect(bench.last('callback-asked')).to.include({ number: CALLER, queueId: 1 as QueueId });
    expect([...bench.callbackRows.rows.values()]).to.have.length(1);
    await bench.advance(1_000);
    expect(bench.last('call-ended')?.result).to.equal('callback');
    await endClean(bench);
  });

  it('counts as one whose caller hangs up once it is taken', async () => {
    const thanks: Step = { kind: 'play', label: 'Thanks', prompt: 3, bargeIn: false, next: 'bye' };
    const bench = await flowBench({
      ...steps,
      offer: { ...steps['offer'], accepted: 'thanks' } as Step,
      thanks,
    });
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    expect(lastStep(bench)).to.equal('Thanks');
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(100);
    expect(bench.last('call-ended')).to.include({ result: 'callback', endedBy: 'caller' });
    await endClean(bench);
  });

  it('is declined by any other key, or none', async () => {
    const bench = await flowBench(steps);
    await bench.callIn();
    await bench.advance(12_000);
    expect(lastStep(bench)).to.equal('Nobody');
    expect(bench.callbackRows.rows.size).to.equal(0);
    await endClean(bench);
  });
});

describe('A message in a flow', () => {
  const start = () =>
    flowBench({
      record: {
        ...{ kind: 'record', label: 'Complaint', prompt: 5, maxS: 30, endKey: '*', queue: 1 },
        ...{ variable: 'message', next: 'bye', nothing: 'nobody' },
      },
      bye,
      nobody,
    });

  it('is kept with its owner, and its id is known to the flow', async () => {
    const bench = await start();
    const caller = await bench.callIn();
    await bench.advance(1_500);
    bench.ari.speak(caller, 4_000);
    await bench.advance(3_000);
    const [call] = bench.calls.values();
    await bench.press(caller, '*');
    expect(bench.last('voicemail-left')).to.include({ queueId: 1 as QueueId });
    expect(call?.context[0]).to.include({
      name: 'message',
      value: bench.last('voicemail-left')?.recordingId,
    });
    await endClean(bench);
  });

  it('begins with a key during its prompt; the key that ends it says nothing to the next step', async () => {
    const bench = await flowBench({
      record: {
        ...{ kind: 'record', label: 'Complaint', prompt: 5, maxS: 30, endKey: '#', queue: 1 },
        ...{ variable: 'message', next: 'menu', nothing: 'nobody' },
      },
      menu: {
        ...{ kind: 'menu', label: 'Menu', prompt: 4, timeoutS: 5, retries: 0 },
        ...{ choices: { '9': 'bye' }, noInput: 'nobody', wrongKey: 'wrong' },
      },
      bye,
      nobody,
      wrong: { ...bye, label: 'Wrong' },
    });
    const caller = await bench.callIn();
    await bench.press(caller, '#');
    expect(heard(bench, caller)).to.deep.equal(['prompt-5', 'say-beep']);
    await bench.advance(1_000);
    bench.ari.speak(caller, 4_000);
    await bench.advance(3_000);
    await bench.press(caller, '1#');
    expect(bench.kinds()).to.include('voicemail-left');
    expect(lastStep(bench)).to.equal('Menu');
    await bench.press(caller, '9');
    expect(lastStep(bench)).to.equal('Bye');
    await endClean(bench);
  });

  it('counts when its speaker hangs up, and is none when nothing was said', async () => {
    const bench = await start();
    const caller = await bench.callIn();
    await bench.advance(1_500);
    bench.ari.speak(caller, 4_000);
    await bench.advance(3_000);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(100);
    expect(bench.kinds()).to.include('voicemail-left');
    expect(bench.last('call-ended')?.result).to.equal('voicemail');
    await endClean(bench);

    const silent = await start();
    await silent.callIn();
    await silent.advance(20_000);
    expect(lastStep(silent)).to.equal('Nobody');
    await endClean(silent);
  });
});

describe('A conference', () => {
  const room: ConferenceConfig = {
    ...{ id: 3 as ConferenceId, name: 'Board', number: '8000', hostPin: '', guestPin: '' },
    ...{ guestsWait: false, endsWithHost: false, maxMembers: 0 },
    ...{ announces: 'number', records: 'never', invites: 'internal' },
  };
  const start = (changes: Partial<ConferenceConfig> = {}) => {
    const config = { ...room, ...changes };
    return flowBench(
      { meet: { kind: 'conference', label: 'Board', room: 3 } },
      {
        conferences: new Map([[config.id, config]]),
        conferencesByNumber: new Map([[config.number, config]]),
      },
    );
  };

  it('brings callers from outside and from desks together, and is gone when the last one leaves', async () => {
    const bench = await start();
    const one = await bench.callIn();
    expect(heard(bench, one)).to.deep.equal(['conference-alone']);
    await bench.advance(1_500);
    const two = bench.ari.arrive({ endpoint: '2001', args: ['phone', '8000'] });
    await bench.settle();
    await bench.advance(1_500);
    const [bridge] = [...bench.ari.bridges.values()];
    expect([...(bridge?.channels ?? [])]).to.have.members([one, two]);
    expect(bench.ari.log.some((line) => line.includes('number-joined'))).to.equal(true);
    bench.ari.hangUpFarEnd(one);
    await bench.advance(100);
    expect(bench.ari.bridges.size).to.equal(1);
    await endClean(bench, two);
    expect(bench.last('call-ended')?.result).to.equal('answered');
  });

  it('lets in whoever knows the PIN, and nobody who does not after three tries', async () => {
    const bench = await start({ guestPin: '4711' });
    const caller = await bench.callIn();
    await bench.press(caller, '1234#');
    expect(heard(bench, caller).at(-1)).to.equal('wrong-pin enter-pin');
    await bench.press(caller, '4711#');
    await bench.advance(2_000);
    expect(bench.kinds()).to.include('conference-joined');
    await endClean(bench, caller);

    const refused = await start({ guestPin: '4711' });
    const other = await refused.callIn();
    for (const typed of ['1#', '2#', '3#']) await refused.press(other, typed);
    await refused.advance(3_000);
    expect(refused.last('call-ended')).to.include({ result: 'refused', reason: 'wrong-pin' });
    await endClean(refused);
  });
});
