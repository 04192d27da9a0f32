import { LANGUAGES } from '../../kernel/call-event.js';
import { formatNumber } from '../../kernel/numbers.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import {
  rowPages,
  targetGroups,
  targetText,
  targetViews,
  type TargetStore,
  type UsageReports,
} from '../configuration/index.js';
import type { DidService } from './did-service.js';
import { DID_SORTS, didSchema, type StoredDid } from './did.js';

const shown = (page: PageContext, did: StoredDid): string =>
  formatNumber(did.number, page.country, page.language);

const languages = (page: PageContext) =>
  LANGUAGES.map((language) => ({ value: language, label: page.t(`language.${language}`) }));

/** What the pages are made of. */
export interface DidPagesParts {
  readonly service: DidService;
  readonly targets: TargetStore;
  readonly usage: UsageReports;
}

/** The set-up pages of DIDs. */
export const didPages = ({ service, targets, usage }: DidPagesParts, country: string): PageRoutes =>
  rowPages({
    name: 'dids',
    permission: 'dids.edit',
    service,
    schema: didSchema(country),
    list: {
      sorts: DID_SORTS,
      defaultSort: 'number',
      filters: ['language'],
      columns: [
        { label: 'dids.form.number', sort: 'number' },
        { label: 'dids.form.name', sort: 'name' },
        { label: 'dids.form.target' },
        { label: 'dids.form.language', sort: 'language' },
        { label: 'configuration.column.updated', sort: 'updated' },
        { label: '' },
      ],
      rows: async (page, dids) => {
        const places = await targetViews(
          page,
          targets,
          dids.map((did) => did.target),
        );
        return dids.map((did, at) => ({
          label: did.name,
          language: did.language,
          target: places[at],
          updatedAt: did.updatedAt,
        }));
      },
      data: (page) => ({ languages: languages(page) }),
    },
    title: shown,
    newValues: (page) => ({ language: page.language }),
    values: (page, did) => ({
      number: shown(page, did),
      name: did.name,
      target: targetText(did.target),
      language: did.language,
    }),
    data: async (page, did) => {
      const groups = targetGroups(page, await targets.options());
      const [place] = did ? await targetViews(page, targets, [did.target]) : [];
      return { targetGroups: groups, languages: languages(page), place };
    },
    create: (page, values) => service.create(page.actor, values),
    save: (page, id, version, values) => service.save(page.actor, id, version, values),
    uses: (did) => usage.ofDid(did.id),
  });
