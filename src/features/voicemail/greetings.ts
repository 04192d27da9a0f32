import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_GREETING_MS, type GreetingOutcome } from '../../telephony/mailboxes.js';
import type { SoundRefusal, SoundStudio, StoredSound } from '../prompts/index.js';

export interface GreetingTools {
  readonly studio: SoundStudio;
  /** Runs work with an empty folder, which is gone afterwards. */
  readonly withFolder: <T>(work: (folder: string) => Promise<T>) => Promise<T>;
}

export type GreetingRefusal = SoundRefusal | 'silent' | 'greeting-too-long';
export type MadeGreeting =
  | { readonly ok: true; readonly sound: StoredSound }
  | { readonly ok: false; readonly reason: GreetingRefusal };

/** Makes a greeting of a sound file, unless nothing can be heard in it or callers would wait too long for its end. */
export async function greetingOfFile(studio: SoundStudio, path: string): Promise<MadeGreeting> {
  const made = await studio.fromFile(path);
  if (!made.ok) return { ok: false, reason: made.reason };
  if (made.value.durationMs > MAX_GREETING_MS) return { ok: false, reason: 'greeting-too-long' };
  if (made.value.isSilent) return { ok: false, reason: 'silent' };
  return { ok: true, sound: made.value };
}

/** The same of what a node recorded. */
export const greetingOfWav = ({ studio, withFolder }: GreetingTools, wav: Buffer) =>
  withFolder(async (folder) => {
    const path = join(folder, 'greeting.wav');
    await writeFile(path, wav);
    return greetingOfFile(studio, path);
  });

/** What somebody at a phone is told. */
export function outcomeOf(reason: GreetingRefusal): GreetingOutcome {
  switch (reason) {
    case 'silent':
    case 'too-short':
      return reason;
    case 'too-long':
    case 'greeting-too-long':
      return 'too-long';
    default:
      return 'failed';
  }
}
