import { z } from 'zod';
import { choiceField, integerField, problem, textField } from '../../kernel/fields.js';
import type { SettingKind } from '../configuration/index.js';
import { CODEC_ORDERS, type CodecOrder } from './files/device.js';
import { readExtraLines } from './files/extra-lines.js';
import { VENDORS, type Vendor } from './models.js';

/** What all phones of the site are told. */
export interface ProvisioningSettings {
  /** Where phones reach this server: `https://pbx.example.com`; '' for where its pages are. */
  readonly server: string;
  readonly ntp: string;
  readonly codecs: CodecOrder;
  /** Phones ask for their file again after so long. */
  readonly refreshMinutes: number;
  /** `name = value` lines that are added to each file of a vendor, as typed. */
  readonly extra: Readonly<Record<Vendor, string>>;
}

export const REFRESH_MINUTES = { min: 5, max: 1_440, default: 60 } as const;

const FIRST: ProvisioningSettings = {
  server: '',
  ntp: 'pool.ntp.org',
  codecs: 'alaw',
  refreshMinutes: REFRESH_MINUTES.default,
  extra: { yealink: '', grandstream: '', fanvil: '' },
};

const storedSchema = z
  .object({
    server: z.string(),
    ntp: z.string(),
    codecs: z.enum(CODEC_ORDERS),
    refreshMinutes: z.number(),
    extra: z.object({ yealink: z.string(), grandstream: z.string(), fanvil: z.string() }),
  })
  .catch(FIRST);

/** As one setting of the site. What is added may hold passwords: the audit log says only that it changed. */
export const PROVISIONING_SETTING: SettingKind<ProvisioningSettings> = {
  name: 'provisioning',
  parse: (stored) => storedSchema.parse(stored ?? FIRST),
  describe: ({ server, ntp, codecs, refreshMinutes, extra }) => ({
    ...{ server, ntp, codecs, refreshMinutes },
    ...Object.fromEntries(VENDORS.map((vendor) => [extraField(vendor), digest(extra[vendor])])),
  }),
};

export const extraField = (vendor: Vendor): `extra.${Vendor}` => `extra.${vendor}`;

/** How many lines, and a short mark that changes with them. */
function digest(text: string): string {
  if (text === '') return '';
  let mark = 0;
  for (const letter of text) mark = (mark * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return `${String(text.split('\n').length)} (${mark.toString(16)})`;
}

const extra = (vendor: Vendor) =>
  z
    .string()
    .default('')
    .transform((text, context) => {
      const read = readExtraLines(vendor, text);
      if (read.ok) return text.replaceAll(/\r\n?/g, '\n').trim();
      context.addIssue(
        problem(`provisioning.problem.extra.${vendor}`, { line: read.line, text: read.text }),
      );
      return z.NEVER;
    });

/** The form. */
export const settingsForm = z
  .object({
    server: z
      .string()
      .trim()
      .default('')
      .transform((text) => text.replace(/\/+$/, ''))
      .refine(
        (text) => text === '' || /^https?:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._~/-]*)?$/.test(text),
        'provisioning.problem.server',
      ),
    ntp: textField({ max: 120 }).refine(
      (text) => /^[A-Za-z0-9.:-]+$/.test(text),
      'provisioning.problem.ntp',
    ),
    codecs: choiceField(CODEC_ORDERS),
    refreshMinutes: integerField(REFRESH_MINUTES.min, REFRESH_MINUTES.max),
    'extra.yealink': extra('yealink'),
    'extra.grandstream': extra('grandstream'),
    'extra.fanvil': extra('fanvil'),
  })
  .transform(({ server, ntp, codecs, refreshMinutes, ...form }): ProvisioningSettings => ({
    ...{ server, ntp, codecs, refreshMinutes },
    extra: {
      yealink: form['extra.yealink'],
      grandstream: form['extra.grandstream'],
      fanvil: form['extra.fanvil'],
    },
  }));

/** What the form shows. */
export const settingsValues = ({ extra: lines, ...settings }: ProvisioningSettings) => ({
  ...settings,
  refreshMinutes: String(settings.refreshMinutes),
  ...Object.fromEntries(VENDORS.map((vendor) => [extraField(vendor), lines[vendor]])),
});
