import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { rowPages } from '../configuration/index.js';
import type { UsageReports } from '../configuration/index.js';
import type { SkillService } from './skill-service.js';
import { SKILL_KINDS, SKILL_SORTS, skillSchema, type StoredSkill } from './skill.js';

const kinds = (page: PageContext) =>
  SKILL_KINDS.map((value) => ({ value, label: page.t(`skills.kind.${value}`) }));

/** A language by its name in the reader's language: `pt-BR` is "Brazilian Portuguese". */
const languageName = (page: PageContext, tag: string | undefined): string | undefined =>
  tag === undefined
    ? undefined
    : new Intl.DisplayNames(page.language, { type: 'language' }).of(tag);

/** The set-up pages of skills themselves, added to those of the matrix, which stands at `/setup/skills`. */
export const skillPages = (
  service: SkillService,
  usage: UsageReports,
  pages: PageRoutes,
): PageRoutes =>
  rowPages(
    {
      name: 'skills',
      permission: 'skills.edit',
      listPath: '/setup/skills/list',
      service,
      schema: skillSchema,
      list: {
        sorts: SKILL_SORTS,
        defaultSort: 'name',
        filters: ['kind'],
        columns: [
          { label: 'skills.form.name', sort: 'name' },
          { label: 'skills.form.kind', sort: 'kind' },
          { label: 'skills.form.description' },
          { label: 'skills.column.agents', numeric: true },
          { label: 'configuration.column.updated', sort: 'updated' },
          { label: '' },
        ],
        rows: (page, skills) =>
          skills.map((skill) => ({
            kind: skill.kind,
            language: languageName(page, skill.language),
            tag: skill.language,
            description: skill.description,
            agents: skill.agents,
            updatedAt: skill.updatedAt,
          })),
        data: (page) => ({ kinds: kinds(page) }),
      },
      title: (_page, skill) => skill.name,
      newValues: () => ({ kind: 'skill' }),
      values: (_page, skill) => ({
        name: skill.name,
        description: skill.description,
        kind: skill.kind,
        language: skill.language ?? '',
      }),
      data: (page, skill) => ({
        styles: ['setup'],
        kinds: kinds(page),
        languageName: languageName(page, skill?.language),
        warnings: skill && warnings(page, skill),
      }),
      create: (page, values) => service.create(page.actor, values),
      save: (page, id, version, values) => service.save(page.actor, id, version, values),
      uses: (skill) => usage.ofSkill(skill.id),
    },
    pages,
  );

const warnings = (page: PageContext, skill: StoredSkill) =>
  skill.agents === 0 && skill.archivedAt === undefined
    ? [
        {
          text: page.t('skills.warning.nobody'),
          href: '/setup/skills',
          action: page.t('skills.matrix.title'),
        },
      ]
    : [];
