import type { Language } from '../../kernel/call-event.js';
import type { FlowDefinition } from './flow.js';
import type { ReferenceKind } from './references.js';

/** What a flow may name. Archived things are left out: a flow that names them has a problem. */
export interface FlowKnowledge {
  readonly prompts: ReadonlyMap<number, FlowPrompt>;
  readonly queues: ReadonlySet<number>;
  readonly extensions: ReadonlyMap<number, { readonly voicemail: boolean }>;
  readonly calendars: ReadonlySet<number>;
  readonly skills: ReadonlySet<number>;
  readonly dids: ReadonlySet<number>;
  /** Connections to databases for look-ups. */
  readonly connections: ReadonlySet<number>;
  /** Rooms of conferences. */
  readonly rooms: ReadonlySet<number>;
  readonly ringGroups: ReadonlySet<number>;
  readonly surveys: ReadonlySet<number>;
  readonly campaigns: ReadonlySet<number>;
  /** Published flows: what sub-flow steps may enter. */
  readonly flows: ReadonlyMap<number, KnownFlow>;
  /** The flow that is checked; absent before it is stored. */
  readonly self?: number;
  /** Servers that flows may not ask: they are in this network, and nobody has allowed them. */
  readonly blockedHosts?: ReadonlySet<string>;
  /** Languages in which callers enter the flow; those that its language steps choose are added. */
  readonly languages: readonly Language[];
}

export interface FlowPrompt {
  readonly name: string;
  readonly languages: readonly Language[];
}

/** A published flow, as another one sees it. */
export interface KnownFlow {
  readonly name: string;
  /** Its published steps; given for those that the checked flow enters, itself or through another. */
  readonly definition?: FlowDefinition;
}

/** True where the thing is there. */
export function isKnown(knowledge: FlowKnowledge, kind: ReferenceKind, id: number): boolean {
  switch (kind) {
    case 'prompt':
      return knowledge.prompts.has(id);
    case 'queue':
      return knowledge.queues.has(id);
    case 'extension':
      return knowledge.extensions.has(id);
    case 'calendar':
      return knowledge.calendars.has(id);
    case 'skill':
      return knowledge.skills.has(id);
    case 'did':
      return knowledge.dids.has(id);
    case 'connection':
      return knowledge.connections.has(id);
    case 'room':
      return knowledge.rooms.has(id);
    case 'ring-group':
      return knowledge.ringGroups.has(id);
    case 'survey':
      return knowledge.surveys.has(id);
    case 'campaign':
      return knowledge.campaigns.has(id);
    case 'flow':
      return knowledge.flows.has(id);
  }
}
