import type { Actor } from '../../kernel/actor.js';
import type { Language } from '../../kernel/call-event.js';
import type { LiveSnapshot } from '../../telephony/live.js';
import type { Reader } from './format.js';
import type { Access } from './page-routes.js';
import type { Translate } from './translate.js';

/** What one cell of a page can show. Instants are numbers (ms since the epoch); null means "nothing". */
export type LiveValue = string | number | boolean | null;
/** All cells of a topic, by key: `queue:3.waiting`. A list is a key with the row ids, joined by spaces. */
export type LiveValues = Readonly<Record<string, LiveValue>>;

/** Who looks at a topic. Texts are made on the server, in the viewer's language. */
export interface LiveViewer extends Reader {
  readonly actor: Actor;
  readonly t: Translate;
}

/**
 * Something that a page subscribes to. The browser gets all values once and then only those that changed, in order;
 * after a gap it gets all again.
 */
export interface LiveTopic {
  /** `overview`, `agent:me` ... */
  readonly name: string;
  readonly access: Access;
  /**
   * Values from what happens now; pure and quick, it runs at each change for each different `sharedBy`. `snapshot` is
   * undefined before the process that runs the calls was heard for the first time.
   */
  values(snapshot: LiveSnapshot | undefined, viewer: LiveViewer): LiveValues;
  /** Viewers with the same answer see the same values, so that they are computed once. Default: each viewer alone. */
  sharedBy?(viewer: LiveViewer): string;
  /** Set where values depend on more than the snapshot: calls `listener` when that changed, until stopped. */
  onChange?(listener: () => void): () => void;
}

/** Topics of one kind, one for each thing that there is: `queue:1`, `queue:2` ... */
export interface LiveTopicFamily {
  /** What their names begin with: `queue:`. */
  readonly prefix: string;
  /** The topic with the rest of the name; undefined where there is no such thing. Its own `onChange` is not used. */
  topic(rest: string): LiveTopic | undefined;
  /** As that of a topic, for all of them. */
  onChange?(listener: () => void): () => void;
}

/** Somebody who follows one topic by a link, without signing in. */
export interface LiveGuest {
  /** The only topic that they may follow. */
  readonly topic: string;
  readonly language: Language;
}

/** Who else than those signed in may follow live values. */
export interface LiveGuests {
  /** Undefined for links that do not count, or not any more. Asked again while somebody follows. */
  admit(token: string): Promise<LiveGuest | undefined>;
}
