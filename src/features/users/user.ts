import { z } from 'zod';
import { ROLES, type RoleName } from '../../kernel/actor.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import { choiceField, flagField, problem, textField } from '../../kernel/fields.js';
import type { AgentId, UserId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export const DENSITIES = ['comfortable', 'compact'] as const;
export type Density = (typeof DENSITIES)[number];

/** Somebody who signs in. */
export interface User extends Versioned<UserId> {
  /** Lower case; what is typed on the sign-in page. */
  readonly login: string;
  readonly name: string;
  readonly role: RoleName;
  readonly language: Language;
  readonly theme: Theme;
  readonly density: Density;
  /** Only the page that sets a new password opens until it was changed. */
  readonly mustChangePassword: boolean;
  /** Set where the user works as an agent. */
  readonly agentId: AgentId | undefined;
}

export const USER_SORTS = ['name', 'login', 'role', 'updated'] as const;
export type UserSort = (typeof USER_SORTS)[number];

/** What the store writes. Without a hash the password stays. */
export interface UserDraft {
  readonly login: string;
  readonly name: string;
  readonly role: RoleName;
  readonly language: Language;
  readonly mustChangePassword: boolean;
  readonly passwordHash?: string;
}

const loginField = z
  .string('form.problem.needed')
  .trim()
  .toLowerCase()
  .superRefine((value, context) => {
    if (value === '') context.addIssue(problem('form.problem.needed'));
    else if (!/^[a-z0-9][a-z0-9._-]{1,63}$/.test(value))
      context.addIssue(problem('users.problem.login'));
  });

const languages = LANGUAGES as readonly [Language, ...Language[]];

/** The form of a user. An empty password keeps the stored one; a new user needs one. */
export const userForm = z.object({
  login: loginField,
  name: textField({ max: 80 }),
  role: choiceField(ROLES),
  language: z.enum(languages, 'form.problem.choose'),
  password: z.string().default(''),
  mustChangePassword: flagField(),
});
export type UserValues = z.output<typeof userForm>;

/** What everybody sets for themselves. */
export const preferencesForm = z.object({
  name: textField({ max: 80 }),
  language: z.enum(languages, 'form.problem.choose'),
  theme: choiceField(THEMES),
  density: choiceField(DENSITIES),
});
export type Preferences = Pick<User, 'language' | 'theme' | 'density'>;

export const passwordForm = z.object({
  currentPassword: z.string().min(1, 'form.problem.needed'),
  newPassword: z.string().min(1, 'form.problem.needed'),
});
