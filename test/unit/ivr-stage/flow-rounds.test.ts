import { expect } from 'chai';
import type { FlowDefinition } from '../../../src/engines/ivr/flow.js';
import type { FlowId, QueueId } from '../../../src/kernel/ids.js';
import type { QueueConfig } from '../../../src/telephony/directory.js';
import { demoDirectory, SwitchboardBench } from '../../support/switchboard-bench.js';
import { bye, endClean, flow, flowBench, sales } from '../../support/flow-bench.js';

const BACK = 9 as FlowId;

/** The main flow leads into a queue that nobody serves, which overflows into another flow. */
const start = (back: FlowDefinition['steps'], main: FlowDefinition['steps'] = { sales }) => {
  const queues = new Map(
    [...demoDirectory().queues].map(([id, queue]): [QueueId, QueueConfig] => [
      id,
      { ...queue, overflow: { kind: 'flow', id: BACK } },
    ]),
  );
  return flowBench(main, { queues }, [flow(back, BACK, 'Overflow')]);
};
const entries = (bench: SwitchboardBench) =>
  bench.ledger.filter(({ kind }) => kind === 'flow-entered').length;
const collect: FlowDefinition['steps'][string] = {
  ...{ kind: 'collect', label: 'Order', prompt: 2, variable: 'order', minDigits: 2, maxDigits: 4 },
  ...{ endKey: '#', firstDigitS: 5, nextDigitS: 2, retries: 0, confirm: 'none' },
  ...{ sensitive: false, next: 'sales', noInput: 'bye', wrongInput: 'bye' },
};
const secret: FlowDefinition['steps'][string] = { ...collect, variable: 'card', sensitive: true };
const wait: FlowDefinition['steps'] = {
  more: {
    ...{ kind: 'menu', label: 'Wait on?', prompt: 4, timeoutS: 5, retries: 0 },
    ...{ choices: { '1': 'sales' }, noInput: 'bye', wrongKey: 'bye' },
  },
  sales,
  bye,
};

describe('A call that goes from a flow into a queue and on into a flow', () => {
  it('does not go round for ever', async () => {
    const bench = await start({ sales });
    await bench.callIn();
    await bench.advance(10_000);
    expect(bench.last('call-ended')).to.include({ result: 'overflowed', reason: 'no-queue-left' });
    expect(entries(bench)).to.equal(6);
    await endClean(bench);
  });

  it('goes on for as long as its caller asks for that', async () => {
    const bench = await start(wait);
    const caller = await bench.callIn();
    for (let round = 0; round < 9; round++) {
      await bench.press(caller, '1');
      expect(bench.last('step-entered')?.label).to.equal('Wait on?');
    }
    expect(entries(bench)).to.equal(11);
    await endClean(bench, caller);
  });

  it('still has the tags of the routing hook, when it asks for a callback and when it goes on to a queue', async () => {
    const offer: FlowDefinition['steps'][string] = {
      ...{ kind: 'callback', label: 'Call back', queue: 1, number: '{{caller_number}}' },
      ...{ accepted: 'bye', declined: 'sales' },
    };
    const tags = { need: 'invoice', 'customer-value': '90' };
    const bench = await start({ offer, sales, bye });
    bench.routed = { attributes: tags };
    const caller = await bench.callIn();
    bench.kill();
    const next = await new SwitchboardBench(bench.directory, bench).start();
    const asked: unknown[] = [];
    next.route = (_call, queue, priority, attributes) => {
      asked.push(attributes);
      return Promise.resolve({
        ...{ queue, priority, isVip: false, requirements: [], attributes, reasons: [] },
      });
    };
    // No key: on to the queue, and from there into the flow again.
    await next.advance(12_000);
    expect(asked).to.deep.equal([tags]);
    await next.press(caller, '1');
    expect([...next.callbackRows.rows.values()].map((row) => row.attributes)).to.deep.equal([tags]);
    await next.advance(1_000);
    await endClean(next);
  });

  it('still knows what the first flow was told, secrets as secrets, also after a restart', async () => {
    const steps = { order: { ...collect, next: 'card' }, card: secret, sales, bye };
    const say = { kind: 'say', label: 'Say', as: 'digits', bargeIn: false, next: 'more' } as const;
    const bench = await start({ say: { ...say, value: '{{order}}' }, ...wait }, steps);
    const caller = await bench.callIn();
    await bench.press(caller, '23#');
    await bench.press(caller, '4711#');
    await bench.advance(5_000);
    const [call] = bench.calls.values();
    expect(call?.flows.variables).to.deep.equal({ order: '23', card: '4711' });
    expect(call?.context.map(({ value }) => value)).to.deep.equal(['23', '••••']);
    bench.kill();
    const next = await new SwitchboardBench(bench.directory, bench).start();
    await next.press(caller, '1');
    expect([...next.calls.values()][0]?.flows).to.deep.equal({
      entered: 2,
      variables: { order: '23', card: '4711' },
      secret: ['card'],
    });
    await endClean(next, caller);
  });
});
