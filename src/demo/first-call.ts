import { join } from 'node:path';
import type { RecordingFolder } from '../features/recordings/index.js';
import type { LiveAgent, LiveSnapshot, LiveView, Desk, DeskCommand } from '../telephony/live.js';
import type { DirectorySnapshot } from '../telephony/directory.js';
import type { Carrier } from './carrier.js';
import { AGENTS, DIDS } from './company.js';
import type { Ear } from './ear.js';
import { isFinal, type CallStory, type KnexCallStories } from './knex-call-story.js';
import type { Party } from './party.js';
import { readRecording } from './read-recording.js';
import { toneMs } from './tones.js';

/** Each side speaks with its own tone: who is heard where is measured, not believed. */
const CALLER_HZ = 1000;
const AGENT_HZ = 600;
/** Mobile numbers kept for fiction (Ofcom). */
const CALLER = { number: '+447700900123', name: 'First Caller' } as const;
const SALES_KEY = '1';
const TALK_MS = 3_000;
/** The pause by which the caller knows that the greeting is over, and how much of the menu the caller waits for. */
const BETWEEN_PROMPTS_MS = 250;
const MENU_MS = 1_500;
/** How long the caller hears the queue's music before the phone is picked up. */
const MUSIC_MS = 2_000;
/** Tones begin and end within the talk; this much of it is certain. */
const HEARD_LEAST_MS = TALK_MS / 2;
const LIMIT = { phones: 45_000, greeting: 10_000, ring: 15_000, heard: 8_000, ledger: 30_000 };

/** What the call needs of its surroundings. */
export interface FirstCallParts {
  readonly carrier: Carrier;
  readonly directory: DirectorySnapshot;
  readonly live: LiveView;
  readonly desk: Desk;
  readonly stories: KnexCallStories;
  /** Where recordings are kept, and their folder. */
  readonly recordings: { readonly place: string; readonly folder: RecordingFolder };
}

/** What became of it. */
export interface FirstCallResult {
  readonly story: CallStory;
  readonly answeredBy: string;
  /** Path of the recording. */
  readonly recording: string;
  /** Milliseconds of the other side's tone. */
  readonly heard: {
    readonly agentByCaller: number;
    readonly callerByAgent: number;
    readonly recordedCaller: number;
    readonly recordedAgent: number;
  };
}

/** Why the call did not go as it should, in words for whoever ran it. */
export class FirstCallFailure extends Error {
  override readonly name = 'FirstCallFailure';
}

/**
 * One real call through everything: from the carrier to the number, greeting, menu, key, queue with music, a desk phone,
 * two people who hear each other, hangup, ledger and recording. The agent's state is put back afterwards.
 */
export class FirstCall {
  readonly #startedAt = new Date();

  constructor(private readonly parts: FirstCallParts) {}

  /** Rejects with {@link FirstCallFailure}, or with the carrier's own words where a step does not come. */
  async run(): Promise<FirstCallResult> {
    const { agent, restore } = await this.#readyAgent();
    try {
      const heard = await this.#call(agent.extension);
      const story = await this.#story();
      return await this.#judge(story, agent, heard);
    } finally {
      await restore();
    }
  }

