import type { UserId } from '../../kernel/ids.js';

/** A browser that is signed in. */
export interface Session {
  /** 256 random bits; only the browser's cookie has it. */
  readonly id: string;
  readonly userId: UserId;
  /** What forms of this session must send along. */
  readonly csrf: string;
}

/** Where sessions live between requests. All methods reject while the store is away. */
export interface SessionStore {
  create(userId: UserId): Promise<Session>;
  /** Undefined for unknown, ended and idle sessions. Using a session keeps it. */
  find(id: string): Promise<Session | undefined>;
  /** Whether it exists, without keeping it from becoming idle. */
  isOpen(id: string): Promise<boolean>;
  /** Keeps a notice for the next page; the oldest go when there are more than ten. */
  pushNotice(id: string, notice: string): Promise<void>;
  takeNotices(id: string): Promise<readonly string[]>;
  end(id: string): Promise<void>;
  /** Ends all sessions of a user, but for one. */
  endAll(userId: UserId, exceptId?: string): Promise<void>;
}
