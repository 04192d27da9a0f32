import { z } from 'zod';
import { isHttpUrl } from '../../kernel/addresses.js';
import {
  addressesField,
  flagField,
  integerField,
  problem,
  textField,
} from '../../kernel/fields.js';
import type { Language } from '../../kernel/call-event.js';

/** How an endpoint is asked: as OpenAI's `/v1/audio/speech`, or with a body of the administrator's. */
export const ENDPOINT_KINDS = ['openai', 'template'] as const;
export type EndpointKind = (typeof ENDPOINT_KINDS)[number];

/** How long an endpoint may take, in ms: a caller may be waiting. */
export const SPEECH_TIMEOUT = { min: 500, max: 30_000, default: 5_000 } as const;

/** Which voice speaks texts. The secret goes in sealed and comes out sealed. */
export interface SpeechSettings {
  /** False: espeak-ng, the embedded voice, speaks everything. */
  readonly enabled: boolean;
  readonly kind: EndpointKind;
  readonly url: string;
  /** Of `openai`. */
  readonly model: string;
  readonly voices: Readonly<Record<Language, string>>;
  /** The header that carries the secret, such as `Authorization`; '' for none. */
  readonly header: string;
  readonly secretSealed: string;
  /** Of `template`: `{{text}}`, `{{language}}` and `{{voice}}` are filled in as JSON texts. */
  readonly body: string;
  readonly timeoutMs: number;
  readonly allowedAddresses: readonly string[];
  /** espeak-ng speaks where the endpoint does not answer. */
  readonly fallsBack: boolean;
}

/** The settings with the number of their save. */
export interface StoredSpeechSettings extends SpeechSettings {
  readonly version: number;
}

export const NO_ENDPOINT: StoredSpeechSettings = {
  version: 1,
  enabled: false,
  kind: 'openai',
  url: '',
  model: 'tts-1',
  voices: { en: 'alloy', 'zh-CN': 'alloy' },
  header: 'Authorization',
  secretSealed: '',
  body: '{"text": {{text}}, "voice": {{voice}}, "language": {{language}}}',
  timeoutMs: SPEECH_TIMEOUT.default,
  allowedAddresses: [],
  fallsBack: true,
};

const optionalText = (max: number) => textField({ min: 0, max }).default('');

/** The form. What an endpoint needs is asked for only where it is switched on. */
export const speechForm = z
  .object({
    enabled: flagField(),
    kind: z.enum(ENDPOINT_KINDS, 'form.problem.choose').default('openai'),
    url: optionalText(500),
    model: optionalText(100),
    voiceEn: optionalText(100),
    voiceZh: optionalText(100),
    header: optionalText(100),
    secret: optionalText(2_000),
    body: optionalText(4_000),
    timeoutMs: integerField(SPEECH_TIMEOUT.min, SPEECH_TIMEOUT.max),
    allowedAddresses: addressesField({
      wrong: 'speech.problem.address',
      tooMany: 'speech.problem.too-many',
    }),
    fallsBack: flagField(),
  })
  .superRefine((form, context) => {
    const refuse = (field: string, message: string): void => {
      context.addIssue({ ...problem(message), path: [field] });
    };
    if (form.header !== '' && !/^[A-Za-z][A-Za-z0-9-]*$/.test(form.header))
      refuse('header', 'speech.problem.header');
    if (/[\r\n]/.test(form.secret)) refuse('secret', 'speech.problem.secret');
    if (!form.enabled) return;
    if (!isHttpUrl(form.url)) refuse('url', 'speech.problem.url');
    if (form.kind === 'openai' && form.model === '') refuse('model', 'form.problem.needed');
    if (form.kind === 'template' && !isTemplate(form.body)) refuse('body', 'speech.problem.body');
  });
export type SpeechForm = z.output<typeof speechForm>;

/** A body that is JSON once its texts are filled in, and that has the text in it. */
function isTemplate(body: string): boolean {
  if (!body.includes('{{text}}')) return false;
  try {
    JSON.parse(fillBody(body, { text: 'a "quoted" text', language: 'en', voice: 'x' }));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Fills in `{{text}}`, `{{language}}` and `{{voice}}`, each as a JSON text with its quotation marks. */
export const fillBody = (
  template: string,
  values: { readonly text: string; readonly language: Language; readonly voice: string },
): string =>
  template.replace(/\{\{(text|language|voice)\}\}/g, (_all, name: keyof typeof values) =>
    JSON.stringify(values[name]),
  );
