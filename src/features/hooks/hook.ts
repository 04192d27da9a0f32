import { z } from 'zod';
import { isAddressOrNetwork } from '../../kernel/addresses.js';
import { flagField, idsField, integerField, problem, textField } from '../../kernel/fields.js';
import type { DidId, HookId, QueueId } from '../../kernel/ids.js';
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
  readonly secretSealed?: string;
}

export interface StoredHook extends Versioned<HookId>, HookDraft {}

export const HOOK_SORTS = ['name', 'updated'] as const;
export type HookSort = (typeof HOOK_SORTS)[number];

/** How long a call may wait for a hook, in ms. */
export const HOOK_TIMEOUT = { min: 100, max: 5_000, default: 800 } as const;
const MAX_ADDRESSES = 50;

const urlField = () =>
  textField({ max: 500 }).superRefine((text, context) => {
    if (text !== '' && !isHookUrl(text)) context.addIssue(problem('hooks.problem.url'));
  });

function isHookUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.username === '' &&
    url.password === ''
  );
}

const addressesField = () =>
  z
    .string()
    .optional()
    .transform((text, context): readonly string[] => {
      const found = [...new Set((text ?? '').split(/[\s,;]+/).filter((part) => part !== ''))];
      const wrong = found.find((part) => !isAddressOrNetwork(part));
      if (wrong !== undefined)
        context.addIssue(problem('hooks.problem.address', { value: wrong.slice(0, 60) }));
      if (found.length > MAX_ADDRESSES)
        context.addIssue(problem('hooks.problem.too-many', { max: MAX_ADDRESSES }));
      return found;
    });

/** The form. */
export const hookSchema = z.object({
  name: textField({ max: 80 }),
  enabled: flagField(),
  url: urlField(),
  dids: idsField<DidId>(),
  queues: idsField<QueueId>(),
  timeoutMs: integerField(HOOK_TIMEOUT.min, HOOK_TIMEOUT.max),
  allowedAddresses: addressesField(),
});
