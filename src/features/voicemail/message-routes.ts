import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { PageRoutes } from '../../web/kit/index.js';
import { messageOfFile } from './message-address.js';
import type { MessageSounds } from './message-sounds.js';

export interface MessageRouteParts {
  readonly sounds: MessageSounds;
  readonly key: string;
  readonly clock: Clock;
}

/** Sounds of messages for pbx nodes: nobody signs in, the address itself allows it, for a while. */
export function addMessageRoutes(
  pages: PageRoutes,
  { sounds, key, clock }: MessageRouteParts,
): void {
  pages.get('/media/messages/:file', 'public', async (page) => {
    const id = messageOfFile(key, page.param('file'), clock.now());
    const wav = id && (await sounds.wav(id));
    if (wav === undefined) throw new AppError('not-found', 'no such message');
    page.res.set('Cache-Control', 'private, no-store').type('audio/wav').send(wav);
  });
}
