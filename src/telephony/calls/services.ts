import type { FlowTrials } from '../flow-trials.js';
import type { PromptTakes } from '../prompt-takes.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';
import type { Attributes, RouteDecision } from '../../engines/routing/rule.js';
import type { QueueId } from '../../kernel/ids.js';
import type { AriPort } from '../ari/port.js';
import type { AppointmentDesk } from '../appointments.js';
import type { CallbackDesk } from '../callbacks.js';
import type { Directory, QueueConfig } from '../directory.js';
import type { AgentRoster } from './agent-roster.js';
import type { BusyCallbacks } from './busy-callbacks.js';
import type { Call } from './call.js';
import type { CampaignDesk } from './campaigns/campaign-call.js';
import type { HelpAlarm } from '../emergency.js';
import type { CallerIdTurns } from './caller-id.js';
import type { OutsideLines } from './outside-lines.js';
import type { RoutedCall } from './route.js';
import type { Mailboxes } from '../mailboxes.js';
import type { PhoneDispositions } from '../phone-dispositions.js';
import type { PhoneSettings } from '../phone-settings.js';
import type { PreviewDesk } from '../previews.js';
import type { SpokenNames } from '../spoken-names.js';
import type { SelfService } from '../self-service.js';
import type { ConferenceRooms } from './rooms/conference-rooms.js';
import type { SurveyInvitations } from './survey-invitations.js';
import type { DialMemory } from './phone-memory.js';
import type { PromptLibrary } from './prompts.js';
import type { QueueChanges } from './steered-directory.js';

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
  /** Test calls of drafts of flows. */
  readonly trials: FlowTrials;
  readonly roster: AgentRoster;
  /** What phones change of how calls to them are handled. */
  readonly phoneSettings: PhoneSettings;
  /** What phones say that calls came to. */
  readonly phoneDispositions: PhoneDispositions;
  /** Names as their owners say them. */
  readonly names: SpokenNames;
  readonly dialled: DialMemory;
  readonly callerIdTurns: CallerIdTurns;
  /** What extensions may use of the lines to the outside. */
  readonly outsideUse: Pick<OutsideLines, 'problem'>;
  /** Somebody calls for help. */
  readonly helpAlarm: HelpAlarm;
  readonly busyCallbacks: BusyCallbacks;
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
  /** Records that agents look at before they call. */
  readonly previews: PreviewDesk;
  /** Campaigns that call people first. */
  readonly campaigns: CampaignDesk;
  /** History, rules and the company's own system decide where a call goes before it queues. Never rejects. */
  readonly route: (
    call: RoutedCall,
    queue: QueueId,
    priority: number,
    attributes: Attributes,
    signal: AbortSignal,
  ) => Promise<RouteDecision>;
  /** What supervisors changed in queues for a while. */
  readonly queueChanges: QueueChanges;
  /** What flows ask of other systems. */
  readonly selfService: SelfService;
  /** Boxes that callers leave messages in. */
  readonly mailboxes: Mailboxes;
  readonly rooms: ConferenceRooms;
  /** Times at which callers want to be called. */
  readonly appointments: AppointmentDesk;
  /** Who is asked after a talk. */
  readonly surveys: SurveyInvitations;
  /** Whether a queue is open: as a supervisor says, else its calendar; true where it has none. */
  readonly isOpen: (queue: QueueConfig, at: number) => boolean;
  /** Calls alive now. */
  readonly calls: ReadonlyMap<Call['id'], Call>;
  readonly ariOf: (node: string) => AriPort | undefined;
}
