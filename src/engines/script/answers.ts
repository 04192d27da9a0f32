import type { Language } from '../../kernel/call-event.js';
import { textIn } from '../survey/survey.js';
import { ANSWER_MAX, type ScriptQuestion } from './script.js';

/** An answer as it is kept, or why it is none. */
export type ReadAnswer =
  | { readonly ok: true; readonly value: string }
  | {
      readonly ok: false;
      readonly why: 'needed' | 'too-long' | 'no-number' | 'no-date' | 'no-choice';
    };

/**
 * Reads what was typed: '' is no answer; numbers with `.` or `,` are kept with `.`; days are ISO dates that exist; a choice
 * is its place from 1.
 */
export function readAnswer(question: ScriptQuestion, typed: string): ReadAnswer {
  const text = typed.trim();
  if (text === '')
    return question.isNeeded ? { ok: false, why: 'needed' } : { ok: true, value: '' };
  switch (question.kind) {
    case 'text':
      return text.length > ANSWER_MAX ? { ok: false, why: 'too-long' } : { ok: true, value: text };
    case 'number':
      return /^-?\d{1,12}(?:[.,]\d{1,6})?$/.test(text)
        ? { ok: true, value: text.replace(',', '.') }
        : { ok: false, why: 'no-number' };
    case 'date':
      return isDay(text) ? { ok: true, value: text } : { ok: false, why: 'no-date' };
    case 'choice': {
      const place = /^[1-9]\d?$/.test(text) ? Number(text) : 0;
      return place >= 1 && place <= question.choices.length
        ? { ok: true, value: text }
        : { ok: false, why: 'no-choice' };
    }
  }
}

/** An answer in words: a choice by its name, anything else as it is kept. */
export function answerText(question: ScriptQuestion, value: string, language: Language): string {
  if (question.kind !== 'choice') return value;
  const choice = question.choices[Number(value) - 1];
  return choice === undefined ? value : textIn(choice, language);
}

/** True for `2026-02-28`, false for the 29th of that year. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
