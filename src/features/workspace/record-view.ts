import { formatPhone, type PageContext } from '../../web/kit/index.js';
import type { PreviewRecord } from '../previews/index.js';

type Words = Pick<PageContext, 't' | 'language' | 'zone' | 'country' | 'masksNumbers'>;

/** Somebody whom the agent calls, or talks to: in the reader's words, numbers as the reader may see them. */
export function recordView(words: Words, record: PreviewRecord) {
  const { t } = words;
  const { company, timeZone, fields, numbers, attempts, remarks, reachedAt } = record;
  return {
    company,
    campaign: record.campaignName,
    // Only where it is not that of whoever reads.
    clock: timeZone === '' || timeZone === words.zone ? '' : timeZone,
    fields: Object.entries(fields).map(([label, value]) => ({ label, value })),
    numbers: numbers.map(({ number, kind, isDead }) => ({
      number: formatPhone(number, words),
      kind: t(`workspace.record.kind.${kind}`),
      isDead,
      isBest: number === record.number,
    })),
    reachedAt,
    attempts: attempts.map((one) => ({
      at: one.at,
      number: formatPhone(one.number, words),
      result: t(`workspace.preview.result.${one.result}`),
      why: one.note === '' ? '' : t(`workspace.skip.${one.note}`),
      campaign: one.campaignName,
      agent: one.agentName,
    })),
    remarks,
  };
}
