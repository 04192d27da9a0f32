import type { AgentId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { LineNews } from '../../calls/acd-runner.js';
import type { DialOutcome } from '../../calls/leg.js';

/** Whatever happens to a waiting caller: from the line, from the phones that ring, from clocks and keys. */
export type Wake =
  | LineNews
  /** A phone that was rung has answered, or will not; `outcome` is absent where we stopped ringing it ourselves. */
  | { readonly kind: 'rang'; readonly agent: AgentId; readonly outcome: DialOutcome | undefined }
  | { readonly kind: 'send-on'; readonly reason: string }
  | { readonly kind: 'callback-wanted'; readonly number: string };

/** A mailbox that nothing is lost from: what comes while nobody listens is read later, in order. */
export class Mailbox {
  readonly #mail: Wake[] = [];
  #wake: (() => void) | undefined;

  put(mail: Wake): void {
    this.#mail.push(mail);
    this.#wake?.();
  }

  /** Waits within the scope. */
  async next(scope: Scope): Promise<Wake> {
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
