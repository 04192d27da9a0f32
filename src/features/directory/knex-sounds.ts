import type { Knex } from 'knex';
import type { Language } from '../../kernel/call-event.js';
import type { MusicId, PromptId } from '../../kernel/ids.js';
import { MUSIC_ORDERS, type MusicConfig } from '../../telephony/directory.js';
import {
  ownSoundKey,
  type OwnSounds,
  type SystemPromptName,
} from '../../telephony/system-prompts.js';

/** The company's own sounds of what the switchboard says. */
export async function readOwnSounds(db: Knex): Promise<OwnSounds> {
  const rows = await db('system_sounds').select<
    { name: SystemPromptName; language: Language; hash: string }[]
  >('name', 'language', 'hash');
  return new Map(rows.map(({ name, language, hash }) => [ownSoundKey(name, language), hash]));
}

/** What callers in line hear, archived ones left out. */
export async function readMusic(trx: Knex): Promise<MusicConfig[]> {
  const rows = await trx('music')
    .whereNull('archived_at')
    .orderBy('id')
    .select<{ id: MusicId; name: string; play_order: string }[]>('id', 'name', 'play_order');
  const sounds = await trx('music_prompts')
    .orderBy(['music_id', 'position'])
    .select<{ music_id: MusicId; prompt_id: PromptId }[]>('music_id', 'prompt_id');
  return rows.map(({ id, name, play_order }) => ({
    id,
    name,
    order: MUSIC_ORDERS.find((order) => order === play_order) ?? 'listed',
    sounds: sounds.filter((one) => one.music_id === id).map((one) => one.prompt_id),
  }));
}
