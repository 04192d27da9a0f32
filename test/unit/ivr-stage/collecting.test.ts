import { expect } from 'chai';
import type { FlowDefinition } from '../../../src/engines/ivr/flow.js';
import { SwitchboardBench } from '../../support/switchboard-bench.js';
import { bye, endClean, flowBench, heard } from '../../support/flow-bench.js';

type Collect = Extract<FlowDefinition['steps'][string], { kind: 'collect' }>;

const collect = (changes: Partial<Collect> = {}): Collect => ({
  kind: 'collect',
  label: 'Account number',
  prompt: 2,
  wrongPrompt: 3,
  variable: 'account',
  minDigits: 3,
  maxDigits: 6,
  endKey: '#',
  firstDigitS: 5,
  nextDigitS: 2,
  retries: 1,
  confirm: 'none',
  sensitive: false,
  next: 'bye',
  noInput: 'nothing',
  wrongInput: 'wrong',
  ...changes,
});
const start = (changes: Partial<Collect> = {}, before: FlowDefinition['steps'] = {}) =>
  flowBench({
    ...before,
    ask: collect(changes),
    bye,
    nothing: { ...bye, label: 'Nothing' },
    wrong: { ...bye, label: 'Wrong' },
  });
const lastStep = (bench: SwitchboardBench) => bench.last('step-entered')?.label;

