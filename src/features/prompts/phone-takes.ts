import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../kernel/errors.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { PromptTake, PromptTakes, TakeState } from '../../telephony/prompt-takes.js';
import type { PromptService } from './prompt-service.js';
import type { SoundStudio } from './sound-studio.js';
import type { SoundLibrary, SoundRefusal } from './sound.js';

/** How far a take is; `reason` where it failed: of making the sound, or of saving it. */
export interface TakeStatus {
  readonly state: TakeState;
  readonly reason?: SoundRefusal | 'not-saved';
}

/** Keeps takes for an hour, for the process of the pages and that of the calls. */
export interface TakeMemory {
  put(take: PromptTake): Promise<void>;
  find(id: string): Promise<{ readonly take: PromptTake; readonly status: TakeStatus } | undefined>;
  /** Never rejects. */
  note(id: string, status: TakeStatus): void;
}

export interface PhoneTakesParts {
  readonly memory: TakeMemory;
  readonly studio: SoundStudio;
  readonly library: SoundLibrary;
  readonly service: Pick<PromptService, 'addTake'>;
  readonly log: Pick<CallLog, 'warn'>;
}

/** Recordings of prompts by phone: a sound is saved by the process of the calls, whether its page is still open or not. */
export class PhoneTakes implements PromptTakes {
  constructor(private readonly parts: PhoneTakesParts) {}

  async find(id: string): Promise<PromptTake | undefined> {
    return (await this.parts.memory.find(id))?.take;
  }

  note(id: string, state: TakeState): void {
    this.parts.memory.note(id, { state });
  }

  async keep(take: PromptTake, wav: Buffer): Promise<boolean> {
    const reason = await this.#save(take, wav);
    this.parts.memory.note(
      take.id,
      reason === undefined ? { state: 'kept' } : { state: 'failed', reason },
    );
    return reason === undefined;
  }

  async #save(take: PromptTake, wav: Buffer): Promise<TakeStatus['reason']> {
    const { studio, library, service, log } = this.parts;
    const made = await library.withFolder(async (folder) => {
      const path = join(folder, 'take.wav');
      await writeFile(path, wav);
      return studio.fromFile(path);
    });
    if (!made.ok) return made.reason;
    try {
      await service.addTake(take.actor, take.prompt, take.language, made.value);
      return undefined;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.warn({ err: error, take: take.id }, 'a recorded prompt could not be saved');
      return 'not-saved';
    }
  }
}
