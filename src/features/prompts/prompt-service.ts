import { z } from 'zod';
import { can, requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import { AppError, type FieldProblem } from '../../kernel/errors.js';
import { parseFields } from '../../kernel/fields.js';
import type { PromptId } from '../../kernel/ids.js';
import { RowService, type Usage } from '../configuration/index.js';
import type { PromptReports } from './prompt-reports.js';
import type { PromptStore } from './prompt-store.js';
import {
  FIELD_SUFFIX,
  promptNameField,
  type PromptDraft,
  type PromptForm,
  type PromptSort,
  type PromptSound,
  type SoundFields,
  type SoundVersion,
  type StoredPrompt,
} from './prompt.js';
import type { SoundStudio, StoredSound } from './sound-studio.js';
import {
  MAX_SPEECH_TEXT,
  type SoundLibrary,
  type SoundQuality,
  type SoundRefusal,
} from './sound.js';

/** Paths of files that came with the form, by language. */
export type PromptUploads = Readonly<Partial<Record<Language, string>>>;

/** Sounds that a refused form brought: they are in the library, and the next try may name them. */
export type KeptSounds = Readonly<Partial<Record<Language, PromptSound>>>;

/** Earlier sounds that a page shows of one language. */
const VERSIONS_SHOWN = 20;
/** Reads until a version is found: more than anybody keeps. */
const VERSIONS_KEPT = 1_000;
/** Tries to add a recording to a prompt that others save at the same moment. */
const TAKE_TRIES = 5;

/** Who may hear a prompt: whoever makes or chooses one. */
export const LISTENERS = ['prompts.edit', 'flows.edit', 'queues.edit'] as const;

const nameForm = z.object({ name: promptNameField });

/** Managing prompts: what callers hear, by language. */
export class PromptService extends RowService<PromptId, PromptDraft, StoredPrompt, PromptSort> {
  constructor(
    private readonly promptStore: PromptStore,
    announcer: Announcer,
    private readonly studio: SoundStudio,
    private readonly library: SoundLibrary,
    private readonly reports: PromptReports,
  ) {
    super(promptStore, announcer, {
      permission: 'prompts.edit',
      objectKind: 'prompt',
      announces: 'prompts',
      nameOf: (draft) => draft.name,
      describe: (draft) => ({
        name: draft.name,
        ...Object.fromEntries(
          LANGUAGES.map((language) => [language, described(draft.sounds[language])]),
        ),
      }),
    });
  }

  /** Where each prompt is played: flows and queues. */
  async uses(actor: Actor): Promise<ReadonlyMap<PromptId, readonly Usage[]>> {
    requirePermission(actor, 'prompts.edit');
    return this.reports.uses();
  }

  /** Flows and queues that play a prompt, and the DIDs whose callers enter those flows. */
  async usesOf(actor: Actor, id: PromptId): Promise<readonly Usage[]> {
    const direct = (await this.uses(actor)).get(id) ?? [];
    const flows = direct.filter((usage) => usage.kind === 'flow').map((usage) => usage.id);
    return [...direct, ...(flows.length === 0 ? [] : await this.reports.didsOf(flows))];
  }

  /**
   * Makes the sounds that a form asks for and saves the prompt: a new one where `id` is undefined. Throws
   * `invalid-fields` with everything that is wrong, after `keep` got the uploaded sounds that were good, so that nobody
   * has to choose a file twice.
   */
  async submit(
    actor: Actor,
    target: { readonly id: PromptId | undefined; readonly version: number },
    form: PromptForm,
    uploads: PromptUploads,
    keep: (kept: KeptSounds) => void,
  ): Promise<PromptId> {
    requirePermission(actor, 'prompts.edit');
    const before = target.id === undefined ? undefined : await this.get(actor, target.id);
    const name = parseFields(nameForm, form);
    const problems: FieldProblem[] = name.ok ? [] : [...name.problems];
    const sounds: Partial<Record<Language, PromptSound>> = {};
    for (const language of LANGUAGES) {
      const made = await this.#make(language, form.sounds[language], {
        upload: uploads[language],
        before: before?.sounds[language],
      });
      if ('problem' in made) problems.push(made.problem);
      else if (made.sound) sounds[language] = made.sound;
    }
    keep(uploaded(sounds, before));
    if (problems.length === 0 && Object.keys(sounds).length === 0)
      problems.push({ field: 'textEn', message: 'prompts.problem.no-sound' });
    if (problems.length > 0 || !name.ok)
      throw new AppError('invalid-fields', 'the prompt cannot be saved', problems);
    const draft = { name: name.values.name, sounds, madeBy: actor.name };
    if (target.id === undefined) return this.create(actor, draft);
    await this.save(actor, target.id, target.version, draft);
    return target.id;
  }

  /** Flows whose draft plays a prompt, though what is published does not. */
  async draftsOf(actor: Actor, id: PromptId): Promise<readonly Usage[]> {
    const published = (await this.uses(actor)).get(id) ?? [];
    const isPublished = (flow: Usage): boolean =>
      published.some((usage) => usage.kind === 'flow' && usage.id === flow.id);
    return (await this.reports.draftsOf(id)).filter((flow) => !isPublished(flow));
  }

  /** Languages that callers of this site hear. */
  usedLanguages(actor: Actor): Promise<readonly Language[]> {
    requirePermission(actor, 'prompts.edit');
    return this.reports.languages();
  }

  /** The sounds that a prompt has had, by language, the newest first. */
  versions(actor: Actor, id: PromptId): Promise<readonly SoundVersion[]> {
    requirePermission(actor, 'prompts.edit');
    return this.promptStore.versions(id, VERSIONS_SHOWN);
  }

  /** Makes an earlier sound the prompt's sound again; throws `not-found`, or `conflict` where the prompt was saved meanwhile. */
  async restoreSound(
    actor: Actor,
    id: PromptId,
    which: { readonly language: Language; readonly number: number; readonly version: number },
  ): Promise<void> {
    const prompt = await this.get(actor, id);
    const { source, text, hash, durationMs, isSilent } = await this.#version(id, which);
    const sound = { source, text, hash, durationMs, isSilent };
    const sounds = { ...prompt.sounds, [which.language]: sound };
    await this.save(actor, id, which.version, { name: prompt.name, sounds, madeBy: actor.name });
  }

  /** Adds a sound that was recorded by phone, over whatever others saved while it was recorded. */
  async addTake(actor: Actor, id: PromptId, language: Language, sound: StoredSound): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const { name, sounds, version } = await this.get(actor, id);
      const text = sounds[language]?.text ?? '';
      const taken: PromptSound = { source: 'phone', text, ...sound };
      try {
        const draft = { name, sounds: { ...sounds, [language]: taken }, madeBy: actor.name };
        await this.save(actor, id, version, draft);
        return;
      } catch (error) {
        const isConflict = error instanceof AppError && error.code === 'conflict';
        if (!isConflict || tries === TAKE_TRIES) throw error;
      }
    }
  }

  /** Path of an earlier sound; throws `not-found`. */
  async listenToVersion(
    actor: Actor,
    id: PromptId,
    which: { readonly language: Language; readonly number: number },
  ): Promise<string> {
    requirePermission(actor, 'prompts.edit');
    const path = await this.library.find((await this.#version(id, which)).hash, 'wide');
    if (path === undefined) throw new AppError('not-found', 'the file of this sound is gone');
    return path;
  }

  async #version(
    id: PromptId,
    { language, number }: { readonly language: Language; readonly number: number },
  ): Promise<SoundVersion> {
    const all = await this.promptStore.versions(id, VERSIONS_KEPT);
    const found = all.find((one) => one.language === language && one.number === number);
    if (found === undefined)
      throw new AppError('not-found', `prompt ${String(id)} has no sound ${String(number)}`);
    return found;
  }

  /** A prompt of which only the texts are given: what seeds and imports need. */
  createSpoken(
    actor: Actor,
    name: string,
    texts: Readonly<Partial<Record<Language, string>>>,
  ): Promise<PromptId> {
    const fields = (language: Language): SoundFields => ({
      text: texts[language] ?? '',
      speak: false,
      remove: false,
      kept: '',
    });
    const sounds = { en: fields('en'), 'zh-CN': fields('zh-CN') };
    const nothing = { id: undefined, version: 0 };
    return this.submit(actor, nothing, { name, sounds }, {}, () => undefined);
  }

  /** Path of what a prompt sounds like; throws `not-found`. For all who choose prompts somewhere. */
  async listen(
    actor: Actor,
    id: PromptId,
    language: Language,
    quality: SoundQuality,
  ): Promise<string> {
    if (!LISTENERS.some((permission) => can(actor, permission)))
      requirePermission(actor, 'prompts.edit');
    const sound = (await this.store.find(id))?.sounds[language];
    const path = sound && (await this.library.find(sound.hash, quality));
    if (path === undefined)
      throw new AppError('not-found', `prompt ${String(id)} has no sound in ${language}`);
    return path;
  }

  async #make(
    language: Language,
    fields: SoundFields,
    about: { readonly upload: string | undefined; readonly before: PromptSound | undefined },
  ): Promise<{ readonly sound: PromptSound | undefined } | { readonly problem: FieldProblem }> {
    const { before, upload } = about;
    const suffix = FIELD_SUFFIX[language];
    if (fields.text.length > MAX_SPEECH_TEXT) return { problem: tooLong(`text${suffix}`) };
    if (upload !== undefined) {
      const made = await this.studio.fromFile(upload);
      return made.ok
        ? { sound: { source: 'upload', text: fields.text, ...made.value } }
        : { problem: refusal(`file${suffix}`, made.reason) };
    }
    if (fields.remove) return { sound: undefined };
    const kept = fields.kept === '' ? undefined : await this.studio.find(fields.kept);
    if (kept !== undefined) return { sound: { source: 'upload', text: fields.text, ...kept } };
    const isRecorded = before !== undefined && before.source !== 'speech';
    if (isRecorded && !fields.speak) return { sound: { ...before, text: fields.text } };
    if (fields.text === '')
      return before === undefined
        ? { sound: undefined }
        : { problem: refusal(`text${suffix}`, 'nothing-to-say') };
    if (before?.source === 'speech' && before.text === fields.text) return { sound: before };
    const spoken = await this.studio.fromText(fields.text, language);
    return spoken.ok
      ? { sound: { source: 'speech', text: fields.text, ...spoken.value } }
      : { problem: refusal(`text${suffix}`, spoken.reason) };
  }
}

/** Sounds of this form that came as files and are not stored with the prompt yet. */
const uploaded = (
  sounds: Partial<Record<Language, PromptSound>>,
  before: StoredPrompt | undefined,
): KeptSounds =>
  Object.fromEntries(
    Object.entries(sounds).filter(
      ([language, sound]) =>
        sound.source === 'upload' && sound.hash !== before?.sounds[language as Language]?.hash,
    ),
  );

const described = (sound: PromptSound | undefined): string =>
  sound === undefined ? '' : [sound.source, sound.text, sound.hash.slice(0, 12)].join(' · ');

const refusal = (field: string, reason: SoundRefusal): FieldProblem => ({
  field,
  message: `prompts.problem.${reason}`,
});

const tooLong = (field: string): FieldProblem => ({
  field,
  message: 'form.problem.too-long',
  params: { max: MAX_SPEECH_TEXT },
});
