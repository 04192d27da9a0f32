import { z } from 'zod';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import { formView, PageRoutes, submitForm, type PageContext } from '../../web/kit/index.js';
import type { SpeechService, SpeechSettingsService } from './speech-service.js';
import {
  ENDPOINT_KINDS,
  speechForm,
  SPEECH_TIMEOUT,
  type StoredSpeechSettings,
} from './speech-settings.js';

const PATH = '/setup/speech';
const FORM = 'speech.form';
/** What is typed into the try-out. */
const MAX_TRY_TEXT = 300;

const tryForm = z.object({
  text: z.string().trim().max(MAX_TRY_TEXT).catch(''),
  language: z.enum(LANGUAGES as [Language, ...Language[]]).catch('en'),
});

/** The page of the voice: which one speaks, and trying it. */
export const speechPages = (settings: SpeechSettingsService, speech: SpeechService): PageRoutes =>
  new PageRoutes()
    .get(PATH, 'prompts.edit', (page) => show(page, settings))
    .post(PATH, 'prompts.edit', (page) => save(page, settings))
    .post(`${PATH}/try`, 'prompts.edit', (page) => tryNow(page, settings, speech));

async function show(
  page: PageContext,
  settings: SpeechSettingsService,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const stored = await settings.read(page.actor);
  const form = formView({ prefix: FORM, action: PATH }, valuesOf(stored), stored.version);
  page.render('speech/edit', { ...pageData(page, stored), ...more, form });
}

/** What the form shows: everything but the secret. */
function valuesOf(stored: StoredSpeechSettings): Readonly<Record<string, unknown>> {
  const { enabled, kind, url, model, voices, header, body, timeoutMs, fallsBack } = stored;
  return {
    ...{ enabled, kind, url, model, header, body, timeoutMs, fallsBack },
    voiceEn: voices.en,
    voiceZh: voices['zh-CN'],
    allowedAddresses: stored.allowedAddresses.join('\n'),
  };
}

const pageData = (page: PageContext, stored: StoredSpeechSettings) => ({
  title: page.t('speech.title'),
  styles: ['setup', 'prompts'],
  limits: SPEECH_TIMEOUT,
  hasSecret: stored.secretSealed !== '',
  isEmbedded: !stored.enabled,
  kinds: ENDPOINT_KINDS.map((kind) => ({ value: kind, label: page.t(`speech.kind.${kind}`) })),
  languages: LANGUAGES.map((language) => ({
    value: language,
    label: page.t(`language.${language}`),
  })),
  try: { text: page.t('speech.try.example'), language: page.language },
});

async function save(page: PageContext, settings: SpeechSettingsService): Promise<void> {
  await submitForm(page, {
    prefix: FORM,
    action: PATH,
    schema: speechForm,
    view: 'speech/edit',
    data: async () => pageData(page, await settings.read(page.actor)),
    save: (form, version) => settings.save(page.actor, version, form),
    current: async () => {
      const stored = await settings.read(page.actor);
      return { version: stored.version, values: valuesOf(stored) };
    },
    done: { path: PATH, toast: { message: 'speech.saved' } },
  });
}

/** Speaks with the stored settings and shows what came of it. */
async function tryNow(
  page: PageContext,
  settings: SpeechSettingsService,
  speech: SpeechService,
): Promise<void> {
  const asked = tryForm.parse(page.body);
  await settings.read(page.actor);
  const made = await speech.try(asked.text, asked.language);
  const failure = made.ok ? made.value.failure : undefined;
  const [reason = '', detail = ''] = made.ok ? [] : made.detail.split(' ');
  await show(page, settings, {
    try: asked,
    tried: made.ok
      ? {
          ...made.value,
          src: `/media/${made.value.hash}.wav`,
          engineName: page.t(`speech.engine.${made.value.engine}`),
          failure: failure && page.t(`speech.failed.${failure.reason}`, { detail: failure.detail }),
        }
      : undefined,
    tryProblem: made.ok
      ? undefined
      : made.reason === 'endpoint'
        ? page.t(`speech.failed.${reason}`, { detail })
        : page.t(`prompts.problem.${made.reason}`),
  });
}
