import {
  memberOf,
  type RoomMember,
  type RoomRefusal,
  type SentAway,
} from '../../../engines/conference/room.js';
import { newRecordingId, type AgentId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { AriEventOf, Inbox } from '../../ari/events.js';
import { quietly } from '../../ari/port.js';
import type { Call } from '../../calls/call.js';
import { playPrompt } from '../../calls/prompts.js';
import { bridgeOfRoom, type OpenRoom, type Seat } from '../../calls/rooms/open-room.js';
import { countMedia } from '../../calls/rooms/room-sounds.js';
import type { CallServices } from '../../calls/services.js';
import type { StageOf } from '../../calls/stage.js';
import type { ConferenceConfig } from '../../directory.js';
import { Music } from '../queue/music.js';
import { RoomKeypad } from './room-keypad.js';

/** Somebody who has said nothing for so long does not speak any more. */
const SILENCE_MS = 600;
/** How often it is looked whether a phone still sends. */
const SENDS_MS = 1_500;

/** One caller in a room, from the door to the end. */
export class RoomSeat implements Seat {
  #isAdmitted = false;
  #stopMusic: () => void = () => undefined;
  #send: (why: SentAway) => void = () => undefined;
  readonly #sent = new Promise<SentAway>((resolve) => {
    this.#send = resolve;
  });
  #isSent = false;

  constructor(
    private readonly s: CallServices,
    readonly call: Call,
    private readonly stage: StageOf<'conference'>,
    /** Absent where the room is not configured any more. */
    private readonly config: ConferenceConfig | undefined,
  ) {}

  admit(): void {
    this.#isAdmitted = true;
    this.#stopMusic();
  }

  sendAway(why: SentAway): void {
    this.#isSent = true;
    this.#send(why);
  }

  /** Why there is no place, or why it is over. */
  async sit(scope: Scope): Promise<RoomRefusal | SentAway> {
    const { s, call, stage } = this;
    const room = s.rooms.of(stage.room, call.ari);
    const isBack = stage.joinedAt !== undefined;
    const { number, name } = stage.invited ?? call.anchor;
    const taken = room.take(
      this,
      { call: call.id, channel: call.channel, role: stage.role ?? 'guest', number, name },
      { isBack, isInvited: stage.invited !== undefined },
    );
    if (typeof taken === 'string') return taken;
    const { joinedAt, role } = taken;
    scope.defer(() => room.leave(call.id, call));
    scope.defer(() => this.#stepOut());
    call.other = stage.invited === undefined ? this.config?.number : number;
    call.enter({ ...stage, role, joinedAt });
    scope.fork('in the room', (within) => this.#live(within, room, taken, isBack));
    return scope.wait(this.#sent);
  }

  async #live(scope: Scope, room: OpenRoom, taken: RoomMember, isBack: boolean): Promise<void> {
    const { call } = this;
    const { channel } = call;
    if (isBack) await Music.stopFormer(call, channel);
    else await this.#welcome(scope, room);
    if (taken.place === 'waiting') await this.#waitForHost(scope, isBack);
    const words = call.ari.events.inbox(scope, channel, [
      'ChannelTalkingStarted',
      'ChannelTalkingFinished',
    ]);
    await call.ari.detectTalking(channel, SILENCE_MS);
    await this.#rightMute(room, isBack);
    if (taken.place === 'in' && (await this.#isInBridge())) room.stays();
    else await room.enter(this, newRecordingId());
    this.#begin(scope, room);
    scope.fork('who speaks', (within) => this.#followWords(within, room, words));
    call.digits.clear();
    await new RoomKeypad(this.s, call, room, taken.role).listen(scope);
  }

  /** Whoever comes in is told, before being heard, that it is recorded and how many there are. */
  async #welcome(scope: Scope, room: OpenRoom): Promise<void> {
    const { s, call, config } = this;
    const isRecorded = room.state.recording !== undefined || config?.records === 'always';
    const others = room.state.members.length - 1;
    await playPrompt(scope, call, [
      ...(isRecorded ? s.prompts.named('conference-recorded', call) : []),
      ...countMedia(s.prompts, others, call),
    ]);
  }

  async #waitForHost(scope: Scope, isBack: boolean): Promise<void> {
    const { s, call } = this;
    if (!isBack) await playPrompt(scope, call, s.prompts.named('conference-wait', call));
    if (this.#isAdmitted) return;
    const music = new Music(s, call, call.channel, undefined);
    await music.playUntil(scope, undefined, (stop) => {
      this.#stopMusic = stop;
    });
  }

  /** The channel is muted as the room has it, whatever a former process had begun. */
  async #rightMute(room: OpenRoom, isBack: boolean): Promise<void> {
    const { call } = this;
    const isMuted = memberOf(room.state, call.id)?.isMuted === true;
    if (isMuted) await call.ari.mute(call.channel);
    else if (isBack) await call.ari.unmute(call.channel);
  }

  async #isInBridge(): Promise<boolean> {
    const { call, stage } = this;
    const bridges = await call.ari.listBridges();
    const bridge = bridges.find(({ id }) => id === bridgeOfRoom(stage.room));
    return bridge?.channels.includes(call.channel) === true;
  }

  /** A phone that sends nothing any more does not speak, though Asterisk hears no silence from it either. */
  async #followWords(
    scope: Scope,
    room: OpenRoom,
    words: Inbox<AriEventOf<'ChannelTalkingStarted' | 'ChannelTalkingFinished'>>,
  ): Promise<void> {
    const { call } = this;
    for (;;) {
      if ((await words.next(scope)).type === 'ChannelTalkingFinished') continue;
      room.talks(call.id, true);
      await scope.run('speaks', async (within) => {
        within.fork('sends', (watch) =>
          quietly(async () => {
            for (let before = -1; ;) {
              await call.clock.sleep(SENDS_MS, watch.signal);
              const packets = await call.ari.packetsFrom(call.channel);
              room.talks(call.id, packets !== before);
              before = packets;
            }
          }),
        );
        while ((await words.next(within)).type !== 'ChannelTalkingFinished');
      });
      room.talks(call.id, false);
    }
  }

  /** The others hear it: the talk begins, and ends with the place. */
  #begin(scope: Scope, room: OpenRoom): void {
    const { call, stage, config } = this;
    const member = memberOf(room.state, call.id);
    const enteredAt = member?.enteredAt ?? call.clock.now();
    const agentId = this.#agent;
    if (stage.enteredAt === undefined) {
      const { room: conferenceId } = stage;
      const role = member?.role ?? 'guest';
      call.record({
        ...{ kind: 'connected', leg: call.channel },
        ...(agentId === undefined ? {} : { agentId }),
      });
      call.record({
        ...{ kind: 'conference-joined', conferenceId, role },
        name: config?.name ?? '',
      });
      call.enter({ ...(call.stage as typeof stage), enteredAt });
    }
    call.connectedAt = enteredAt;
    call.agentId = agentId;
    call.changed();
    scope.defer(() => {
      call.connectedAt = undefined;
      call.recording = false;
      if (!call.gone && !this.#isSent) return;
      const talkedMs = Math.max(0, (call.goneAt ?? call.clock.now()) - enteredAt);
      call.record({ kind: 'disconnected', talkedMs }, call.goneAt);
    });
  }

  /** The agent whose phone this is. */
  get #agent(): AgentId | undefined {
    const { extensionAtAnchor: extension } = this.call;
    return extension === undefined ? undefined : this.s.roster.agentAt(extension);
  }

  /** Whoever is sent away is not heard any more while hearing why. */
  async #stepOut(): Promise<void> {
    const { call, stage } = this;
    if (call.gone || !this.#isSent) return;
    await quietly(() => call.ari.removeFromBridge(bridgeOfRoom(stage.room), [call.channel]));
    await quietly(() => call.ari.unmute(call.channel));
  }
}
