import { importFolder } from '../../adapters/files/import-folder.js';
import type { Directory } from '../../telephony/directory.js';
import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexUsageReports, type ConfigurationParts } from '../configuration/index.js';
import { KnexLevelStore } from './knex-level-store.js';
import { KnexSkillStore } from './knex-skill-store.js';
import { addLevelImportPages } from './level-import-pages.js';
import { LevelService } from './level-service.js';
import { addMatrixPages } from './matrix-pages.js';
import { skillTopic } from './skill-live.js';
import { skillPages } from './skill-pages.js';
import { SkillService } from './skill-service.js';

export { lockSkills, readLevels, readSkillOptions, writeLevels } from './knex-levels.js';
export { describeLevels, levelDifferences, type Levels } from './level.js';
export { LevelService } from './level-service.js';
export { readQueuesNobodyTakes, type NamedQueue } from './knex-takers.js';
export { takenAfterMs } from './takers.js';
export { levelField, type SkillDraft, type SkillOption } from './skill.js';
export { SkillService } from './skill-service.js';

/** What skills are wired with beside what all set-up features need. */
export interface SkillsParts extends ConfigurationParts {
  /** Kept up to date by whoever opened it. */
  readonly directory: Pick<Directory, 'current'>;
  /** A private folder for checked import files. */
  readonly importFolder: string;
}

/** What agents can do, and how well. */
export interface SkillsFeature extends FeatureModule {
  readonly service: SkillService;
  readonly levels: LevelService;
}

/** The services without the pages, on MariaDB. */
export const openSkills = ({
  database,
  announcer,
}: Pick<ConfigurationParts, 'database' | 'announcer'>) => ({
  service: new SkillService(new KnexSkillStore(database, knexAuditLog), announcer),
  levels: new LevelService(new KnexLevelStore(database, knexAuditLog), announcer),
});

/** Wires skills on MariaDB. */
export function makeSkillsFeature(parts: SkillsParts): SkillsFeature {
  const { service, levels } = openSkills(parts);
  const topic = skillTopic(parts.directory);
  const pages = new PageRoutes();
  addMatrixPages(pages, { levels, topic, live: parts.live });
  addLevelImportPages(pages, { levels, shelf: importFolder(parts.importFolder) });
  return {
    name: 'skills',
    service,
    levels,
    pages: skillPages(service, new KnexUsageReports(parts.database), pages),
    liveTopics: [topic],
    menu: [
      {
        group: 'people',
        label: 'skills.matrix.title',
        icon: 'table',
        href: '/setup/skills',
        access: 'skills.edit',
        order: 15,
      },
    ],
  };
}
