import { agentSchema, type AgentValues } from '../../src/features/agents/index.js';
import type { DidDraft } from '../../src/features/dids/index.js';
import { NEW_EXTENSION, type ExtensionDraft } from '../../src/features/extensions/index.js';
import { NEW_QUEUE, type QueueDraft } from '../../src/features/queues/index.js';
import { sipTrunkSchema, type SipTrunkValues } from '../../src/features/trunks/index.js';
import { SYSTEM_ACTOR, type Actor } from '../../src/kernel/actor.js';
import type { UserId } from '../../src/kernel/ids.js';

/** Somebody who may do everything. */
export const ADMIN: Actor = {
  ...SYSTEM_ACTOR,
  userId: 1 as UserId,
  name: 'Owen Dale',
  address: '127.0.0.1',
};
/** Somebody who may look, but not set up. */
export const SUPERVISOR: Actor = {
  ...ADMIN,
  userId: 2 as UserId,
  name: 'Ines Holm',
  role: 'supervisor',
};

export const extension = (
  number: string,
  changes: Partial<ExtensionDraft> = {},
): ExtensionDraft => ({
  ...NEW_EXTENSION,
  number,
  name: `Desk ${number}`,
  ...changes,
});

export const did = (number: string, changes: Partial<DidDraft> = {}): DidDraft => ({
  number,
  name: `Number ${number}`,
  target: { kind: 'hangup' },
  language: 'en',
  ...changes,
});

export const queue = (name: string, changes: Partial<QueueDraft> = {}): QueueDraft => ({
  ...NEW_QUEUE,
  name,
  overflow: { kind: 'hangup' },
  members: [],
  ...changes,
});

export const agent = (number: string, changes: Partial<AgentValues> = {}): AgentValues => ({
  ...agentSchema('GB').parse({
    name: `Agent ${number}`,
    number,
    login: `agent${number}`,
    role: 'agent',
    language: 'en',
  }),
  ...changes,
});

export const trunk = (name: string, changes: Partial<SipTrunkValues> = {}): SipTrunkValues => ({
  ...sipTrunkSchema('GB').parse({
    name,
    enabled: 'on',
    priority: '10',
    maxChannels: '0',
    callerId: '',
    host: '203.0.113.5',
    port: '5060',
    transport: 'udp',
    username: '',
    fromUser: '',
    codecs: 'alaw',
  }),
  ...changes,
});

/** What a promise was rejected with: its code, and its problems as `field: message`. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'not refused';
  } catch (error) {
    const { code, problems } = error as {
      code?: string;
      problems?: readonly { field: string; message: string }[];
    };
    if (code === undefined) throw error;
    return [code, ...(problems ?? []).map((one) => `${one.field}: ${one.message}`)].join(' ');
  }
}
