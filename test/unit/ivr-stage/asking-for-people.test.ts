import { expect } from 'chai';
import type { FlowDefinition } from '../../../src/engines/ivr/flow.js';
import type { ExtensionId } from '../../../src/kernel/ids.js';
import type { DirectorySnapshot, ExtensionConfig } from '../../../src/telephony/directory.js';
import { bye, endClean, flowBench, heard } from '../../support/flow-bench.js';
import { demoDirectory, SALES } from '../../support/switchboard-bench.js';

type Step = Extract<FlowDefinition['steps'][string], { kind: 'dial-name' | 'dial-extension' }>;

const NAMES = ['Ada Finch', 'Adam Frost', 'Ben Okafor'];
/** Extensions 2001 to 2003 with names. */
function named(changes: Partial<ExtensionConfig> = {}): Partial<DirectorySnapshot> {
  const { extensions } = demoDirectory();
  const people = [...extensions.values()].map((one, at) => ({
    ...one,
    name: NAMES[at] ?? one.name,
    ...(at === 0 ? changes : {}),
  }));
  return {
    extensions: new Map(people.map((one) => [one.id, one])),
    extensionsByNumber: new Map(people.map((one) => [one.number, one])),
  };
}

const start = (
  kind: Step['kind'],
  directory: Partial<DirectorySnapshot> = {},
  step: Partial<Step> = {},
) =>
  flowBench(
    {
      ask: { kind, label: 'Whom', tries: 2, nobody: 'bye', ...step },
      bye: { ...bye, prompt: 9 },
    },
    { ...named(), ...directory },
  );

describe('A caller who asks for somebody', () => {
  it('types letters, hears who fits, and is connected with the one who is taken', async () => {
    const bench = await start('dial-name');
    const caller = await bench.callIn();
    expect(heard(bench, caller)[0]).to.contain('directory-name');
    await bench.press(caller, '232#');
    expect(heard(bench, caller).at(-1))
      .to.contain('directory-number')
      .and.contain('directory-take');
    await bench.press(caller, '#');
    await bench.press(caller, '1');
    expect(bench.ari.log.some((line) => line.includes('PJSIP/2002'))).to.equal(true);
    expect(bench.last('key-pressed')).to.include({ digits: '232', accepted: true });
    await endClean(bench, caller);
  });

  it('hears the name as its owner says it', async () => {
    const bench = await start('dial-name', named({ nameSound: 'own-voice' }));
    const caller = await bench.callIn();
    await bench.press(caller, '2323#');
    await bench.advance(0);
    expect(heard(bench, caller).some((files) => files.startsWith('own-voice'))).to.equal(true);
    await endClean(bench, caller);
  });

  it('does not find who is left out, hears that nobody fits, and goes on after the tries', async () => {
    const bench = await start('dial-name', named({ isUnlisted: true }));
    const caller = await bench.callIn();
    await bench.press(caller, '23234#');
    expect(heard(bench, caller).at(-1)).to.contain('directory-none');
    await bench.press(caller, '99999#');
    await bench.advance(10_000);
    expect(bench.last('step-left')).to.include({ exit: 'nobody' });
    expect(heard(bench, caller).at(-1)).to.contain('prompt-9');
    await endClean(bench, caller);
  });

  it('says that nothing was entered', async () => {
    const bench = await start('dial-name');
    const caller = await bench.callIn();
    await bench.press(caller, '#');
    expect(heard(bench, caller).at(-1)).to.contain('directory-nothing');
    await endClean(bench, caller);
  });

  it('is connected by the number of an extension, as soon as it is whole', async () => {
    const bench = await start('dial-extension');
    const caller = await bench.callIn();
    await bench.press(caller, '2003');
    expect(bench.ari.log.some((line) => line.includes('PJSIP/2003'))).to.equal(true);
    await endClean(bench, caller);
  });

  it('may type the number while the greeting plays', async () => {
    const bench = await flowBench(
      {
        hello: { kind: 'play', label: 'Hello', prompt: 1, bargeIn: true, next: 'ask' },
        ask: { kind: 'dial-extension', label: 'Whom', tries: 2, nobody: 'bye' },
        bye,
      },
      named(),
    );
    const caller = await bench.callIn();
    await bench.press(caller, '2003');
    expect(bench.ari.log.some((line) => line.includes('PJSIP/2003'))).to.equal(true);
    await endClean(bench, caller);
  });

  it('reaches the operator by 0 where there is one, and does not hear of one elsewhere', async () => {
    const none = await start('dial-extension');
    const first = await none.callIn();
    expect(heard(none, first)[0]).not.to.contain('directory-operator');
    await endClean(none, first);
    const bench = await start('dial-extension', {
      operator: { number: '0', target: { kind: 'queue', id: SALES } },
    });
    const caller = await bench.callIn();
    expect(heard(bench, caller)[0]).to.contain('directory-operator');
    await bench.press(caller, '0');
    expect(bench.last('queue-entered')).to.include({ queueId: SALES });
    await endClean(bench, caller);
  });

  it('goes back to the flow where whoever was chosen does not answer', async () => {
    const bench = await start('dial-extension', {}, { noAnswer: 'bye' });
    const caller = await bench.callIn();
    await bench.press(caller, '2003');
    await bench.advance(25_000);
    expect(bench.last('step-left')).to.include({ exit: 'no-answer' });
    await endClean(bench, caller);
  });
});

describe('The operator from a desk phone', () => {
  it('is reached by the number that was set', async () => {
    const bench = await start('dial-name', {
      operator: { number: '9', target: { kind: 'extension', id: 3 as ExtensionId } },
    });
    const phone = bench.ari.arrive({
      callerNumber: '2001',
      endpoint: '2001',
      args: ['phone', '9'],
    });
    await bench.advance(0);
    expect(bench.ari.log.some((line) => line.includes('PJSIP/2003'))).to.equal(true);
    await endClean(bench, phone);
  });
});

describe('The own name', () => {
  it('is recorded by a code, heard, and kept', async () => {
    const bench = await start('dial-name');
    const phone = bench.ari.arrive({
      ...{ callerNumber: '2001', endpoint: '2001' },
      args: ['phone', '*96'],
    });
    await bench.advance(3_000);
    bench.ari.speak(phone, 2_000);
    await bench.advance(3_000);
    await bench.press(phone, '#');
    await bench.press(phone, '1');
    await bench.advance(5_000);
    expect([...bench.spokenNames.keys()]).to.deep.equal([1]);
    expect(bench.last('call-ended')).to.include({ result: 'contained', reason: 'name-kept' });
    await endClean(bench);
  });
});
