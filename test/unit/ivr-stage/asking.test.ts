import { expect } from 'chai';
import type { FlowDefinition } from '../../../src/engines/ivr/flow.js';
import type { Fetched } from '../../../src/telephony/self-service.js';
import { CALLER, SwitchboardBench } from '../../support/switchboard-bench.js';
import { bye, endClean, flowBench, heard, sales } from '../../support/flow-bench.js';

type Http = Extract<FlowDefinition['steps'][string], { kind: 'http' }>;

const http = (changes: Partial<Http> = {}): Http => ({
  ...{ kind: 'http', label: 'Order', method: 'GET', url: 'https://shop.example/{{caller_number}}' },
  ...{ headers: [], contentType: 'application/json', timeoutMs: 10_000, idempotent: true },
  answers: [{ variable: 'status', path: 'status' }],
  ...{ next: 'say', error: 'failed' },
  ...changes,
});
const rest: FlowDefinition['steps'] = {
  say: { kind: 'say', label: 'Say', value: '{{status}}', as: 'number', bargeIn: true, next: 'bye' },
  bye,
  failed: { ...bye, label: 'Failed', prompt: 9 },
};
/** An answer that comes when the test says so. */
function later(bench: SwitchboardBench) {
  const state: { answer: (value: Fetched) => void; signal?: AbortSignal; keys: string[] } = {
    answer: () => undefined,
    keys: [],
  };
  bench.selfService.fetch = (request, signal) => {
    state.keys.push(request.idempotencyKey ?? '');
    state.signal = signal;
    return new Promise((resolve) => {
      state.answer = resolve;
    });
  };
  return state;
}

