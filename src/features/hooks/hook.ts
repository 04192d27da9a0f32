import { z } from 'zod';
import { isHttpUrl } from '../../kernel/addresses.js';
import {
  addressesField,
  flagField,
  idsField,
  integerField,
  problem,
  textField,
} from '../../kernel/fields.js';
import type { DidId, HookId, QueueId } from '../../kernel/ids.js';
import { certificateProblem } from './certificates.js';
import type { Versioned } from '../configuration/index.js';

/** A hook as it is stored; the secret is set anew only where `secretSealed` is given. */
export interface HookDraft {
  readonly name: string;
  readonly enabled: boolean;
  readonly url: string;
  readonly dids: readonly DidId[];
  readonly queues: readonly QueueId[];
  readonly timeoutMs: number;
  readonly allowedAddresses: readonly string[];
  /** Certificates in PEM that are trusted beside the public authorities; '' for none. */
  readonly caCertificate: string;
  readonly secretSealed?: string;
}

export interface StoredHook extends Versioned<HookId>, HookDraft {}

export const HOOK_SORTS = ['name', 'updated'] as const;
export type HookSort = (typeof HOOK_SORTS)[number];

/** How long a call may wait for a hook, in ms. */
export const HOOK_TIMEOUT = { min: 100, max: 5_000, default: 800 } as const;

/** A chain of a few certificates fits. */
const CERTIFICATES_MAX = 20_000;

const certificateField = () =>
  textField({ min: 0, max: CERTIFICATES_MAX })
    .superRefine((text, context) => {
      const wrong = text === '' ? undefined : certificateProblem(text);
      if (wrong !== undefined) context.addIssue(problem(`hooks.problem.certificate-${wrong}`));
    })
    .prefault('');

const urlField = () =>
  textField({ max: 500 }).superRefine((text, context) => {
    if (text !== '' && !isHttpUrl(text)) context.addIssue(problem('hooks.problem.url'));
  });

/** The form. */
export const hookSchema = z.object({
  name: textField({ max: 80 }),
  enabled: flagField(),
  url: urlField(),
  dids: idsField<DidId>(),
  queues: idsField<QueueId>(),
  timeoutMs: integerField(HOOK_TIMEOUT.min, HOOK_TIMEOUT.max),
  allowedAddresses: addressesField({
    wrong: 'hooks.problem.address',
    tooMany: 'hooks.problem.too-many',
  }),
  caCertificate: certificateField(),
});
