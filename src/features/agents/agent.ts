import { z } from 'zod';
import { ROLES, type RoleName } from '../../kernel/actor.js';
import { POOL_ORDERS, type CallerIdPool } from '../../engines/caller-id/choose.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import {
  choiceField,
  flagField,
  idsField,
  optionalIdField,
  patternField,
  problem,
  textField,
} from '../../kernel/fields.js';
import type { AgentId, ExtensionId, QueueId, SkillId, UserId } from '../../kernel/ids.js';
import { phoneField, phonesField, type Versioned } from '../configuration/index.js';
import { levelField, type Levels } from '../skills/index.js';

/** Somebody who answers calls, with the account that this person signs in with. */
export interface AgentDraft {
  readonly name: string;
  /** Agent number (工号): typed on a phone to sign in. */
  readonly number: string;
  /** Set where the PIN changes, '' where it is taken away. */
  readonly pinSealed?: string;
  /** The agent's own phone; others need the PIN. */
  readonly extensionId: ExtensionId | undefined;
  /** E.164: shown when the agent dials out. */
  readonly callerIds: readonly string[];
  readonly callerIdOrder: CallerIdPool['order'];
  /** E.164: rings for calls that the agent dials away from the desk; '' for none. */
  readonly outsidePhone: string;
  /** Queues in use only, ascending. */
  readonly queues: readonly QueueId[];
  /** Skills in use only. */
  readonly levels: Levels;
  /** Of the account; lower case. */
  readonly login: string;
  readonly role: RoleName;
  readonly language: Language;
  /** Set where the account is new or gets a new password, which must be changed at the first sign-in. */
  readonly passwordHash?: string;
}

export interface StoredAgent
  extends Versioned<AgentId>, Omit<AgentDraft, 'pinSealed' | 'passwordHash'> {
  /** Undefined for agents that have no account: they can only sign in by phone. */
  readonly userId: UserId | undefined;
  readonly hasPin: boolean;
}

export const AGENT_SORTS = ['name', 'number', 'updated'] as const;
export type AgentSort = (typeof AGENT_SORTS)[number];

const loginField = () =>
  z
    .string('form.problem.needed')
    .trim()
    .toLowerCase()
    .superRefine((login, context) => {
      if (login === '') context.addIssue(problem('form.problem.needed'));
      else if (!/^[a-z0-9][a-z0-9._-]{1,63}$/.test(login))
        context.addIssue(problem('agents.problem.login'));
    });

/** The form's field for a skill: `levels.7`. */
export const levelName = (skill: SkillId): string => `levels.${String(skill)}`;

/** `levels.7` and the like, as a form sends them, become one field. */
const gatherLevels = (input: unknown): unknown => {
  if (typeof input !== 'object' || input === null) return input;
  const levels = Object.entries(input)
    .filter(([name]) => /^levels\.[1-9]\d{0,9}$/.test(name))
    .map(([name, level]): [string, unknown] => [name.slice('levels.'.length), level]);
  return { ...input, levels: Object.fromEntries(levels) };
};

const levelsField = () =>
  z.record(z.string(), levelField()).transform(
    (levels): Levels =>
      new Map(
        Object.entries(levels)
          .filter(([, level]) => level > 0)
          .map(([skill, level]) => [Number(skill) as SkillId, level]),
      ),
  );

const agentFields = (country: string) =>
  z.object({
    name: textField({ max: 80 }),
    number: patternField(/^\d{2,10}$/, 'agents.problem.number'),
    pin: z
      .string()
      .trim()
      .default('')
      .superRefine((pin, context) => {
        if (pin !== '' && !/^\d{4,10}$/.test(pin)) context.addIssue(problem('agents.problem.pin'));
      }),
    removePin: flagField(),
    extensionId: optionalIdField<ExtensionId>(),
    callerIds: phonesField(country),
    callerIdOrder: choiceField(POOL_ORDERS).default('rotate'),
    outsidePhone: phoneField(country, { optional: true }).default(''),
    queues: idsField<QueueId>().transform((ids) => [...ids].sort((a, b) => a - b)),
    login: loginField(),
    role: choiceField(ROLES),
    language: choiceField(LANGUAGES as readonly [Language, ...Language[]]),
    levels: levelsField(),
  });

/** The form. An empty PIN keeps the stored one unless `removePin` is ticked. */
export const agentSchema = (country: string) => z.preprocess(gatherLevels, agentFields(country));
export type AgentValues = z.output<ReturnType<typeof agentSchema>>;

/** An agent without numbers of their own. */
export const NO_OUTSIDE = { callerIds: [], callerIdOrder: 'rotate', outsidePhone: '' } as const;

/** What somebody needs for the first sign-in. Shown once. */
export interface AccountCredentials {
  readonly login: string;
  readonly password: string;
}
