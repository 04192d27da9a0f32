import type { Knex } from 'knex';
import type { CallId } from '../../kernel/ids.js';
import type { RecordingShelf } from '../recordings/index.js';
import type { MessageSounds } from './message-sounds.js';

interface Row {
  readonly call_id: CallId;
  readonly path: string;
  readonly key_id: string;
}

/** From kept recordings; `convert` makes a wav of what is kept. What cannot be read counts as not there. */
export const storedMessageSounds = (
  db: Knex,
  shelf: Pick<RecordingShelf, 'withPlain'>,
  convert: (file: string, scratch: string) => Promise<Buffer>,
): MessageSounds => ({
  wav: async (id) => {
    const row = await db('recordings')
      .where({ id, kind: 'voicemail', state: 'stored' })
      .first<Row | undefined>('call_id', 'path', 'key_id');
    if (row === undefined) return undefined;
    const { call_id: callId, path, key_id: keyId } = row;
    return shelf.withPlain({ id, callId, path, keyId }, convert);
  },
});
