import { z } from 'zod';
import { choiceField, problem, textField } from '../../kernel/fields.js';
import { MAX_LEVEL } from '../../engines/acd/requirement.js';
import type { SkillId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';

/** `language` skills belong to a language, so that the caller's language can ask for them. */
export const SKILL_KINDS = ['skill', 'language'] as const;
export type SkillKind = (typeof SKILL_KINDS)[number];

/** Something that agents can do and calls can ask for. */
export interface SkillDraft {
  readonly name: string;
  /** What somebody must be able to do to have it; '' for none. */
  readonly description: string;
  readonly kind: SkillKind;
  /** BCP 47 tag in canonical form; undefined for skills that are no language. */
  readonly language: string | undefined;
}

export interface StoredSkill extends Versioned<SkillId>, SkillDraft {
  /** Agents in use who have it at any level. */
  readonly agents: number;
}

export const SKILL_SORTS = ['name', 'kind', 'updated'] as const;
export type SkillSort = (typeof SKILL_SORTS)[number];

/** A skill to choose from. */
export interface SkillOption {
  readonly id: SkillId;
  readonly name: string;
}

/** One language, perhaps with script and region; the longest that the table keeps. */
const LANGUAGE_TAG = /^[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?$/i;

/** The canonical form of a language tag (`zh-cn` is `zh-CN`); undefined for what is none. */
export const languageTag = (text: string): string | undefined =>
  LANGUAGE_TAG.test(text) ? Intl.getCanonicalLocales(text)[0] : undefined;

/** The form. A language is asked for where the kind is `language`, and forgotten where it is not. */
export const skillSchema = z
  .object({
    name: textField({ max: 80 }),
    description: textField({ min: 0, max: 255 }).default(''),
    kind: choiceField(SKILL_KINDS),
    language: z.string().trim().default(''),
  })
  .transform((draft, context): SkillDraft => {
    if (draft.kind === 'skill') return { ...draft, language: undefined };
    const language = languageTag(draft.language);
    if (language !== undefined) return { ...draft, language };
    const message =
      draft.language === '' ? 'form.problem.needed' : ('skills.problem.language' as const);
    context.addIssue({ ...problem(message), path: ['language'] });
    return z.NEVER;
  });

/** A level as a form or a file has it: empty and 0 are "does not have it", which is 0 here. */
export const levelField = () =>
  z.union([z.string(), z.number()], 'skills.problem.level').transform((value, context): number => {
    const text = String(value).trim();
    if (text === '') return 0;
    if (/^\d{1,3}$/.test(text) && Number(text) <= MAX_LEVEL) return Number(text);
    context.addIssue(problem('skills.problem.level'));
    return z.NEVER;
  });
