import type { Language } from '../kernel/call-event.js';

/** Texts that are known only while a call runs, spoken at that moment: answers of look-ups, variables. */
export interface SpokenTexts {
  /**
   * Has a text spoken, or finds it where it was spoken before, and gives the hash of its 8 kHz wav, which pbx nodes fetch at
   * `<CB_MEDIA_URL>/<hash>.wav`. Undefined where nothing can be said of it: an empty text, no voice, too much to do. Never
   * rejects, and takes no longer than the endpoint's time-out and the embedded voice together.
   */
  say(text: string, language: Language): Promise<string | undefined>;
}
