import type { Permission } from '../../kernel/actor.js';
import { PageRoutes, type PageContext } from '../../web/kit/index.js';
import type { RecordingService } from './recording-service.js';

/** Who may hear something; which recordings, the service decides. */
export const LISTENERS: readonly Permission[] = [
  'recordings.hear',
  'recordings.hear-own',
  'voicemail.read',
];

/** Sound of recordings. */
export function recordingPages(service: RecordingService): PageRoutes {
  const pages = new PageRoutes();
  pages.get('/recordings/:id/audio', LISTENERS, async (page) => {
    const isDownload = page.query['download'] === '1';
    const { file, recording } = await service.hear(
      page.actor,
      page.param('id'),
      isDownload ? 'download' : 'hear',
    );
    const day = recording.createdAt.toISOString().slice(0, 10);
    if (isDownload) page.res.attachment(`${day}-${recording.id}.flac`);
    await sendSound(page, file);
  });
  return pages;
}

/** What Express reports when it cannot send; 416 is a range that the file does not have. */
interface SendError extends Error {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a stored file, whole or the range asked for. `file` comes from the recordings folder, never from a request. */
function sendSound(page: PageContext, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // Kept by no cache: who loses the permission hears nothing more.
    page.res.set('Cache-Control', 'private, no-store').type('audio/flac');
    page.res.sendFile(
      file,
      { cacheControl: false, etag: false, dotfiles: 'allow' },
      (error?: SendError) => {
        // A browser that has heard enough closes the connection; there is nobody left to tell.
        if (!error || page.res.headersSent) resolve();
        else if (error.status === 416) {
          page.res
            .status(416)
            .set(error.headers ?? {})
            .end();
          resolve();
        } else reject(error);
      },
    );
  });
}
