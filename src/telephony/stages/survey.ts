import {
  advanceSurvey,
  type SurveyEffect,
  type SurveyInput,
  type SurveyTrace,
} from '../../engines/survey/interpreter.js';
import { textIn, type Spoken, type SurveyQuestion } from '../../engines/survey/survey.js';
import { LANGUAGES } from '../../kernel/call-event.js';
import type { Scope } from '../../kernel/scope.js';
import { AriError } from '../ari/port.js';
import type { Call } from '../calls/call.js';
import { takeSound, type TakenSound } from '../calls/message.js';
import { askKey, playPrompt } from '../calls/prompts.js';
import type { CallServices } from '../calls/services.js';
import type { Stage, StageOf } from '../calls/stage.js';
import { commentEvent } from '../calls/survey-comment.js';
import type { SystemPromptName } from '../system-prompts.js';

/** The key that ends a comment. */
const END_KEY = '#';

/**
 * The caller answers questions by keys and in their own words. Every answer is in the ledger as soon as it is given, so that
 * hanging up in between loses nothing; the journal keeps the question, so that another process asks it again.
 */
export function surveyStage(s: CallServices, call: Call, stage: StageOf<'survey'>): Promise<Stage> {
  return call.scope.run('survey', (scope) => new SurveyTalk(s, call, stage).run(scope));
}

class SurveyTalk {
  #stage: StageOf<'survey'>;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    stage: StageOf<'survey'>,
  ) {
    this.#stage = stage;
  }

  async run(scope: Scope): Promise<Stage> {
    const { call } = this;
    call.queueId = this.#stage.queueId;
    await call.answer();
    this.#offer();
    let result = advanceSurvey(this.#stage.state, await this.#firstInput());
    for (;;) {
      const { state, effect, trace } = result;
      for (const item of trace) this.#note(item);
      this.#enter({ ...this.#stage, state, comment: undefined });
      if (effect.kind === 'end' || effect.kind === 'keep') return this.#next();
      result = advanceSurvey(state, await this.#carryOut(scope, effect));
    }
  }

  #enter(stage: StageOf<'survey'>): void {
    this.#stage = stage;
    this.call.enter(stage);
  }

  #offer(): void {
    const { run, state, isOffered, queueId, agentId } = this.#stage;
    if (isOffered) return;
    const { id, version, name, questions } = state.survey;
    this.call.record({
      ...{ kind: 'survey-offered', run, surveyId: id, version, name },
      questions: questions.length,
      ...(queueId === undefined ? {} : { queueId }),
      ...(agentId === undefined ? {} : { agentId }),
    });
    this.#enter({ ...this.#stage, isOffered: true });
  }

  /** A comment that was under way when a process died is kept as it is; the caller is not asked for it again. */
  async #firstInput(): Promise<SurveyInput> {
    const { call } = this;
    const { comment } = this.#stage;
    if (comment === undefined) return { kind: 'resumed' };
    try {
      await call.ari.stopRecording(comment.file);
    } catch (error) {
      // It had ended by itself.
      if (!(error instanceof AriError && error.failure === 'gone')) throw error;
    }
    call.record(commentEvent(call, this.#stage, comment, call.clock.now()));
    return { kind: 'recorded' };
  }

  async #carryOut(
    scope: Scope,
    effect: Exclude<SurveyEffect, { kind: 'end' | 'keep' }>,
  ): Promise<SurveyInput> {
    switch (effect.kind) {
      case 'introduce':
        return this.#ask(scope, await this.#say(effect.says, 'survey-intro'), effect.waitMs);
      case 'ask': {
        const wrong = effect.isWrong ? this.s.prompts.named('wrong-key', this.call) : [];
        const words = await this.#say(effect.question);
        return this.#ask(scope, [...wrong, ...words], effect.waitMs);
      }
      case 'wait':
        return this.#ask(scope, [], effect.waitMs);
      case 'record':
        return this.#record(scope, effect.question);
      case 'thank':
        await playPrompt(scope, this.call, await this.#say(effect.says, 'survey-thanks'));
        return { kind: 'said' };
    }
  }

  async #ask(scope: Scope, media: readonly string[], waitMs: number): Promise<SurveyInput> {
    const key = await askKey(scope, this.call, media, waitMs);
    return key === undefined ? { kind: 'no-key' } : { kind: 'key', key };
  }

  async #record(
    scope: Scope,
    question: SurveyQuestion & { readonly kind: 'comment' },
  ): Promise<SurveyInput> {
    const { call, s } = this;
    const { run, state } = this.#stage;
    const onTaken = (taken: TakenSound): void => {
      call.record({
        ...{ kind: 'survey-comment', run, question: question.id, place: state.at },
        label: textIn(question.texts, call.language),
        ...taken,
        node: call.ari.node,
      });
    };
    const id = await takeSound(scope, s, call, await this.#say(question), {
      ...{ maxMs: question.maxMs, endKey: END_KEY, suffix: 'comment', onTaken },
      onBegun: (begun) => {
        this.#enter({ ...this.#stage, comment: { ...begun, startedAt: call.clock.now() } });
      },
    });
    // The key that ended it, and others pressed meanwhile, are no answer to what follows.
    call.digits.clear();
    return { kind: id === undefined ? 'nothing-recorded' : 'recorded' };
  }

  /** The prompt where it has a sound; else the text, in the caller's language where it is written in it. */
  async #say({ prompt, texts }: Spoken, standard?: SystemPromptName): Promise<readonly string[]> {
    const { call, s } = this;
    const played = prompt === undefined ? [] : s.prompts.of(prompt, call);
    if (played.length > 0) return played;
    for (const language of [call.language, ...LANGUAGES]) {
      if (texts[language] === '') continue;
      const spoken = await s.prompts.text(texts[language], call, language);
      if (spoken.length > 0) return spoken;
    }
    return standard === undefined ? [] : s.prompts.named(standard, call);
  }

  #note(item: SurveyTrace): void {
    const { call } = this;
    const { run, state } = this.#stage;
    switch (item.kind) {
      case 'begun':
        call.record({ kind: 'survey-begun', run });
        return;
      case 'answered': {
        const { question, value } = item;
        const choice = question.kind === 'choice' ? question.choices[value - 1] : undefined;
        call.record({
          ...{ kind: 'survey-answered', run, question: question.id, value },
          place: state.survey.questions.findIndex((one) => one.id === question.id),
          questionKind: question.kind,
          label: textIn(question.texts, call.language),
          said: choice === undefined ? '' : textIn(choice, call.language),
        });
        return;
      }
      case 'finished':
        call.record({ kind: 'survey-finished', run, end: item.end });
    }
  }

  #next(): Stage {
    const { then, state } = this.#stage;
    if (then.kind === 'ended') return { kind: 'announce', prompt: 'goodbye', then };
    return { ...then, surveyed: state.answers > 0 ? 'survey-done' : 'survey-declined' };
  }
}
