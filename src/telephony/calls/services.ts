import type { PromptTakes } from '../prompt-takes.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';
import type { Attributes, RouteDecision } from '../../engines/routing/rule.js';
import type { QueueId } from '../../kernel/ids.js';
import type { AriPort } from '../ari/port.js';
import type { CallbackDesk } from '../callbacks.js';
import type { Directory, QueueConfig } from '../directory.js';
import type { AgentRoster } from './agent-roster.js';
import type { Call } from './call.js';
import type { RoutedCall } from './route.js';
import type { SelfService } from '../self-service.js';
import type { ConferenceRooms } from './conference-rooms.js';
import type { PromptLibrary } from './prompts.js';

/** A log line: static message, data in fields; numbers and names of people under `pii`. */
export interface CallLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What the pbx feature knows of endpoints now. */
export interface EndpointStates {
  /** True where the phone with this extension number is registered. */
  isRegistered(extension: string): boolean;
  /** True where the trunk answers or is registered; also true while unknown. */
  isTrunkOnline(trunk: number): boolean;
}

/** What every stage may use. */
export interface CallServices {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly prompts: PromptLibrary;
  /** Recordings of prompts by phone. */
  readonly takes: PromptTakes;
  readonly roster: AgentRoster;
  readonly endpoints: EndpointStates;
  readonly log: CallLog;
  /** IANA zone of the site: opening hours. */
  readonly zone: string;
  /** ISO country whose numbering plan national numbers follow. */
  readonly country: string;
  /** Outlives every call. */
  readonly server: Scope;
  /** People who hung up and keep their place in line. */
  readonly callbacks: CallbackDesk;
  /** History, rules and the company's own system decide where a call goes before it queues. Never rejects. */
  readonly route: (
    call: RoutedCall,
    queue: QueueId,
    priority: number,
    attributes: Attributes,
    signal: AbortSignal,
  ) => Promise<RouteDecision>;
  /** What flows ask of other systems. */
  readonly selfService: SelfService;
  readonly rooms: ConferenceRooms;
  /** Whether a queue's calendar says open; true where it has none. */
  readonly isOpen: (queue: QueueConfig, at: number) => boolean;
  /** Calls alive now. */
  readonly calls: ReadonlyMap<Call['id'], Call>;
  readonly ariOf: (node: string) => AriPort | undefined;
}
