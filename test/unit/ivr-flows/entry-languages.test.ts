import { expect } from 'chai';
import type { FlowStep } from '../../../src/engines/ivr/flow.js';
import {
  entryLanguages,
  linksOf,
  type Ways,
} from '../../../src/features/ivr-flows/entry-languages.js';
import type { FlowId, QueueId } from '../../../src/kernel/ids.js';

const toFlow = (id: number) => ({ kind: 'flow' as const, id: id as FlowId });
const toQueue = (id: number) => ({ kind: 'queue' as const, id: id as QueueId });
const enter = (flow: number): FlowStep => ({ kind: 'sub-flow', label: 'In', flow, next: 'b' });
const inChinese: FlowStep = { kind: 'language', label: '中文', language: 'zh-CN', next: 'b' };
const queue = (id: number): FlowStep => ({ kind: 'queue', label: 'Q', queue: id, priority: 0 });
const ways = (given: Partial<Ways>): Ways => ({ dids: [], queues: [], flows: [], ...given });

describe('languages in which callers enter a flow', () => {
  it('are those of the numbers that lead to it', () => {
    const dids = [
      { target: toFlow(1), language: 'en' },
      { target: toFlow(2), language: 'zh-CN' },
      { target: { kind: 'hangup' as const }, language: 'zh-CN' },
    ];
    expect(entryLanguages(1, ways({ dids }))).to.deep.equal(['en']);
    expect(entryLanguages(3, ways({ dids }))).to.deep.equal([]);
  });

  it('come along through flows, which may choose one, and queues that overflow', () => {
    const given = ways({
      dids: [
        { target: toFlow(1), language: 'en' },
        { target: toQueue(8), language: 'zh-CN' },
      ],
      queues: [
        { id: 7, overflows: [toFlow(4)] },
        { id: 8, overflows: [toQueue(9)] },
        { id: 9, overflows: [toFlow(5)] },
      ],
      flows: [
        { id: 1, ...linksOf({ a: enter(2) }) },
        { id: 2, ...linksOf({ a: inChinese, b: enter(3) }) },
        { id: 3, ...linksOf({ a: queue(7) }) },
        { id: 4, ...linksOf({ a: enter(1) }) },
      ],
    });
    expect(entryLanguages(2, given)).to.deep.equal(['en', 'zh-CN']);
    expect(entryLanguages(3, given)).to.deep.equal(['en', 'zh-CN']);
    expect(entryLanguages(4, given)).to.deep.equal(['en', 'zh-CN']);
    expect(entryLanguages(5, given)).to.deep.equal(['zh-CN']);
    expect(entryLanguages(6, given)).to.deep.equal([]);
  });
});
