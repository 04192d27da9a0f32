import { AppError } from '../../kernel/errors.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import type { SoundLibrary, SpokenSounds } from './sound.js';

/** A file of this name never changes: its name is the hash of its content. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * Sounds for pbx nodes, at `/media/<hash>.wav`. Nobody signs in: nodes fetch them while a call waits. The names cannot
 * be guessed, and a prompt is nothing that a caller could not hear.
 */
export function addMediaRoutes(
  pages: PageRoutes,
  library: SoundLibrary,
  spoken: SpokenSounds,
): void {
  pages.get('/media/:file', 'public', async (page) => {
    const [, hash] = /^([0-9a-f]{64})\.wav$/.exec(page.param('file')) ?? [];
    const path =
      hash === undefined
        ? undefined
        : ((await library.find(hash, 'narrow')) ?? (await spoken.find(hash)));
    if (path === undefined) throw new AppError('not-found', 'no such sound');
    await serveSound(page, path, FOR_EVER);
  });
}

/** Sends a stored wav, whole or the range asked for. `path` comes from the library, never from a request. */
export function serveSound(page: PageContext, path: string, cacheControl: string): Promise<void> {
  return new Promise((resolve, reject) => {
    page.res.set('Cache-Control', cacheControl).type('audio/wav');
    page.res.sendFile(path, { cacheControl: false, dotfiles: 'allow' }, (error?: SendError) => {
      // A browser that has heard enough closes the connection; there is nobody left to tell.
      if (!error || page.res.headersSent) resolve();
      else if (error.status === 416) {
        page.res
          .status(416)
          .set(error.headers ?? {})
          .end();
        resolve();
      } else reject(error);
    });
  });
}

/** What Express reports when it cannot send; 416 is a range that the file does not have. */
interface SendError extends Error {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}
