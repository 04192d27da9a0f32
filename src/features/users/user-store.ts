import type { UserId } from '../../kernel/ids.js';
import type { RowWriter, VersionedStore } from '../configuration/index.js';
import type { Preferences, User, UserDraft, UserSort } from './user.js';

/** Writing users inside one transaction. */
export interface UserWriter extends RowWriter<UserId, UserDraft, User> {
  /** Administrators in use besides this user; none of them changes until the end of the transaction. */
  otherAdministrators(id: UserId): Promise<number>;
  savePassword(id: UserId, passwordHash: string): Promise<void>;
}

/** Users and their password hashes. */
export interface UserStore extends VersionedStore<UserId, UserDraft, User, UserSort> {
  changeUsers<T>(work: (writer: UserWriter) => Promise<T>): Promise<T>;
  /** A user in use by login, with the hash; undefined for unknown and archived ones. */
  credentials(login: string): Promise<{ readonly id: UserId; readonly hash: string } | undefined>;
  passwordHash(id: UserId): Promise<string | undefined>;
  /** Preferences are no configuration: they raise no version and leave no audit line. */
  savePreferences(
    id: UserId,
    preferences: Partial<Preferences & { readonly name: string }>,
  ): Promise<void>;
}
