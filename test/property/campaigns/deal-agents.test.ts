import { expect } from 'chai';
import fc from 'fast-check';
import type { AcdAgent } from '../../../src/engines/acd/acd.js';
import type { AgentId, CallId, CampaignId, QueueId } from '../../../src/kernel/ids.js';
import {
  dealAgents,
  type AgentSeeker,
} from '../../../src/telephony/calls/campaigns/campaign-floor.js';
import { demoDirectory } from '../../support/switchboard-bench.js';

const QUEUES = [1, 2, 3] as QueueId[];
const queueIds = fc.subarray(QUEUES);
const agents = fc.array(
  fc.record({
    state: fc.constantFrom<AcdAgent['state'][]>(
      ...(['available', 'ringing', 'talking', 'wrap-up', 'not-ready', 'signed-out'] as const),
    ),
    queues: queueIds,
    ownCall: fc.constantFrom(undefined, 0, 1, 2),
  }),
  { maxLength: 30, size: 'max' },
);
const seekers = fc.array(
  fc.record({
    queueId: fc.constantFrom(...QUEUES),
    priority: fc.integer({ min: 1, max: 3 }),
    isHungry: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

describe('agents who are shared by campaigns', () => {
  const deal = (
    people: readonly {
      readonly state: AcdAgent['state'];
      readonly queues: readonly QueueId[];
      readonly ownCall: number | undefined;
    }[],
    wanting: readonly { queueId: QueueId; priority: number; isHungry: boolean }[],
  ) => {
    const calls = wanting.map((_, index) => `call-${String(index)}` as CallId);
    const all = wanting.map((one, index): AgentSeeker => ({
      ...one,
      id: (index + 1) as CampaignId,
      owns: (call) => call === calls[index],
    }));
    const floor = people.map(({ state, queues, ownCall }, index) => ({
      id: (index + 1) as AgentId,
      state,
      queues: queues.map((queue) => ({ queue })),
      call: ownCall === undefined ? undefined : calls[ownCall],
    }));
    const dealt = dealAgents({ agents: floor, lines: [] }, demoDirectory(), all);
    return { all, floor, dealt };
  };

  it('count for one of them each, and only where they are members and there', () => {
    fc.assert(
      fc.property(agents, seekers, (people, wanting) => {
        const { all, floor, dealt } = deal(people, wanting);
        const counted = [...dealt.values()].flat().map(({ id }) => id);
        expect(new Set(counted).size).to.equal(counted.length);
        for (const { id, queueId } of all)
          for (const one of dealt.get(id) ?? []) {
            const agent = floor[Number(one.id) - 1];
            expect(agent?.queues.some(({ queue }) => queue === queueId)).to.equal(true);
            expect(agent?.state).to.not.be.oneOf(['not-ready', 'signed-out']);
          }
      }),
      { numRuns: 300 },
    );
  });

  it('who are free are the highest campaign’s that can use them', () => {
    fc.assert(
      fc.property(agents, seekers, (people, wanting) => {
        const { all, floor, dealt } = deal(people, wanting);
        for (const agent of floor) {
          if (agent.state !== 'available' || agent.call !== undefined) continue;
          const wants = all.filter(
            ({ queueId, isHungry }) =>
              isHungry && agent.queues.some(({ queue }) => queue === queueId),
          );
          const holder = all.find(({ id }) => dealt.get(id)?.some((one) => one.id === agent.id));
          const highest = Math.max(...wants.map(({ priority }) => priority));
          expect(holder?.priority).to.equal(wants.length === 0 ? undefined : highest);
        }
      }),
      { numRuns: 300 },
    );
  });
});
