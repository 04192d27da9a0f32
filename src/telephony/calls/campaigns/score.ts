import type { ClearedLead, RunningCampaign } from '../../campaigns.js';

/**
 * How likely somebody answers, as the campaign's field of the lead says: any number above 0, `0.35` or `35%`. Undefined where the
 * campaign has no such field, and for what is no such number.
 */
export function scoreOf(
  { fields }: Pick<ClearedLead, 'fields'>,
  { scoreField }: Pick<RunningCampaign, 'scoreField'>,
): number | undefined {
  if (scoreField === undefined) return undefined;
  const text = (fields[scoreField] ?? '').trim().replace(/\s*%$/, '').replace(',', '.');
  const score = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  return score > 0 && Number.isFinite(score) ? score : undefined;
}
