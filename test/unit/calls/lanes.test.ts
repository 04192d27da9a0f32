import { expect } from 'chai';
import { drawLanes, type Lane } from '../../../src/features/calls/lanes.js';
import { lanesView } from '../../../src/features/calls/lanes-view.js';
import { newChannelId } from '../../../src/kernel/ids.js';
import {
  abandonedCall,
  answeredCall,
  CallScript,
  transferredCall,
  voicemailCall,
} from '../../support/call-events.js';

const told = (lanes: readonly Lane[]) =>
  lanes.map((lane) => [
    `${lane.kind} ${lane.name}`.trim(),
    ...lane.bars.map(
      (bar) =>
        `${String(bar.fromMs)}-${String(bar.toMs)} ${bar.says}${bar.detail === '' ? '' : ` ${bar.detail}`}`,
    ),
  ]);

describe('lanes of a call', () => {
  it('has one lane for each participant, in the order in which they came', () => {
    expect(told(drawLanes(answeredCall().events, 381_010))).to.deep.equal([
      ['caller', '0-381000 on-the-line'],
      ['flow Main menu', '25-8000 keys 2'],
      ['queue Repairs', '8000-114000 waiting'],
      ['person Nia Corbin', '78000-90000 offered declined'],
      [
        'person Mara Quill',
        '108000-114000 offered',
        '114000-202000 talking',
        '202000-240000 hold',
        '240000-381000 talking',
      ],
      ['recording', '114000-381000 recorded'],
    ]);
  });

  it('shows who is asked, who waits, and who has the call after a transfer', () => {
    expect(told(drawLanes(transferredCall().events, 176_070))).to.deep.equal([
      ['caller', '0-176060 on-the-line'],
      ['queue Repairs', '30-9035 waiting'],
      // The offer is noted as answered only when the talk has begun.
      ['person Mara Quill', '5030-9035 offered', '9035-71035 talking', '71035-101040 hold'],
      ['recording', '9035-176060 recorded'],
      ['person Theo Lark', '71040-77040 ringing', '77040-101040 asked', '101040-176060 talking'],
    ]);
  });

  it('lets what has not ended last until now', () => {
    const lanes = drawLanes(abandonedCall().events.slice(0, 4), 60_000);
    expect(told(lanes)).to.deep.equal([
      ['caller', '0-60000 on-the-line'],
      ['queue Repairs', '40-60000 waiting'],
    ]);
  });

  it('draws an extension that rings and talks without a queue', () => {
    const call = new CallScript();
    const leg = newChannelId('extension');
    call
      .happens(0, {
        kind: 'call-arrived',
        direction: 'internal',
        from: '2001',
        fromName: '',
        to: '2002',
        node: 'pbx-1',
      })
      .happens(0, { kind: 'leg-started', leg: call.caller, role: 'caller', number: '2001' })
      .happens(10, { kind: 'leg-started', leg, role: 'extension', number: '2002' })
      .happens(2_000, { kind: 'leg-answered', leg })
      .happens(0, { kind: 'connected', leg })
      .happens(5_000, { kind: 'disconnected', talkedMs: 5_000 })
      .happens(0, { kind: 'leg-ended', leg, cause: 16 })
      .happens(0, {
        kind: 'call-ended',
        result: 'answered',
        endedBy: 'callee',
        cause: 16,
        reason: 'hung-up-16',
      });
    expect(told(drawLanes(call.events, 7_010))).to.deep.equal([
      ['caller', '0-7010 on-the-line'],
      ['person 2002', '10-2010 ringing', '2010-7010 talking'],
    ]);
  });

  it('draws nothing of a call of which nothing is known', () => {
    expect(drawLanes([], 1_000)).to.deep.equal([]);
  });

  it('keeps every bar and word inside the drawing', () => {
    for (const script of [answeredCall(), abandonedCall(), voicemailCall()]) {
      const last = script.events.at(-1)?.at ?? 0;
      const length = last - script.startedAt;
      const view = lanesView(drawLanes(script.events, length), length, (key) => `words of ${key}`);
      for (const lane of view.lanes)
        for (const bar of lane.bars) {
          expect(bar.x).to.be.at.least(view.origin);
          expect(bar.x + bar.width).to.be.at.most(view.width);
          expect(bar.y + bar.height).to.be.at.most(view.height);
          expect(bar.label?.x ?? 0).to.be.at.most(view.width);
        }
    }
  });

  it('gives a call of a second and a call of a day a handful of ticks', () => {
    for (const length of [0, 900, 5_000, 65_000, 600_000, 3_600_000, 86_400_000]) {
      const { ticks } = lanesView([], length, (key) => key);
      expect(ticks.length).to.be.within(1, 10);
    }
  });

  it('leaves words out where there is no place, and cuts long names', () => {
    const call = new CallScript();
    const name = '很长的队列名称'.repeat(10);
    call
      .happens(0, {
        kind: 'call-arrived',
        direction: 'inbound',
        from: '1',
        fromName: '',
        to: '2',
        node: 'pbx-1',
      })
      .happens(0, {
        kind: 'queue-entered',
        queueId: 1 as never,
        name,
        place: 1,
        priority: 0,
      })
      .happens(100, {
        kind: 'queue-left',
        queueId: 1 as never,
        outcome: 'abandoned',
        reason: '',
        waitedMs: 100,
      });
    const view = lanesView(drawLanes(call.events, 3_600_000), 3_600_000, (key, params) =>
      key.startsWith('calls.lane') ? String(params?.['name']) : 'Waiting 0:00'.repeat(20),
    );
    expect(view.lanes[0]?.name.text).to.match(/^很.{1,9}…$/u);
    expect(view.lanes[0]?.bars[0]?.label).to.equal(undefined);
  });
});
