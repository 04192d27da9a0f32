import type { Database } from '../../adapters/mysql/database.js';
import type { Logger } from '../../adapters/log/logger.js';
import type { Clock } from '../../kernel/clock.js';
import type { AgentId } from '../../kernel/ids.js';
import type { Directory } from '../../telephony/directory.js';
import type { FeatureModule, LiveTopic, LiveValue } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { LiveLookup } from '../live-queues/index.js';
import { KnexMessageStore } from './knex-message-store.js';
import { MESSAGES_PATH, messagePages } from './message-pages.js';
import { MessageService } from './message-service.js';
import { SHOWN_MS, type OwnMessage } from './message.js';

/** While agents look, messages are read again so often: one reading for all of them. */
const FRESH_MS = 1_000;

export interface AgentMessagesParts {
  readonly database: Database;
  readonly directory: Pick<Directory, 'current'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Messages of supervisors, and where agents see them. */
export function makeAgentMessagesFeature(parts: AgentMessagesParts): FeatureModule {
  const { database, directory, clock } = parts;
  const store = new KnexMessageStore(database, knexAuditLog);
  const service = new MessageService(store, directory, clock);
  return {
    name: 'agent-messages',
    pages: messagePages(service, directory),
    menu: [
      {
        group: 'live',
        label: 'agent-messages.title',
        icon: 'message-2',
        href: MESSAGES_PATH,
        access: 'messages.send',
        order: 35,
      },
    ],
    liveTopics: [ownMessages(parts, store)],
  };
}

/** `agent-messages`: what the viewer has not seen. */
function ownMessages({ clock, logger }: AgentMessagesParts, store: KnexMessageStore): LiveTopic {
  const unseen = new LiveLookup<'all', ReadonlyMap<AgentId, readonly OwnMessage[]>>(
    async () => new Map([['all', await store.unseen(new Date(clock.now() - SHOWN_MS))]]),
    (error) => {
      logger.warn({ err: error }, 'messages to agents could not be read');
    },
  );
  return {
    name: 'agent-messages',
    access: 'workspace.use',
    values: (_snapshot, { actor, t }) => {
      const all = unseen.get('all', Math.floor(clock.now() / FRESH_MS));
      const own = actor.agentId === undefined ? [] : (all?.get(actor.agentId) ?? []);
      const values: Record<string, LiveValue> = {
        messages: own.map(({ id }) => id).join(' '),
        'messages.some': own.length > 0,
      };
      for (const { id, by, at, text } of own) {
        const key = `message:${String(id)}`;
        values[`${key}.text`] = text;
        values[`${key}.by`] = t('agent-messages.from', { name: by });
        values[`${key}.since`] = at.getTime();
      }
      return values;
    },
    onChange: (listener) => unseen.onChange(listener),
  };
}
