import { RING_STRATEGIES } from '../../engines/reach/ring-plan.js';
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
import { memberNumber, type RingGroupService } from './ring-group-service.js';
import type { PhoneOption, RingGroupStore } from './ring-group-store.js';
import {
  MAX_MEMBERS,
  RING_GROUP_SORTS,
  RING_S,
  ringGroupSchema,
  type StoredRingGroup,
} from './ring-group.js';

/** What the pages are made of. */
export interface RingGroupPagesParts {
  readonly service: RingGroupService;
  readonly store: RingGroupStore;
  readonly targets: TargetStore;
  readonly usage: UsageReports;
  readonly country: string;
}

/** Empty places for members that a form has at least. */
const SPARE_PLACES = 4;

/** The set-up pages of ring groups. */
export const ringGroupPages = (parts: RingGroupPagesParts): PageRoutes => {
  const { service, store, targets } = parts;
  return rowPages({
    name: 'ring-groups',
    permission: 'extensions.edit',
    service,
    schema: ringGroupSchema(parts.country),
    list: {
      sorts: RING_GROUP_SORTS,
      defaultSort: 'name',
      columns: [
        { label: 'ring-groups.form.name', sort: 'name' },
        { label: 'ring-groups.form.number', sort: 'number' },
        { label: 'ring-groups.form.strategy', sort: 'strategy' },
        { label: 'ring-groups.form.members' },
        { label: 'ring-groups.form.elsewhere' },
        { label: 'configuration.column.updated', sort: 'updated' },
        { label: '' },
      ],
      rows: async (page, groups) => {
        const phones = await store.phones();
        const places = await targetViews(
          page,
          targets,
          groups.map((group) => group.elsewhere),
        );
        return groups.map((group, at) => ({
          number: group.number,
          strategy: page.t(`ring-groups.strategy.${group.strategy}`),
          members: memberTexts(page, group, phones).join(', '),
          elsewhere: places[at],
          updatedAt: group.updatedAt,
        }));
      },
    },
    title: (_page, group) => group.name,
    newValues: () => ({
      strategy: 'all',
      ringS: RING_S.default,
      confirms: true,
      members: [],
      elsewhere: 'hangup',
    }),
    values: (_page, group) => ({
      name: group.name,
      number: group.number,
      strategy: group.strategy,
      ringS: group.ringS,
      prefix: group.prefix,
      confirms: group.confirms,
      elsewhere: targetText(group.elsewhere),
    }),
    data: (page, group) => formData(page, parts, group),
    create: (page, values) => service.createGroup(page.actor, values),
    save: (page, id, version, values) => service.saveGroup(page.actor, id, version, values),
    uses: (group) => parts.usage.ofRingGroup(group.id),
  });
};

/** Members as people write them. */
const memberTexts = (
  page: PageContext,
  group: StoredRingGroup,
  phones: readonly PhoneOption[],
): readonly string[] =>
  group.members.map((member) =>
    formatNumber(memberNumber(member, phones), page.country, page.language),
  );

async function formData(
  page: PageContext,
  { store, targets }: RingGroupPagesParts,
  group: StoredRingGroup | undefined,
) {
  const [phones, options] = await Promise.all([store.phones(), targets.options()]);
  const typed = page.body['members'];
  const stored = group === undefined ? [] : memberTexts(page, group, phones);
  const members = [typed ?? stored].flat().map(String);
  const filled = members.filter((text) => text.trim() !== '').length;
  const ringGroups = options.ringGroups.filter(
    ({ value }) => value !== `ring-group:${String(group?.id ?? 0)}`,
  );
  return {
    styles: ['setup'],
    strategies: RING_STRATEGIES.map((value) => ({
      value,
      label: page.t(`ring-groups.strategy.${value}`),
    })),
    ring: RING_S,
    targetGroups: targetGroups(page, { ...options, ringGroups }),
    phones,
    places: Array.from({ length: Math.min(MAX_MEMBERS, filled + SPARE_PLACES) }, (_, at) => ({
      label: page.t('ring-groups.place', { number: at + 1 }),
      value: members[at] ?? '',
      // The first is where the problem of the whole list leads.
      id: at === 0 ? 'f-members' : `f-members-${String(at)}`,
    })),
  };
}