  /** An agent of the queue whose phone is registered, signed in and available. */
  async #readyAgent(): Promise<{
    readonly agent: { readonly name: string; readonly extension: string };
    readonly restore: () => Promise<void>;
  }> {
    const demo = AGENTS[0];
    const { agents, extensionsByNumber } = this.parts.directory;
    const agent = [...agents.values()].find((a) => a.number === demo?.number);
    const extension = extensionsByNumber.get(demo?.extension ?? '');
    if (agent === undefined || extension === undefined)
      throw new FirstCallFailure(
        'the demonstration company is not set up: its first agent is missing',
      );
    await this.#until(`phone ${extension.number} to register`, LIMIT.phones, (now) =>
      now.extensions.some((e) => e.number === extension.number && e.registered),
    );
    const before = await this.#until('the agents', LIMIT.phones, (now) =>
      now.agents.find((a) => a.id === agent.id),
    );
    const reach = { agentId: agent.id } as const;
    if (before.state === 'signed-out')
      await this.#order({ kind: 'agent-sign-in', ...reach, extensionId: extension.id });
    await this.#order({ kind: 'agent-available', ...reach });
    await this.#until(`${agent.name} to be available`, LIMIT.phones, (now) =>
      now.agents.some((a) => a.id === agent.id && a.state === 'available'),
    );
    return {
      agent: { name: agent.name, extension: extension.number },
      restore: () => this.#restore(before),
    };
  }

  async #restore({ id: agentId, state, reason }: LiveAgent): Promise<void> {
    if (state === 'signed-out') await this.#order({ kind: 'agent-sign-out', agentId });
    if (state === 'not-ready') await this.#order({ kind: 'agent-not-ready', agentId, reason });
  }

  /** Places the call and lives it through to the hangup. */
  async #call(extension: string): Promise<{ caller: Ear; agent: Ear }> {
    const { carrier } = this.parts;
    const to = DIDS[0].number;
    const caller = await carrier.call({ to, from: CALLER.number, name: CALLER.name });
    let agent: Party | undefined;
    try {
      await caller.answered(LIMIT.greeting);
      const callerEar = await caller.listen();
      await hearMenu(callerEar);
      const rings = carrier.ringsAt(extension, LIMIT.ring);
      await caller.press(SALES_KEY);
      agent = await rings;
      await hearMusic(callerEar);
      await agent.answer();
      const agentEar = await agent.listen();
      await Promise.all([caller.say(CALLER_HZ), agent.say(AGENT_HZ)]);
      await Promise.all([
        callerEar.waitForTone(AGENT_HZ, LIMIT.heard),
        agentEar.waitForTone(CALLER_HZ, LIMIT.heard),
      ]);
      await caller.endsWithin(TALK_MS);
      await caller.hangUp();
      await agent.ended(LIMIT.heard);
      return { caller: callerEar, agent: agentEar };
    } finally {
      await caller.hangUp();
      await agent?.hangUp();
    }
  }

  /** The call's ledger, complete, with its recording stored. */
  async #story(): Promise<CallStory> {
    const deadline = Date.now() + LIMIT.ledger;
    let last: CallStory | undefined;
    for (;;) {
      [last] = await this.parts.stories.from(CALLER.number, this.#startedAt);
      if (last !== undefined && isFinal(last) && last.recordings.length > 0) return last;
      if (Date.now() > deadline)
        throw new FirstCallFailure(
          last === undefined
            ? 'the ledger knows nothing of the call'
            : `the call is not final in the ledger after ${String(LIMIT.ledger / 1000)} s (result ${String(last.row.result)}, recordings: ${last.recordings.map((r) => `${r.state} ${r.problem}`).join(', ') || 'none'})`,
        );
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async #judge(
    story: CallStory,
    agent: { readonly name: string; readonly extension: string },
    ears: { readonly caller: Ear; readonly agent: Ear },
  ): Promise<FirstCallResult> {
    if (story.row.result !== 'answered')
      throw new FirstCallFailure(`the ledger says ${String(story.row.result)}, not answered`);
    const [stored] = story.recordings;
    if (stored?.state !== 'stored')
      throw new FirstCallFailure(
        `the recording is ${stored?.state ?? 'missing'}: ${stored?.problem ?? ''}`,
      );
    const { place, folder } = this.parts.recordings;
    const recording = join(place, stored.path);
    const sound = await folder.withPlain(stored, readRecording);
    if (sound === undefined) throw new FirstCallFailure(`the recording ${recording} is not there`);
    const {
      rate,
      channels: [left, right],
    } = sound;
    if (left === undefined || right === undefined)
      throw new FirstCallFailure('the recording does not have two channels');
    const heard = {
      agentByCaller: lengthOf(ears.caller, AGENT_HZ),
      callerByAgent: lengthOf(ears.agent, CALLER_HZ),
      recordedCaller: toneMs(left, rate, CALLER_HZ),
      recordedAgent: toneMs(right, rate, AGENT_HZ),
    };
    for (const [where, ms] of Object.entries(heard))
      if (ms < HEARD_LEAST_MS)
        throw new FirstCallFailure(
          `${where}: the tone was there for ${String(ms)} ms only (caller: ${ears.caller.describe()}; agent: ${ears.agent.describe()})`,
        );
    return { story, answeredBy: `${agent.name}, extension ${agent.extension}`, recording, heard };
  }

  async #order(command: DeskCommand): Promise<void> {
    const answer = await this.parts.desk.ask(command);
    if (!answer.ok)
      throw new FirstCallFailure(`${command.kind} was refused: ${answer.code} ${answer.detail}`);
  }

  #until<T>(
    what: string,
    limitMs: number,
    look: (now: LiveSnapshot) => T | undefined | false,
  ): Promise<T> {
    const { live } = this.parts;
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = live.current === undefined ? undefined : look(live.current);
        if (found === undefined || found === false) return;
        end();
        resolve(found);
      };
      const stop = live.onChange(check);
      const timer = setTimeout(() => {
        end();
        reject(
          new FirstCallFailure(
            live.current === undefined
              ? 'the program publishes no live values: does it run, with the role calls?'
              : `waited ${String(limitMs / 1000)} s for ${what}, in vain`,
          ),
        );
      }, limitMs);
      const end = (): void => {
        clearTimeout(timer);
        stop();
      };
      check();
    });
  }
}

/** Hears the greeting out, and the menu's first words. */
async function hearMenu(ear: Ear): Promise<void> {
  await ear.waitForSound(LIMIT.greeting);
  await ear.waitForSilence(BETWEEN_PROMPTS_MS, LIMIT.greeting);
  await ear.waitForSound(LIMIT.greeting);
  await ear.waitUntil(ear.now() + MENU_MS);
}

/** Waits until the caller has heard the queue for a while: sound, and not the menu's any more. */
async function hearMusic(ear: Ear): Promise<void> {
  const from = ear.now();
  await ear.waitForSound(LIMIT.heard);
  await ear.waitUntil(from + MUSIC_MS);
}

const lengthOf = (ear: Ear, frequency: number): number =>
  ear.tones(frequency).reduce((sum, span) => sum + span.endMs - span.startMs, 0);
