import { z } from 'zod';
import { choiceField, problem } from '../../kernel/fields.js';
import {
  CODECS,
  DTMF_MODES,
  TONE_CODECS,
  type Codec,
  type DtmfMode,
} from '../../telephony/ari/provisioning.js';
import type { LiveView } from '../../telephony/live.js';

/** How sound and keys travel to a phone or over a trunk. */
export interface MediaDraft {
  /** In the order in which they are offered. */
  readonly codecs: readonly Codec[];
  readonly dtmf: DtmfMode;
}

/** Codecs in their order, one select each; empty ones are left out. `otherwise`: where nothing was sent. */
export const codecsField = (otherwise: readonly Codec[] = []) =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((value, context): readonly Codec[] => {
      if (value === undefined && otherwise.length > 0) return otherwise;
      const asked = [value ?? []].flat().filter((text) => text !== '');
      const chosen = asked.flatMap((text) => CODECS.filter((codec) => codec === text));
      if (chosen.length < asked.length) context.addIssue(problem('form.problem.choose'));
      else if (new Set(chosen).size < chosen.length)
        context.addIssue(problem('configuration.problem.codec-twice'));
      else if (chosen.length === 0) context.addIssue(problem('configuration.problem.codecs'));
      else return chosen;
      return z.NEVER;
    });

export const dtmfField = () => choiceField(DTMF_MODES).default('auto');

/** Tones in the sound get through with G.711 alone: what is wrong with a choice, as a problem of the field `dtmf`. */
export function refuseTones({ codecs, dtmf }: MediaDraft, context: z.RefinementCtx): void {
  if (dtmf !== 'inband' || codecs.every((codec) => TONE_CODECS.includes(codec))) return;
  context.addIssue({ ...problem('configuration.problem.inband'), path: ['dtmf'] });
}

/** The codecs of a column, known ones only. */
export const knownCodecs = (names: readonly string[]): readonly Codec[] =>
  names.flatMap((name) => CODECS.filter((codec) => codec === name));

export const knownDtmf = (name: string | undefined): DtmfMode =>
  DTMF_MODES.find((mode) => mode === name) ?? 'auto';

/** The column of codecs (JSON); null is all of them. */
export const codecsOfColumn = (column: unknown): readonly Codec[] =>
  column === null || column === undefined
    ? CODECS
    : knownCodecs((typeof column === 'string' ? JSON.parse(column) : column) as readonly string[]);

/**
 * What the partial `configuration/media` chooses from. A codec that the telephone server cannot convert is not offered, unless
 * it was chosen before: between two sides that have it, it passes as it is.
 */
export function mediaChoices(
  page: { readonly t: (key: string) => string },
  { current }: Pick<LiveView, 'current'>,
  chosen: readonly Codec[] = [],
) {
  const able = current?.codecs ?? CODECS;
  const offered = CODECS.filter((codec) => able.includes(codec) || chosen.includes(codec));
  return {
    codecs: offered.map((value) => ({ value, label: page.t(`trunks.codec.${value}`) })),
    codecPlaces: offered.map((_, at) => ({
      at,
      label: page.t(`configuration.codec.${String(at + 1)}`),
    })),
    isCodecMissing: able.length < CODECS.length,
    dtmfModes: DTMF_MODES.map((value) => ({ value, label: page.t(`configuration.dtmf.${value}`) })),
  };
}
