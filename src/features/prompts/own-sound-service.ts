import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError } from '../../kernel/errors.js';
import { ownSoundKey } from '../../telephony/system-prompts.js';
import type { AuditEntry } from '../audit/audit.js';
import type { KnexOwnSounds, OwnSound, SystemSoundId } from './knex-own-sounds.js';
import type { SoundStudio, StoredSound } from './sound-studio.js';
import type { SystemPromptLibrary, SystemPromptSound } from './system-prompts.js';

/** Something that the switchboard says, with the company's own sound where it has one. */
export interface SystemSound extends SystemPromptSound {
  readonly own: OwnSound | undefined;
}

/** The company's own voice for what the switchboard itself says. Calls use a sound as soon as it is kept. */
export class OwnSoundService {
  constructor(
    private readonly store: KnexOwnSounds,
    private readonly announcer: Announcer,
    private readonly studio: SoundStudio,
    private readonly system: SystemPromptLibrary,
  ) {}

  /** Everything that the switchboard says, tones left out. */
  async list(actor: Actor): Promise<readonly SystemSound[]> {
    requirePermission(actor, 'prompts.edit');
    await this.system.read();
    const own = new Map(
      (await this.store.all()).map((sound) => [ownSoundKey(sound.name, sound.language), sound]),
    );
    return this.system
      .all()
      .filter(({ tone }) => tone === undefined)
      .map((said) => ({ ...said, own: own.get(ownSoundKey(said.name, said.language)) }));
  }

  /** Throws `not-found` for what the switchboard does not say. */
  async get(actor: Actor, id: Readonly<Record<keyof SystemSoundId, string>>): Promise<SystemSound> {
    const found = (await this.list(actor)).find(
      ({ name, language }) => name === id.name && language === id.language,
    );
    if (found === undefined) throw new AppError('not-found', `${id.name} is never said`);
    return found;
  }

  /** Makes a sound of an uploaded file and uses it; throws `invalid-fields` where it is none. */
  async upload(actor: Actor, said: SystemSound, path: string): Promise<void> {
    requirePermission(actor, 'prompts.edit');
    const made = await this.studio.fromFile(path);
    if (!made.ok) throw refusal(`prompts.problem.${made.reason}`);
    if (made.value.isSilent) throw refusal('prompts.own.problem.silent');
    await this.#use(actor, said, made.value);
  }

  /** Uses the sound that a prompt has, which may have been recorded by phone. */
  async use(actor: Actor, said: SystemSound, sound: Pick<StoredSound, 'hash' | 'durationMs'>) {
    requirePermission(actor, 'prompts.edit');
    await this.#use(actor, said, sound);
  }

  /** Goes back to the voice. */
  async remove(actor: Actor, said: SystemSound): Promise<void> {
    requirePermission(actor, 'prompts.edit');
    const { name, language } = said;
    const entry = about(said, said.own?.hash, undefined);
    if (await this.store.remove(actor, { name, language }, entry))
      await this.announcer.configurationChanged('prompts');
  }

  async #use(
    actor: Actor,
    said: SystemSound,
    { hash, durationMs }: Pick<StoredSound, 'hash' | 'durationMs'>,
  ): Promise<void> {
    const { name, language, own } = said;
    const sound = { name, language, hash, durationMs, madeBy: actor.name, madeAt: new Date() };
    await this.store.put(actor, sound, about(said, own?.hash, hash));
    await this.announcer.configurationChanged('prompts');
  }
}

const about = (
  { name, language, text }: SystemSound,
  before: string | undefined,
  after: string | undefined,
): AuditEntry => ({
  action: 'system-prompt.change',
  objectKind: 'system-prompt',
  objectId: `${name} ${language}`,
  objectName: text,
  changes: { sound: [before?.slice(0, 12) ?? '', after?.slice(0, 12) ?? ''] },
});

const refusal = (message: string): AppError =>
  new AppError('invalid-fields', 'this cannot be the sound', [{ field: 'file', message }]);
