import { counted, ratio, type ReportColumn } from '../report-definition.js';

/** What legs over trunks cost; nothing where none has a rate, rather than 0. */
export const COSTS: readonly ReportColumn[] = [
  {
    ...{ key: 'cost', kind: 'money', calls: 'costs.priced' },
    value: (of) => (of('costs.priced') === 0 ? undefined : of('costs.costMicros')),
  },
  ratio('cost-per-call', 'money', (of) => of('costs.costMicros'), 'costs.priced'),
  counted('unpriced', 'costs.unpriced'),
];
