import { RECYCLED_RESULTS } from '../../engines/outbound/recycling.js';
import { RULE_SETS } from '../../engines/outbound/rule-set.js';
import type { PageContext } from '../../web/kit/index.js';
import { WEEKDAYS, weekView, zoneOptions } from '../calendars/index.js';
import { ABANDON_WINDOWS, MACHINE_ACTIONS, OPT_OUT_DIGITS } from './campaign-form.js';
import type { CampaignOption, CampaignRows } from './campaign-rows.js';
import { abandonRuleOf, BY_COUNTRY, ringOf } from './campaign-rules.js';
import { CAMPAIGN_LIMITS, CAMPAIGN_MODES, type CampaignDraft } from './campaign.js';
import { limitWords } from './limit-words.js';

const choices = (options: readonly CampaignOption[]) =>
  options.map(({ id, name }) => ({ value: id, label: name }));

/** What the form of a campaign chooses from, and what its rule set makes of it. */
export async function formData(page: PageContext, rows: CampaignRows, draft: CampaignDraft) {
  const options = await rows.options();
  const { t } = page;
  const isTyped = page.body['zone'] !== undefined;
  return {
    styles: ['calendars', 'campaigns'],
    limits: CAMPAIGN_LIMITS,
    modes: CAMPAIGN_MODES.map((value) => ({ value, label: t(`campaigns.mode.${value}`) })),
    modeHelps: CAMPAIGN_MODES.map((value) => ({
      label: t(`campaigns.mode.${value}`),
      text: t(`campaigns.mode.${value}.help`),
    })),
    queues: choices(options.queues),
    sourceOptions: [
      ...options.lists.map(({ id, name }) => ({
        value: `list:${String(id)}`,
        label: name,
        note: t('campaigns.source.list'),
      })),
      ...options.segments.map(({ id, name }) => ({
        value: `segment:${String(id)}`,
        label: name,
        note: t('campaigns.source.segment'),
      })),
    ],
    languages: (['en', 'zh-CN'] as const).map((value) => ({
      value,
      label: t(`language.${value}`),
    })),
    zones: zoneOptions(page.zone, draft.settings.zone),
    calendars: choices(options.calendars),
    prompts: choices(options.prompts),
    flows: choices(options.flows),
    scriptOptions: choices(options.scripts),
    scoreFields: options.numberFields.map(({ key, name }) => ({ value: key, label: name })),
    machineActions: MACHINE_ACTIONS.map((value) => ({
      value,
      label: t(`campaigns.machine.${value}`),
    })),
    optOutDigits: OPT_OUT_DIGITS.map((value) => ({
      value,
      label: value === '' ? t('campaigns.no-digit') : value,
    })),
    previewEnds: (['dial', 'skip'] as const).map((value) => ({
      value,
      label: t(`campaigns.at-limit.${value}`),
    })),
    abandonWindows: ABANDON_WINDOWS.map((value) => ({
      value,
      label: t(`campaigns.window.${value}`),
    })),
    ruleSets: [BY_COUNTRY, ...RULE_SETS.map(({ id }) => id)].map((value) => ({
      value,
      label: t(`campaigns.rule-set.${value}`),
    })),
    week: weekView(page, isTyped ? undefined : draft.settings.weekly),
    days: WEEKDAYS.map((day) => ({
      value: String(day),
      label: t(`flow.day.${String(day)}`),
    })),
    recycling: RECYCLED_RESULTS.map((result) => ({
      result,
      label: t(`campaigns.result.${result}`),
    })),
    numberChoices: (['same', 'next'] as const).map((value) => ({
      value,
      label: t(`campaigns.number.${value}`),
    })),
    fieldLabels: recycleLabels(page),
    holds: {
      ...abandonRuleOf(draft.settings),
      ringMs: ringOf(draft.settings),
      words: limitWords(page, draft.settings),
    },
  };
}

/** Cells of the table of results are called after result and column. */
const recycleLabels = ({ t }: PageContext): Readonly<Record<string, string>> =>
  Object.fromEntries(
    RECYCLED_RESULTS.flatMap((result) =>
      (['delay', 'most', 'number', 'from', 'to'] as const).map((field): [string, string] => [
        `recycle.${result}.${field}`,
        `${t(`campaigns.result.${result}`)}, ${t(`campaigns.recycle.${field}`)}`,
      ]),
    ),
  );
