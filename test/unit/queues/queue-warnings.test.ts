import { expect } from 'chai';
import type { QueueOptions } from '../../../src/features/queues/queue-store.js';
import { queueWarnings } from '../../../src/features/queues/queue-warnings.js';
import type { QueueDraft, QueueSkill, StoredQueue } from '../../../src/features/queues/queue.js';
import type { AgentId, QueueId, SkillId } from '../../../src/kernel/ids.js';
import { queue } from '../../support/setup-drafts.js';

const AMY = 1 as AgentId;
const BEN = 2 as AgentId;
const PORTUGUESE = 5 as SkillId;
const TECHNICAL = 6 as SkillId;
const page = {
  t: (key: string, values: Readonly<Record<string, unknown>> = {}) =>
    [key, ...Object.values(values)].join(' '),
};
const options = (level: number): QueueOptions => ({
  agents: [
    {
      id: AMY,
      name: 'Amy',
      number: '501',
      levels: new Map(level > 0 ? [[PORTUGUESE, level]] : []),
    },
  ],
  prompts: [],
  music: [],
  surveys: [],
  scripts: [],
  skills: [{ id: PORTUGUESE, name: 'Portuguese' }],
  calendars: [],
});
const stored = (changes: Partial<QueueDraft>): StoredQueue => ({
  ...queue('Repairs', { members: [AMY], ...changes }),
  id: 3 as QueueId,
  version: 1,
  archivedAt: undefined,
  updatedAt: new Date(0),
});
const asked = (changes: Partial<QueueSkill> = {}): QueueSkill => ({
  skill: PORTUGUESE,
  isRequired: true,
  minLevel: 60,
  relax: [
    { afterS: 20, minLevel: 40 },
    { afterS: 40, minLevel: 0 },
  ],
  ...changes,
});
const warn = (changes: Partial<QueueDraft>, level = 0) =>
  queueWarnings(page, stored(changes), 1, options(level)).map((warning) => warning.text);

describe('warnings of a queue', () => {
  it('are none for a usual one', () => {
    expect(warn({})).to.deep.equal([]);
  });

  it('say how long calls wait until a skill that nobody has is relaxed', () => {
    const later = 'queues.warning.skill-later Portuguese 60 configuration.duration.s';
    expect(warn({ skills: [asked()] })).to.deep.equal([`${later} 40`]);
    expect(warn({ skills: [asked()] }, 45)).to.deep.equal([`${later} 20`]);
    expect(warn({ skills: [asked()] }, 60)).to.deep.equal([]);
  });

  it('say that nobody can take a call', () => {
    const never = 'queues.warning.skill-never Portuguese 60';
    expect(warn({ skills: [asked({ relax: [] })] })).to.deep.equal([never]);
    expect(warn({ skills: [asked({ relax: [], isRequired: false })] })).to.deep.equal([]);
  });

  it('say that nobody has everything that is asked for, where each skill alone has somebody', () => {
    const members = [AMY, BEN];
    const amy = { id: AMY, name: 'Amy', number: '501', levels: new Map([[PORTUGUESE, 80]]) };
    const ben = { id: BEN, name: 'Ben', number: '502', levels: new Map([[TECHNICAL, 80]]) };
    const both: QueueOptions = {
      ...options(0),
      agents: [amy, ben],
      skills: [
        { id: PORTUGUESE, name: 'Portuguese' },
        { id: TECHNICAL, name: 'Technical' },
      ],
    };
    const together = (portuguese: Partial<QueueSkill>) => {
      const skills = [asked(portuguese), asked({ skill: TECHNICAL, relax: [], minLevel: 70 })];
      return queueWarnings(page, stored({ skills, members }), 1, both).map(({ text }) => text);
    };
    expect(together({ relax: [] })).to.deep.equal([
      'queues.warning.skills-never Portuguese 60, Technical 70',
    ]);
    expect(together({})).to.deep.equal([
      'queues.warning.skills-later Portuguese 60, Technical 70 configuration.duration.s 40',
    ]);
    expect(together({ isRequired: false })).to.deep.equal([]);
  });

  const DOUBTFUL: readonly (readonly [string, Partial<QueueDraft>])[] = [
    ['queues.warning.no-members', { members: [] }],
    ['queues.warning.callback-late', { callbackOffered: true, callbackAfterS: 600, maxWaitS: 60 }],
    ['queues.warning.wait-only', { tellWait: true }],
    ['queues.warning.no-calendar', { clearAtClosing: true }],
    ['queues.warning.ring-all-auto', { strategy: 'ring-all', autoAnswers: true }],
    ['queues.warning.for-ever', { leaveWhenEmpty: false, maxWaitS: 0 }],
    [
      'queues.warning.no-weights',
      { strategy: 'weighted', weightLevel: 0, weightIdle: 0, weightLoad: 0, weightResult: 0 },
    ],
  ];
  for (const [key, changes] of DOUBTFUL)
    it(`know ${key}`, () => {
      expect(warn(changes).map((text) => text.split(' ')[0])).to.deep.equal([key]);
    });
});
