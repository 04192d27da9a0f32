import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Permission } from '../../kernel/actor.js';
import { PageRoutes, type PageContext } from '../../web/kit/index.js';
import type { PlayableSound, RecordingService } from './recording-service.js';

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
    const sound = await service.hear(
      page.actor,
      page.param('id'),
      isDownload ? 'download' : 'hear',
    );
    try {
      await sendSound(page, sound, isDownload);
    } finally {
      await sound.close();
    }
  });
  return pages;
}

/** Sends a sound, whole or the one range that is asked for. Sound that is not as it was stored is refused before anything is sent. */
async function sendSound(
  { req, res }: PageContext,
  sound: PlayableSound,
  isDownload: boolean,
): Promise<void> {
  const { bytes, recording } = sound;
  const asked = req.range(bytes, { combine: true });
  // Kept by no cache: who loses the permission hears nothing more.
  res.set({ 'Cache-Control': 'private, no-store', 'Accept-Ranges': 'bytes' });
  if (asked === -1) {
    res
      .status(416)
      .set('Content-Range', `bytes */${String(bytes)}`)
      .end();
    return;
  }
  // Nonsense is no range, and several ranges at once are answered with the whole.
  const isPart = Array.isArray(asked) && asked.length === 1 && asked.type === 'bytes';
  const [from, to] = isPart && asked[0] ? [asked[0].start, asked[0].end + 1] : [0, bytes];
  const body = await sound.read(from, to);
  if (isDownload)
    res.attachment(`${recording.createdAt.toISOString().slice(0, 10)}-${recording.id}.flac`);
  res.type('audio/flac').set('Content-Length', String(to - from));
  if (isPart)
    res
      .status(206)
      .set('Content-Range', `bytes ${String(from)}-${String(to - 1)}/${String(bytes)}`);
  if (req.method === 'HEAD') {
    res.end();
    return;
  }
  try {
    await pipeline(Readable.from(body), res);
  } catch (error) {
    // A browser that has heard enough closes the connection; there is nobody left to tell.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
