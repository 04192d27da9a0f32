import type { PageContext } from '../../web/kit/index.js';
import type { ReportDefinition } from './report-definition.js';
import { isUnit, subjectOf, type AskedReport, type ReportNames } from './read-report.js';
import { readPeriod } from './report-period.js';

/** What an address asks for; what it names that is none narrows nothing. */
export async function askReport(
  { query, zone }: Pick<PageContext, 'query' | 'zone'>,
  definition: ReportDefinition,
  names: ReportNames,
  now: number,
) {
  const period = readPeriod({ query, zone }, now);
  const [first] = definition.subjects;
  const usual = definition.usualBy ?? first?.key ?? '';
  const wanted = query['by'] ?? '';
  const isKnown =
    isUnit(definition, wanted) || definition.subjects.some(({ key }) => key === wanted);
  const by = isKnown ? wanted : usual;
  const key = first?.key ?? '';
  const items = first?.groupsOf === undefined ? await names.items(key) : undefined;
  const isOwn = subjectOf(definition, by).key === key;
  const item = isOwn ? items?.find((one) => one.item === query[key])?.item : undefined;
  const hasMoney = definition.columns.some(({ kind }) => kind === 'money');
  const currency = hasMoney ? await names.currency() : undefined;
  const asked: AskedReport = { span: period.span, by, item, zone, now, currency };
  const address: Readonly<Record<string, string>> = {
    ...definition.address,
    ...{ period: period.period, from: period.from, to: period.to, by },
    ...(item === undefined ? {} : { [key]: item }),
    compare: period.before === undefined ? 'none' : '',
    heat: query['heat'] ?? '',
  };
  return { period, asked, address, subject: key, items };
}
