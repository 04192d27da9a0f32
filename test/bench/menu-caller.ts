import { isTone, RtpLine, type RtpClock } from '../support/rtp.js';

/** What the two menus sound like: key 1 leads from each to the other. */
export const MENU_HZ = [450, 850] as const;
/** The key that says goodbye. */
export const END_KEY = '2';

/**
 * A caller who goes to and fro between two menus, so often, and then hangs up by a key. Notes how long each key took: from
 * the last packet of the key to the first packet of the other menu, in ms.
 */
export class MenuCaller {
  readonly keyToPromptMs: number[] = [];
  isDone = false;
  #menu = 0;
  #heard = 0;
  #keyAt: number | undefined;
  #isPressing = false;

  private constructor(
    readonly number: string,
    readonly line: RtpLine,
    private readonly keys: number,
    /** Packets that the caller listens to before each key. */
    private readonly patience: number,
  ) {}

  static async open(
    number: string,
    clock: RtpClock,
    options: { readonly keys: number; readonly patience: number },
  ): Promise<MenuCaller> {
    const holder: { caller?: MenuCaller } = {};
    const line = await RtpLine.open((samples, at) => {
      holder.caller?.hear(samples, at);
    });
    holder.caller = new MenuCaller(number, line, options.keys, options.patience);
    clock.add(line);
    return holder.caller;
  }

  private hear(samples: Int16Array, at: number): void {
    if (this.isDone) return;
    if (this.#keyAt !== undefined && isTone(samples, MENU_HZ[1 - this.#menu] ?? 0)) {
      this.keyToPromptMs.push(at - this.#keyAt);
      this.#menu = 1 - this.#menu;
      this.#keyAt = undefined;
      this.#isPressing = false;
      this.#heard = 0;
    }
    if (this.#isPressing || ++this.#heard < this.patience) return;
    this.#isPressing = true;
    if (this.keyToPromptMs.length >= this.keys) {
      this.isDone = true;
      void this.line.press(END_KEY);
      return;
    }
    void this.line.press('1').then((keyAt) => {
      this.#keyAt = keyAt;
    });
  }
}
