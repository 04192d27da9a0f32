import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { ContactId } from '../../kernel/ids.js';
import { normaliseNumber } from '../../kernel/numbers.js';
import {
  csvLine,
  csvTime,
  exportPhone,
  formatPhone,
  formatWhen,
  sendCsv,
  urlWith,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import type { AttemptLine } from './knex-attempts.js';
import { ACCESS, PATH } from './campaign-pages.js';
import type { Evidence } from './knex-evidence.js';
import { ruleView, type StoredReason } from './rule-words.js';

const EVIDENCE = `${PATH}/evidence`;
/** Rows of one number; more were never allowed. */
const MOST = 5_000;

export interface EvidenceParts {
  readonly clock: Clock;
  readonly country: string;
  /** A contact's number in a place, counted from 0; '' where there is none. */
  readonly numberInPlace: (contact: ContactId, place: number) => Promise<string>;
  readonly evidenceOf: (number: string) => Promise<Evidence>;
  /** Every dial and refusal of a number, the newest first; `most` at most. */
  readonly attemptsOf: (number: string, most: number) => Promise<readonly AttemptLine[]>;
  /** Writes down that somebody took the evidence away as a file. */
  readonly noteExport: (actor: Actor, number: string) => Promise<void>;
}

/** Everything that is known of calls to one number: to look at, to print, and as a file. */
export const evidencePages = (parts: EvidenceParts, pages: PageRoutes): PageRoutes =>
  pages
    .get(EVIDENCE, ACCESS, (page) => showEvidence(page, parts))
    .get(`${EVIDENCE}/export.csv`, ACCESS, (page) => exportEvidence(page, parts));

/** The number that is typed; or, from a contact's page, the one in a place, so that no address has it. */
async function numberOf(page: PageContext, parts: EvidenceParts): Promise<string> {
  const { contact = '', place = '', number = '' } = page.query;
  return /^[1-9]\d{0,9}$/.test(contact) && /^\d{1,2}$/.test(place)
    ? parts.numberInPlace(Number(contact) as ContactId, Number(place))
    : normaliseNumber(number, parts.country);
}

async function showEvidence(page: PageContext, parts: EvidenceParts): Promise<void> {
  requirePermission(page.actor, ACCESS);
  const typed = (page.query['number'] ?? '').trim();
  const number = await numberOf(page, parts);
  const isNumber = number.startsWith('+');
  const base = {
    title: page.t('campaigns.evidence.title'),
    crumbs: [{ label: page.t('campaigns.title'), href: PATH }],
    styles: ['setup', 'campaigns'],
    scripts: ['print'],
    ...{ typed, number, isNumber },
    isWrong: typed !== '' && !isNumber,
    now: parts.clock.now(),
  };
  if (!isNumber) {
    page.render('campaigns/evidence', base);
    return;
  }
  const [evidence, attempts] = await Promise.all([
    parts.evidenceOf(number),
    parts.attemptsOf(number, MOST),
  ]);
  page.render('campaigns/evidence', {
    ...base,
    exportHref: urlWith(`${EVIDENCE}/export.csv`, page.query),
    attempts: attempts.map((line) => attemptView(page, line)),
    dials: attempts.filter(({ kind }) => kind === 'dial').length,
    refusals: attempts.filter(({ kind }) => kind === 'refusal').length,
    ...evidenceView(page, evidence),
  });
}

/** Reasons as a row has them; MariaDB gives JSON as text. */
const reasonsOf = ({ reasons }: AttemptLine): readonly StoredReason[] =>
  (typeof reasons === 'string' ? JSON.parse(reasons) : reasons) as readonly StoredReason[];

function attemptView(page: PageContext, line: AttemptLine) {
  const { t } = page;
  return {
    ...line,
    isDial: line.kind === 'dial',
    kindIcon: line.kind === 'dial' ? 'phone-outgoing' : 'ban',
    kindName: t(`campaigns.kind.${line.kind}`),
    came: cameTo(page, line),
    facts: factsOf(page, line),
    reasons: reasonsOf(line).map((reason) => ruleView(page, reason, line.at.getTime())),
  };
}

/** What happened when, from which number and to whom, in one line. */
function factsOf(page: PageContext, line: AttemptLine): string {
  const at = (key: string, time: Date | null): string =>
    time === null ? '' : `${page.t(`campaigns.csv.${key}`)} ${formatWhen(time, 'seconds', page)}`;
  const shown = line.caller_id;
  return [
    at('answered-at', line.answered_at),
    at('connected-at', line.connected_at),
    at('ended-at', line.ended_at),
    shown === '' ? '' : `${page.t('campaigns.csv.caller-id')} ${formatPhone(shown, page)}`,
    line.agent_name ?? '',
    line.retry_at === null
      ? ''
      : `${page.t('campaigns.csv.retry-at')} ${formatWhen(line.retry_at, 'datetime', page)}`,
  ]
    .filter((text) => text !== '')
    .join(' · ');
}

/** The result of a dial, or the rule that refused it. */
function cameTo({ t }: PageContext, line: AttemptLine): string {
  if (line.kind === 'refusal') return t(`campaigns.held.${line.refused_by}`);
  return t(line.result === '' ? 'campaigns.result.none' : `campaigns.result.${line.result}`);
}

function evidenceView({ t }: PageContext, evidence: Evidence) {
  return {
    people: evidence.people.map((person) => ({
      ...person,
      href: `/contacts/${String(person.id)}`,
    })),
    consents: evidence.consents.map((one) => ({
      ...one,
      kindName: t(`campaigns.consent.${one.kind}`),
    })),
    bans: evidence.bans.map((one) => ({
      ...one,
      scope:
        one.campaign_id === 0
          ? t('campaigns.ban.all')
          : (one.campaign_name ?? t('campaigns.ban.one')),
      sourceName: t(`campaigns.ban-source.${one.source}`),
    })),
    history: evidence.history.map((one) => ({
      ...one,
      actionName: t(`campaigns.ban-history.${one.isAdded ? 'added' : 'removed'}`),
    })),
  };
}

const COLUMNS = [
  ...(['kind', 'at', 'campaign', 'mode', 'contact', 'number', 'came', 'rule-set'] as const),
  ...([
    'answered-at',
    'connected-at',
    'ended-at',
    'caller-id',
    'agent',
    'call',
    'reasons',
  ] as const),
] as const;

async function exportEvidence(page: PageContext, parts: EvidenceParts): Promise<void> {
  requirePermission(page.actor, ACCESS);
  const number = await numberOf(page, parts);
  await parts.noteExport(page.actor, number);
  const [evidence, attempts] = await Promise.all([
    parts.evidenceOf(number),
    parts.attemptsOf(number, MOST),
  ]);
  const head = csvLine(COLUMNS.map((column) => page.t(`campaigns.csv.${column}`)));
  await sendCsv(page, { name: 'evidence', head, at: parts.clock.now() }, async (write) => {
    await write(attempts.map((line) => csvAttempt(page, line)).join(''));
    await write(csvRest(page, number, evidence));
  });
}

function csvAttempt(page: PageContext, line: AttemptLine): string {
  const time = (at: Date | null): string => (at === null ? '' : csvTime(at, page));
  const at = line.at.getTime();
  return csvLine([
    page.t(`campaigns.kind.${line.kind}`),
    time(line.at),
    line.campaign_name ?? '',
    page.t(`campaigns.mode.${line.mode}`),
    line.name ?? '',
    exportPhone(line.number, page),
    cameTo(page, line),
    line.rule_set,
    time(line.answered_at),
    time(line.connected_at),
    time(line.ended_at),
    line.caller_id,
    line.agent_name ?? '',
    line.call_id ?? '',
    reasonsOf(line)
      .map((reason) => {
        const { name, passed, text } = ruleView(page, reason, at);
        return `${passed ? '+' : '-'} ${name}${text === '' ? '' : `: ${text}`}`;
      })
      .join('; '),
  ]);
}

/** Consents and the do-not-call list below the attempts, in the same columns. */
function csvRest(page: PageContext, number: string, evidence: Evidence): string {
  const { t } = page;
  const shown = exportPhone(number, page);
  const line = (kind: string, at: Date, campaign: string, who: string, came: string): string =>
    csvLine([kind, csvTime(at, page), campaign, '', who, shown, came]);
  const { consents, bans, history } = evidenceView(page, evidence);
  return [
    ...consents.map((one) =>
      line(t('campaigns.csv.consent'), one.at, '', one.name, `${one.kindName}: ${one.source}`),
    ),
    ...bans.map((one) =>
      line(t('campaigns.csv.ban'), one.at, one.scope, '', `${one.sourceName} ${one.note}`.trim()),
    ),
    ...history.map((one) => line(t('campaigns.csv.ban'), one.at, '', one.who, one.actionName)),
  ].join('');
}
