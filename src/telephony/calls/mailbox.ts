import type { Scope } from '../../kernel/scope.js';

/** A mailbox that nothing is lost from: what comes while nobody listens is read later, in order. */
export class Mailbox<T> {
  readonly #mail: T[] = [];
  #wake: (() => void) | undefined;

  put(mail: T): void {
    this.#mail.push(mail);
    this.#wake?.();
  }

  /** What nobody has read, and nobody will. */
  rest(): readonly T[] {
    return this.#mail.splice(0);
  }

  /** Waits within the scope. */
  async next(scope: Scope): Promise<T> {
    for (;;) {
      const mail = this.#mail.shift();
      if (mail !== undefined) return mail;
      await scope.wait(
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
      );
    }
  }
}
