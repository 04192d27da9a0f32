import { requirePermission, type Actor, type Permission } from '../../kernel/actor.js';
import type { Announcer, ConfigurationKind } from '../../kernel/announcer.js';
import type { SettingStore, StoredSetting } from './setting-store.js';

/** Who may see and change a setting, and which processes are told of it. */
export interface SettingRule {
  readonly permission: Permission;
  readonly announces: ConfigurationKind;
}

/** One setting of the whole site, for those who may change it. */
export class SettingService<Value> {
  constructor(
    private readonly store: SettingStore<Value>,
    private readonly announcer: Announcer,
    private readonly rule: SettingRule,
  ) {}

  read(actor: Actor): Promise<StoredSetting<Value>> {
    requirePermission(actor, this.rule.permission);
    return this.store.read();
  }

  /** Throws `invalid-fields` where other things forbid the value, and `conflict`. */
  async save(actor: Actor, version: number, value: Value): Promise<void> {
    requirePermission(actor, this.rule.permission);
    await this.store.save(actor, version, value);
    await this.announcer.configurationChanged(this.rule.announces);
  }
}
