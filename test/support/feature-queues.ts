import { NEW_QUEUE, type QueueDraft } from '../../src/features/queues/index.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { QueueId } from '../../src/kernel/ids.js';
import type { Lab } from './lab.js';

/** Queues that each have what a queue of the laboratory does without. Ann and Bob answer them. */
export type FeatureQueue = 'Place' | 'Whisper' | 'Known' | 'All';
export type FeatureQueues = Readonly<Record<FeatureQueue, QueueId>>;

/** What to dial for each, and for a call about which a hook is asked. */
export const NUMBERS: Readonly<Record<FeatureQueue | 'Hooked', string>> = {
  Place: '+442079460121',
  Whisper: '+442079460122',
  Known: '+442079460123',
  All: '+442079460124',
  Hooked: '+442079460125',
};

const drafts = ({ company }: Lab): Readonly<Record<FeatureQueue, Partial<QueueDraft>>> => ({
  Place: { tellPlace: true, callbackOffered: true, callbackAfterS: 3_600, callbackAttempts: 1 },
  Whisper: { whisper: company.prompts.menu, autoAnswers: true },
  Known: { stickyS: 30 },
  All: { strategy: 'ring-all' },
});

/** A queue of Ann's and Bob's; resolves when the program has it. */
export async function makeQueue(
  { configuration, company, product }: Lab,
  name: string,
  draft: Partial<QueueDraft> = {},
): Promise<QueueId> {
  const id = await configuration.queues.create(SYSTEM_ACTOR, {
    ...NEW_QUEUE,
    name,
    overflow: { kind: 'hangup' },
    ringTimeoutS: 8,
    wrapUpS: 0,
    maxWaitS: 0,
    leaveWhenEmpty: false,
    recording: 'never' as const,
    members: [company.agents.ann.id, company.agents.bob.id],
    ...draft,
  });
  await product.nowHas(`the queue ${name}`, 5_000, (now) =>
    now.queues.some((queue) => queue.name === name),
  );
  return id;
}

/** Sets them up, with a number for each and one more for the hook. */
export async function makeFeatureQueues(lab: Lab): Promise<FeatureQueues> {
  const made: Partial<Record<FeatureQueue, QueueId>> = {};
  for (const [name, draft] of Object.entries(drafts(lab)) as [FeatureQueue, Partial<QueueDraft>][])
    made[name] = await makeQueue(lab, name, draft);
  const queues = made as FeatureQueues;
  for (const [name, number] of Object.entries(NUMBERS)) {
    const id = queues[name === 'Hooked' ? 'Place' : (name as FeatureQueue)];
    const target = { kind: 'queue', id } as const;
    await lab.configuration.dids.create(SYSTEM_ACTOR, { number, name, target, language: 'en' });
  }
  return queues;
}