describe('An entry of several keys', () => {
  it('ends with the key that ends it; the first key ends the prompt', async () => {
    const bench = await start();
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    await bench.press(caller, '23');
    await bench.press(caller, '45#');
    expect(bench.last('input-collected')).to.include({
      ...{ variable: 'account', value: '12345', length: 5, label: 'Account number' },
    });
    expect(bench.last('call-ended')?.result).to.equal('contained');
    await endClean(bench);
  });

  it('ends by itself when it is full, and by time when it is long enough', async () => {
    for (const [keys, value] of [
      ['123456', '123456'],
      ['1234', '1234'],
    ] as const) {
      const bench = await start();
      const caller = await bench.callIn();
      await bench.press(caller, keys);
      await bench.advance(keys.length === 6 ? 0 : 2_000);
      expect(bench.last('input-collected')?.value).to.equal(value);
      await endClean(bench);
    }
  });

  it('asks again after too few keys or none, then goes its way out', async () => {
    const bench = await start();
    const caller = await bench.callIn();
    await bench.press(caller, '12#');
    expect(heard(bench, caller).at(-1)).to.equal('prompt-3 prompt-2');
    await bench.press(caller, '1#');
    expect(lastStep(bench)).to.equal('Wrong');
    await endClean(bench, caller);

    const silent = await start();
    await silent.callIn();
    await silent.advance(6_000);
    expect(lastStep(silent)).to.equal('Account number');
    await silent.advance(6_000);
    expect(lastStep(silent)).to.equal('Nothing');
    await endClean(silent);
  });

  it('takes keys that were pressed ahead: during a prompt before it, or all at once', async () => {
    const bench = await start(
      {},
      { hello: { kind: 'play', label: 'Hello', prompt: 1, bargeIn: true, next: 'ask' } },
    );
    const caller = await bench.callIn();
    await bench.press(caller, '123#');
    expect(bench.last('input-collected')?.value).to.equal('123');
    await endClean(bench);

    const held = await start(
      {},
      { hello: { kind: 'play', label: 'Hello', prompt: 1, bargeIn: false, next: 'ask' } },
    );
    const other = await held.callIn();
    await held.press(other, '987#');
    await held.advance(1_000);
    expect(held.last('input-collected')?.value).to.equal('987');
    await endClean(held);
  });

  it('leaves what comes after the last key that is allowed to the next step', async () => {
    const bench = await flowBench({
      ask: collect({ maxDigits: 3, next: 'menu' }),
      menu: {
        ...{ kind: 'menu', label: 'Menu', prompt: 4, timeoutS: 5, retries: 0 },
        ...{ choices: { '9': 'bye' }, noInput: 'nothing', wrongKey: 'wrong' },
      },
      bye,
      nothing: bye,
      wrong: bye,
    });
    const caller = await bench.callIn();
    await bench.press(caller, '1239');
    expect(bench.last('key-pressed')).to.include({ digits: '9', accepted: true });
    await endClean(bench);
  });

  it('takes the key that ends it for its own when it comes a moment after it was full', async () => {
    const surplus = () =>
      flowBench({
        ask: collect({ maxDigits: 4, next: 'menu' }),
        menu: {
          ...{ kind: 'menu', label: 'Menu', prompt: 4, timeoutS: 5, retries: 0 },
          ...{ choices: { '9': 'bye' }, noInput: 'nothing', wrongKey: 'wrong' },
        },
        bye,
        nothing: bye,
        wrong: { ...bye, label: 'Wrong' },
      });
    for (const [keys, waitMs, more] of [
      ['4711#', 0, '9'],
      ['4711', 1_000, '#9'],
    ] as const) {
      const bench = await surplus();
      const caller = await bench.callIn();
      await bench.press(caller, keys);
      await bench.advance(waitMs);
      await bench.press(caller, more);
      expect(bench.last('key-pressed'), keys).to.include({ digits: '9', accepted: true });
      await endClean(bench);
    }
    const late = await surplus();
    const caller = await late.callIn();
    await late.press(caller, '4711');
    await late.advance(2_500);
    await late.press(caller, '#');
    expect(lastStep(late)).to.equal('Wrong');
    await endClean(late);
  });

  it('is not said to be right by keys that were too many for it', async () => {
    const bench = await start({ maxDigits: 4, confirm: 'digits' });
    const caller = await bench.callIn();
    await bench.press(caller, '471111#');
    expect(bench.last('input-collected')).to.equal(undefined);
    expect(heard(bench, caller).at(-1)).to.match(/^you-entered /);
    await bench.press(caller, '1');
    expect(bench.last('input-collected')?.value).to.equal('4711');
    await endClean(bench);
  });

  it('is read back and entered again when the caller says that it is wrong', async () => {
    const bench = await start({ confirm: 'digits' });
    const caller = await bench.callIn();
    await bench.press(caller, '123#');
    expect(heard(bench, caller).at(-1)).to.match(/^you-entered say-number-1 .*confirm-entry$/);
    await bench.press(caller, '2');
    expect(heard(bench, caller).at(-1)).to.equal('prompt-2');
    await bench.press(caller, '321#');
    await bench.press(caller, '1');
    expect(bench.last('input-collected')?.value).to.equal('321');
    await endClean(bench);
  });

  it('keeps a secret: neither the ledger nor the picture of the call has it', async () => {
    const steps = await flowBench({
      ask: collect({ sensitive: true, next: 'sales' }),
      sales: {
        kind: 'queue',
        label: 'Sales',
        queue: 1,
        priority: 0,
        tags: { account: '{{account}}' },
      },
      nothing: bye,
      wrong: bye,
    });
    steps.signIn(1 as never);
    steps.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    const caller = await steps.callIn();
    await steps.press(caller, '471147#');
    expect(steps.last('input-collected')).to.include({ length: 6, sensitive: true });
    const [call] = steps.calls.values();
    expect(call?.live.context).to.deep.equal([
      { name: 'account', label: 'Account number', value: '••••••' },
    ]);
    expect(JSON.stringify([steps.ledger, call?.live])).to.not.include('471147');
    await endClean(steps, caller);
  });

  it('is asked for again at its step by the next process, which knows what was entered before', async () => {
    const bench = await flowBench({
      ask: collect({ next: 'more' }),
      more: collect({ variable: 'order', label: 'Order', prompt: 4, next: 'bye' }),
      bye,
      nothing: bye,
      wrong: bye,
    });
    const caller = await bench.callIn();
    await bench.press(caller, '123#');
    await bench.press(caller, '77');
    bench.kill();
    const next = await new SwitchboardBench(bench.directory, bench).start();
    expect(heard(next, caller).filter((prompt) => prompt === 'prompt-4')).to.have.length(2);
    const [call] = next.calls.values();
    expect(call?.context).to.deep.equal([
      { name: 'account', label: 'Account number', value: '123' },
    ]);
    bench.ari.hangUpFarEnd(caller);
    await next.advance(5_000);
    expect(next.last('call-ended')).to.include({ result: 'contained', endedBy: 'caller' });
  });
});
