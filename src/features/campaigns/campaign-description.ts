import { clockText } from '../configuration/index.js';
import { RECYCLED_RESULTS } from '../../engines/outbound/recycling.js';
import type { WeeklyPeriod } from '../../engines/routing/calendar.js';
import type { CampaignOption, CampaignOptions } from './campaign-rows.js';
import type { CampaignDraft, CampaignSource } from './campaign.js';
import { delayText } from './recycling-rows.js';

/** A campaign in names, flat, for the audit log. */
export function describeCampaign(
  { settings, ...draft }: CampaignDraft,
  options: CampaignOptions,
): Readonly<Record<string, unknown>> {
  const { recycling, schedule, quota, weekly, ...plain } = settings;
  return {
    ...{ name: draft.name, mode: draft.mode, priority: draft.priority },
    queue: nameOf(options.queues, draft.queue),
    sources: draft.sources.map((source) => sourceName(source, options)).join(', '),
    ...plain,
    callerIds: plain.callerIds.join(', '),
    holidays: nameOf(options.calendars, plain.holidays),
    abandonedPrompt: nameOf(options.prompts, plain.abandonedPrompt),
    machinePrompt: nameOf(options.prompts, plain.machinePrompt),
    flow: nameOf(options.flows, plain.flow),
    scriptId: nameOf(options.scripts, plain.scriptId),
    scoreField: options.numberFields.find(({ key }) => key === plain.scoreField)?.name ?? '',
    hours: weekly.map(periodText).join(', '),
    ...Object.fromEntries(
      RECYCLED_RESULTS.map((result) => {
        const { delayMs, most, number, fromMinute, toMinute } = recycling[result];
        const hours =
          fromMinute === toMinute ? '' : ` ${clockText(fromMinute)}-${clockText(toMinute)}`;
        return [`after ${result}`, `${delayText(delayMs)} ${String(most)} ${number}${hours}`];
      }),
    ),
    quota: `${String(quota.human)} / ${String(quota.machine)}`,
    schedule: `${schedule.from} – ${schedule.until} ${schedule.days.join('')}`,
  };
}

export const nameOf = (options: readonly CampaignOption[], id: number | undefined): string =>
  options.find((one) => one.id === id)?.name ?? '';

export const sourceName = ({ kind, id }: CampaignSource, options: CampaignOptions): string =>
  nameOf(kind === 'list' ? options.lists : options.segments, id);

const periodText = ({ days, fromMinute, toMinute }: WeeklyPeriod): string =>
  `${days.join('')} ${clockText(fromMinute)}-${clockText(toMinute)}`;
