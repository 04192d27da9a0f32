import { z } from 'zod';
import type { WeeklyPeriod } from '../routing/calendar.js';
import cn from './rule-sets/cn.json' with { type: 'json' };
import eu from './rule-sets/eu.json' with { type: 'json' };
import none from './rule-sets/none.json' with { type: 'json' };
import uk from './rule-sets/uk.json' with { type: 'json' };
import us from './rule-sets/us.json' with { type: 'json' };

const weekly: z.ZodType<readonly WeeklyPeriod[]> = z
  .array(
    z.object({
      days: z.array(z.int().min(1).max(7)).min(1),
      fromMinute: z.int().min(0).max(1_439),
      toMinute: z.int().min(1).max(1_440),
    }),
  )
  .min(1);

const ruleSetSchema = z.object({
  id: z.string().regex(/^[a-z]{2,8}$/),
  /** The month in which its sources were read. */
  version: z.string().regex(/^\d{4}-\d{2}$/),
  /** ISO 3166-1 alpha-2; people of other countries follow the set of the site. */
  countries: z.array(z.string().length(2)),
  /** Whose consent must be there first: nobody's, of those who hear a recording only, or everybody's. */
  consent: z.enum(['never', 'recordings', 'always']),
  /** In the person's own zone. */
  weekly,
  /** Whether a law names these hours, or people do so by custom. */
  windowBasis: z.enum(['law', 'practice']),
  minRingMs: z.int().min(15_000),
  /** Share of answered calls, and over how long it is counted. */
  abandonLimit: z.number().min(0).max(1),
  abandonWindowMs: z.int().min(3_600_000),
  messageWhenAbandoned: z.boolean(),
  /** Of one person, by the calendar day; 0 is without limit. */
  attemptsADay: z.int().min(0),
  /** So long nobody dials a person without an agent for sure who met an abandoned call, or whose machine answered; 0 is not at all. */
  afterAbandonedMs: z.int().min(0),
  afterMachineMs: z.int().min(0),
  sources: z.array(z.object({ title: z.string(), says: z.string() })).min(1),
});

/** What a country asks of those who dial, with where it says so. */
export type RuleSet = Readonly<z.infer<typeof ruleSetSchema>>;

/** Every rule set that the product has; `none` is the last. */
export const RULE_SETS: readonly RuleSet[] = [us, uk, eu, cn, none].map((one) =>
  ruleSetSchema.parse(one),
);

/** Of people of countries that no set names. */
export const NO_RULE_SET = RULE_SETS.at(-1) as RuleSet;

/** The set with an id; undefined for what the product does not have. */
export const findRuleSet = (id: string): RuleSet | undefined =>
  RULE_SETS.find((one) => one.id === id);

/** The set of a country (ISO 3166-1 alpha-2); that of `home` for a country that no set names, and `none` where that has none. */
export const ruleSetOf = (country: string, home: string): RuleSet =>
  naming(country) ?? naming(home) ?? NO_RULE_SET;

const naming = (country: string): RuleSet | undefined =>
  RULE_SETS.find((one) => one.countries.includes(country));

/** How an attempt names the set by which it was decided: `uk@2026-11`. */
export const ruleSetName = ({ id, version }: RuleSet): string => `${id}@${version}`;
