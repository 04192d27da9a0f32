import type { CalendarException } from '../../engines/routing/calendar.js';
import {
  findRuleSet,
  RULE_SETS,
  ruleSetOf,
  type RuleSet,
} from '../../engines/outbound/rule-set.js';
import { effectiveRules, type EffectiveRules } from '../../engines/outbound/rules.js';
import type { CampaignMode } from '../../telephony/campaigns.js';
import type { CampaignSettings } from './campaign.js';

/** The rules of one campaign, by country of the person: made once, asked for each lead. */
export class RulesByCountry {
  readonly #made = new Map<string, EffectiveRules>();

  constructor(
    private readonly mode: CampaignMode,
    private readonly settings: CampaignSettings,
    private readonly exceptions: readonly CalendarException[],
    private readonly homeCountry: string,
  ) {}

  of(country: string): EffectiveRules {
    const ruleSet = this.#ruleSetOf(country);
    const known = this.#made.get(ruleSet.id);
    if (known !== undefined) return known;
    const { settings } = this;
    const made = effectiveRules(
      {
        isRecording: this.mode === 'notification',
        consentNeeded: settings.consentNeeded,
        weekly: settings.weekly,
        exceptions: this.exceptions,
        ringMs: ringOf(settings),
        attemptsInAll: settings.attemptsInAll,
        attemptsANumber: settings.attemptsANumber,
        attemptsADay: settings.attemptsADay,
        daysBetween: settings.daysBetween,
        quota: settings.quota,
      },
      ruleSet,
    );
    this.#made.set(ruleSet.id, made);
    return made;
  }

  #ruleSetOf(country: string): RuleSet {
    const { ruleSet } = this.settings;
    if (ruleSet === BY_COUNTRY) return ruleSetOf(country, this.homeCountry);
    return findRuleSet(ruleSet) ?? ruleSetOf(country, this.homeCountry);
  }
}

/**
 * The rules of campaigns as they were used last: what they remember of hours in each zone is worth keeping, until the campaign or
 * its calendar is saved anew.
 */
export class RulesMemory {
  readonly #known = new Map<number, { readonly key: string; readonly rules: RulesByCountry }>();

  constructor(private readonly homeCountry: string) {}

  of(
    campaign: { readonly id: number; readonly version: number; readonly mode: CampaignMode },
    settings: CampaignSettings,
    exceptions: readonly CalendarException[],
  ): RulesByCountry {
    const key = JSON.stringify([campaign.version, exceptions]);
    const known = this.#known.get(campaign.id);
    if (known?.key === key) return known.rules;
    const rules = new RulesByCountry(campaign.mode, settings, exceptions, this.homeCountry);
    this.#known.set(campaign.id, { key, rules });
    return rules;
  }
}

/** The choice of a rule set for each person by its country. */
export const BY_COUNTRY = 'by-country';

/** Every set that may decide for a campaign. */
export const ruleSetsOf = ({ ruleSet }: Pick<CampaignSettings, 'ruleSet'>): readonly RuleSet[] => {
  const fixed = ruleSet === BY_COUNTRY ? undefined : findRuleSet(ruleSet);
  return fixed === undefined ? RULE_SETS.filter(({ countries }) => countries.length > 0) : [fixed];
};

/** How long it rings: as the campaign has it, and never shorter than a rule set allows. */
export const ringOf = (settings: Pick<CampaignSettings, 'ruleSet' | 'ringMs'>): number =>
  Math.max(settings.ringMs, ...ruleSetsOf(settings).map(({ minRingMs }) => minRingMs));

/**
 * How many answered calls may be abandoned: as the campaign has it, and never more than the strictest of its rule sets. A share
 * that is kept in each day is kept in thirty days, too: of two windows the shorter one is stricter.
 */
export const abandonRuleOf = (
  settings: Pick<CampaignSettings, 'ruleSet' | 'abandonLimit' | 'abandonWindowMs'>,
): { readonly limit: number; readonly windowMs: number } => {
  const sets = ruleSetsOf(settings).filter(({ abandonLimit }) => abandonLimit < 1);
  return {
    limit: Math.min(settings.abandonLimit, ...sets.map(({ abandonLimit }) => abandonLimit)),
    windowMs: Math.min(
      settings.abandonWindowMs,
      ...sets.map(({ abandonWindowMs }) => abandonWindowMs),
    ),
  };
};
