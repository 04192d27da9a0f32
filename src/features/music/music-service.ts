import type { Announcer } from '../../kernel/announcer.js';
import type { MusicId } from '../../kernel/ids.js';
import { RowService } from '../configuration/index.js';
import type { MusicStore } from './music-store.js';
import type { MusicDraft, MusicSort, StoredMusic } from './music.js';

/** Hold music. What a queue plays cannot be archived. */
export class MusicService extends RowService<MusicId, MusicDraft, StoredMusic, MusicSort> {
  constructor(music: MusicStore, announcer: Announcer) {
    super(music, announcer, {
      permission: 'prompts.edit',
      objectKind: 'music',
      announces: 'music',
      nameOf: (draft) => draft.name,
      describe: async ({ name, order, sounds }) => {
        const names = new Map((await music.soundOptions()).map((sound) => [sound.id, sound.name]));
        return { name, order, sounds: sounds.map((id) => names.get(id) ?? '') };
      },
    });
  }
}
