import type { FeatureModule, PageRoutes } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { rowPages, RowService, type ConfigurationParts } from '../configuration/index.js';
import {
  amountText,
  RATE_DIRECTIONS,
  RATE_SORTS,
  rateSchema,
  type RateDraft,
  type StoredRate,
} from './call-rate.js';
import { KnexCallRateStore, trunksOfRates } from './knex-call-rate-store.js';

export { amountField, amountText } from './call-rate.js';

type Trunks = () => ReturnType<typeof trunksOfRates>;

/** What calls over trunks cost; reports reckon with it. */
export function makeCallRatesFeature(
  { database, announcer }: Pick<ConfigurationParts, 'database' | 'announcer'>,
  zone: string,
): FeatureModule {
  const trunks: Trunks = () => trunksOfRates(database);
  const service = new RowService(new KnexCallRateStore(database, knexAuditLog, zone), announcer, {
    permission: 'trunks.edit',
    objectKind: 'rate',
    announces: 'settings',
    nameOf: (draft: RateDraft) => draft.name,
    describe: async (draft: RateDraft) => ({
      ...draft,
      trunkId: (await trunks()).find(({ id }) => id === draft.trunkId)?.name ?? '',
      perMinute: amountText(draft.perMinute),
      perCall: amountText(draft.perCall),
    }),
  });
  return {
    name: 'call-rates',
    pages: ratePages(service, trunks),
    menu: [
      {
        ...{ group: 'lines', label: 'rates.title', icon: 'coins' },
        ...{ href: '/setup/rates', access: 'trunks.edit', order: 70 },
      },
    ],
  };
}

function ratePages(
  service: RowService<StoredRate['id'], RateDraft, StoredRate, (typeof RATE_SORTS)[number]>,
  trunks: Trunks,
): PageRoutes {
  return rowPages({
    name: 'rates',
    permission: 'trunks.edit',
    service,
    schema: rateSchema,
    list: {
      sorts: RATE_SORTS,
      defaultSort: 'name',
      columns: [
        { label: 'rates.form.name', sort: 'name' },
        { label: 'rates.form.trunk-id' },
        { label: 'rates.form.direction' },
        { label: 'rates.form.prefix', sort: 'prefix' },
        { label: 'rates.form.per-minute', numeric: true },
        { label: 'rates.form.per-call', numeric: true },
        { label: 'rates.form.valid-from' },
        { label: 'configuration.column.updated', sort: 'updated' },
        { label: '' },
      ],
      rows: async (page, rates) => {
        const names = new Map((await trunks()).map(({ id, name }) => [id, name]));
        return rates.map((rate) => ({
          trunk: rate.trunkId === undefined ? page.t('rates.any-trunk') : names.get(rate.trunkId),
          direction: page.t(`rates.direction.${rate.direction}`),
          prefix: rate.prefix === '' ? page.t('rates.any-number') : rate.prefix,
          perMinute: `${amountText(rate.perMinute)} ${rate.currency}`,
          perCall: `${amountText(rate.perCall)} ${rate.currency}`,
          ...{ validFrom: rate.validFrom, updatedAt: rate.updatedAt },
        }));
      },
      data: () => ({ styles: ['setup'] }),
    },
    title: (_page, rate) => rate.name,
    newValues: () => ({
      ...{ direction: 'out', perCall: '0', perMinute: '', minimumS: 0, incrementS: 1 },
      ...{ currency: '', validFrom: '2020-01-01' },
    }),
    values: (_page, rate) => ({
      ...rate,
      perMinute: amountText(rate.perMinute),
      perCall: amountText(rate.perCall),
    }),
    data: async (page) => ({
      styles: ['setup'],
      trunks: (await trunks()).map(({ id, name }) => ({ value: id, label: name })),
      directions: RATE_DIRECTIONS.map((value) => ({
        value,
        label: page.t(`rates.direction.${value}`),
      })),
    }),
    create: (page, values) => service.create(page.actor, values),
    save: (page, id, version, values) => service.save(page.actor, id, version, values),
  });
}
