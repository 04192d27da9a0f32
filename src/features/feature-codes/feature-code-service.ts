import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError, type FieldProblem } from '../../kernel/errors.js';
import {
  conflictsOf,
  DEFAULT_CODES,
  type FeatureCodes,
  type FeatureName,
} from '../../telephony/feature-codes.js';
import type { SettingStore, StoredSetting } from '../configuration/index.js';
import { codeField } from './feature-codes.js';

/** The codes of the site. */
export class FeatureCodeService {
  constructor(
    private readonly store: SettingStore<FeatureCodes>,
    private readonly announcer: Announcer,
  ) {}

  read(actor: Actor): Promise<StoredSetting<FeatureCodes>> {
    requirePermission(actor, 'extensions.edit');
    return this.store.read();
  }

  /** Throws `invalid-fields` where codes are taken for each other, and `conflict`. `nameOf`: how a feature is called. */
  async save(
    actor: Actor,
    version: number,
    codes: FeatureCodes,
    nameOf: (name: FeatureName) => string,
  ): Promise<void> {
    requirePermission(actor, 'extensions.edit');
    const problems = conflictsOf(codes).map(({ name, other }): FieldProblem => {
      const isSame = codes[name].code === codes[other].code;
      const message = `feature-codes.problem.${isSame ? 'same' : 'hidden'}`;
      return { field: codeField(name), message, params: { other: nameOf(other) } };
    });
    if (problems.length > 0)
      throw new AppError('invalid-fields', 'codes are taken for each other', problems);
    await this.store.save(actor, version, codes);
    await this.announcer.configurationChanged('feature-codes');
  }

  /** Every code as it was in the beginning. */
  async reset(actor: Actor): Promise<void> {
    const { version } = await this.read(actor);
    await this.store.save(actor, version, DEFAULT_CODES);
    await this.announcer.configurationChanged('feature-codes');
  }
}