describe('A flow that asks another system', () => {
  it('says what it was told; a quick answer is waited for in silence', async () => {
    const bench = await flowBench({ ask: http(), ...rest });
    const asked: string[] = [];
    bench.selfService.fetch = (request) => {
      asked.push(request.url);
      return Promise.resolve({ kind: 'fetched', variables: { status: '21' } });
    };
    const caller = await bench.callIn();
    expect(asked).to.deep.equal([`https://shop.example/${encodeURIComponent(CALLER)}`]);
    expect(heard(bench, caller)).to.deep.equal(['say-number-21']);
    expect(bench.ari.log.some((line) => line.startsWith('startMusic'))).to.equal(false);
    expect(bench.last('looked-up')).to.include({ ok: true, source: 'http', label: 'Order' });
    await endClean(bench);
  });

  it("says what it was told in the company's own voice where that has the piece", async () => {
    const ownSounds = new Map([['say-number-21 en', 'own-21']]);
    const bench = await flowBench({ ask: http(), ...rest }, { ownSounds });
    bench.selfService.fetch = () =>
      Promise.resolve({ kind: 'fetched', variables: { status: '21' } });
    const caller = await bench.callIn();
    expect(heard(bench, caller)).to.deep.equal(['own-21']);
    await endClean(bench);
  });

  it('spells a text that no voice speaks, and says so in the story of the call', async () => {
    const told = {
      ...rest,
      say: { ...rest['say'], as: 'text' } as FlowDefinition['steps'][string],
    };
    const bench = await flowBench({ ask: http(), ...told });
    bench.selfService.fetch = () =>
      Promise.resolve({ kind: 'fetched', variables: { status: 'ab' } });
    const caller = await bench.callIn();
    expect(heard(bench, caller)).to.deep.equal(['said-ab']);
    expect(bench.last('looked-up')).to.include({ source: 'http', ok: true });
    await endClean(bench);

    bench.speaks = false;
    const other = await bench.callIn();
    expect(heard(bench, other)).to.deep.equal(['say-letter-a say-letter-b']);
    expect(bench.last('looked-up')).to.include({
      ...{ source: 'speech', ok: false, reason: 'not-spoken', label: 'Say', step: 'say' },
    });
    await endClean(bench);
  });

  it('plays its prompt and then music while it waits; the answer ends both', async () => {
    const bench = await flowBench({ ask: http({ holdPrompt: 4 }), ...rest });
    const state = later(bench);
    const caller = await bench.callIn();
    expect(heard(bench, caller)).to.deep.equal(['prompt-4']);
    await bench.advance(1_500);
    expect(bench.ari.channels.get(caller)?.music).to.equal('default');
    state.answer({ kind: 'fetched', variables: { status: '5' } });
    await bench.settle();
    expect(bench.ari.channels.get(caller)?.music).to.equal(undefined);
    expect(heard(bench, caller).at(-1)).to.equal('say-number-5');
    await endClean(bench);
  });

  it('goes on where it fails, and takes back the question of a caller who hangs up', async () => {
    const bench = await flowBench({ ask: http(), ...rest });
    bench.selfService.fetch = () => Promise.resolve({ kind: 'fetch-failed', reason: 'too-large' });
    await bench.callIn();
    expect(bench.last('looked-up')).to.include({ ok: false, reason: 'too-large' });
    expect(bench.last('step-entered')?.label).to.equal('Failed');
    await endClean(bench);

    const left = await flowBench({ ask: http(), ...rest });
    const state = later(left);
    const caller = await left.callIn();
    await left.advance(5_000);
    expect(state.signal?.aborted).to.equal(false);
    left.ari.hangUpFarEnd(caller);
    await left.settle();
    expect(state.signal?.aborted).to.equal(true);
    await endClean(left);
  });

  it('asks with the same key again after the process was killed', async () => {
    const bench = await flowBench({ ask: http(), ...rest });
    const first = later(bench);
    const caller = await bench.callIn();
    bench.kill();
    const next = new SwitchboardBench(bench.directory, bench);
    const second = later(next);
    await next.start();
    expect(second.keys).to.deep.equal(first.keys);
    expect(first.keys[0]).to.not.equal('');
    second.answer({ kind: 'fetched', variables: { status: '7' } });
    await next.advance(100);
    expect(heard(next, caller).at(-1)).to.equal('say-number-7');
  });

  it('tells nobody the hash that a PIN is compared with, nor what is for the flow alone', async () => {
    const hash = '$argon2id$v=19$looked-up';
    const bench = await flowBench({
      ask: http({
        answers: [
          { variable: 'hash', path: 'hash' },
          { variable: 'name', path: 'name' },
        ],
        next: 'entry',
      }),
      entry: {
        ...{ kind: 'collect', label: 'Entry', prompt: 2, variable: '_entry', minDigits: 3 },
        ...{
          maxDigits: 4,
          endKey: '#',
          firstDigitS: 5,
          nextDigitS: 2,
          retries: 0,
          confirm: 'none',
        },
        ...{ sensitive: true, next: 'pin', noInput: 'bye', wrongInput: 'bye' },
      },
      pin: {
        ...{ kind: 'pin', label: 'PIN', prompt: 2, expected: '{{hash}}', subject: '{{name}}' },
        ...{ digits: 4, tries: 3, lockAfter: 5, lockMinutes: 15 },
        ...{ ok: 'sales', failed: 'bye', locked: 'bye' },
      },
      sales,
      bye,
      failed: bye,
    });
    bench.selfService.fetch = () =>
      Promise.resolve({ kind: 'fetched', variables: { hash, name: 'Ada' } });
    bench.selfService.checkPin = () => Promise.resolve({ kind: 'pin-ok' });
    const caller = await bench.callIn();
    await bench.press(caller, '123#');
    await bench.press(caller, '4711');
    expect(bench.last('context-passed')?.values).to.deep.equal({ name: 'Ada' });
    const [call] = bench.calls.values();
    expect(call?.context).to.deep.equal([{ name: 'name', label: '', value: 'Ada' }]);
    expect(JSON.stringify([bench.ledger, call?.live])).to.not.include('argon2');
    await endClean(bench, caller);
  });

  it('tells a webhook and goes on', async () => {
    const bench = await flowBench({
      tell: {
        ...{ kind: 'webhook', label: 'Tell', url: 'https://crm.example/in', next: 'bye' },
        body: '{"from":"{{caller_number}}"}',
      },
      bye,
    });
    await bench.callIn();
    expect(bench.selfService.webhooks).to.have.length(1);
    expect(JSON.parse(bench.selfService.webhooks[0]?.body ?? '')).to.deep.equal({ from: CALLER });
    await endClean(bench);
  });

  it('counts wrong PINs where all calls are counted, and never tells one', async () => {
    const bench = await flowBench({
      pin: {
        ...{ kind: 'pin', label: 'PIN', prompt: 2, expected: '4711', subject: '{{caller_number}}' },
        ...{ digits: 4, tries: 3, lockAfter: 5, lockMinutes: 15 },
        ...{ ok: 'bye', failed: 'failed', locked: 'locked' },
      },
      bye,
      failed: { ...bye, label: 'Failed' },
      locked: { ...bye, label: 'Locked' },
    });
    const subjects: string[] = [];
    bench.selfService.checkPin = (pin) => {
      subjects.push(`${pin.subject} ${pin.entered}`);
      return Promise.resolve({ kind: 'pin-wrong', left: 5 - subjects.length });
    };
    const caller = await bench.callIn();
    for (const typed of ['9991', '9992', '9993']) await bench.press(caller, typed);
    expect(subjects).to.deep.equal(['9991', '9992', '9993'].map((pin) => `${CALLER} ${pin}`));
    expect(bench.last('step-entered')?.label).to.equal('Failed');
    expect(JSON.stringify(bench.ledger)).to.not.match(/999[123]/);
    await endClean(bench);
  });
});
