/** Why a scope ended early. Thrown by every await inside it; never logged as an error. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`cancelled: ${reason}`, options);
  }
}

/** A finalizer's failure is a bug: without a handler it surfaces as an uncaught exception. */
const rethrowLater = (error: unknown): void => {
  queueMicrotask(() => {
    throw error;
  });
};

const ignoreOutcome = (): void => undefined;

/**
 * A tree of running work. A scope ends only when everything started inside it has ended, so a
 * hangup that cancels the call's scope stops prompts, timers, dial attempts and recordings alike.
 *
 * Children are linked by hand, not with `AbortSignal.any`, which on Node 20 keeps every child
 * with a listener alive as long as its longest-lived parent.
 */
export class Scope {
  readonly #controller = new AbortController();
  readonly #children = new Set<Scope>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #finalizers: (() => Promise<void> | void)[] = [];
  #failure: { readonly error: unknown } | undefined;

  private constructor(
    readonly name: string,
    private readonly onFinalizerError: (error: unknown) => void,
  ) {}

  static run<T>(
    name: string,
    body: (scope: Scope) => Promise<T>,
    onFinalizerError: (error: unknown) => void = rethrowLater,
  ): Promise<T> {
    return new Scope(name, onFinalizerError).#execute(body);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }
  get cancelled(): boolean {
    return this.signal.aborted;
  }

  /** Runs `body` in a child scope and waits for it and everything it started. */
  async run<T>(name: string, body: (scope: Scope) => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    const child = new Scope(`${this.name}/${name}`, this.onFinalizerError);
    this.#children.add(child);
    const result = child.#execute(body);
    // Also a child that nobody awaits must end before its parent does.
    const task = result.then(ignoreOutcome, ignoreOutcome);
    this.#tasks.add(task);
    try {
      return await result;
    } finally {
      this.#children.delete(child);
      this.#tasks.delete(task);
    }
  }

  /** Starts work beside the body. Its failure fails this scope; its cancellation does not. */
  fork(name: string, body: (scope: Scope) => Promise<void>): void {
    const task = this.run(name, body)
      .catch((error: unknown) => {
        if (error instanceof Cancelled) return;
        this.#failure ??= { error };
        this.cancel(`${name} failed`, error);
      })
      .finally(() => {
        this.#tasks.delete(task);
      });
    this.#tasks.add(task);
  }

  /** Registers cleanup that runs when the scope ends, last registered first, even when cancelled. */
  defer(finalizer: () => Promise<void> | void): void {
    this.#finalizers.push(finalizer);
  }

  /** Waits for a promise this scope does not own; stops waiting when cancelled. */
  wait<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        reject(this.signal.reason as Error);
      };
      if (this.cancelled) {
        // Nobody waits any more; the late outcome of abandoned work is of no interest.
        promise.then(ignoreOutcome, ignoreOutcome);
        onAbort();
        return;
      }
      this.signal.addEventListener('abort', onAbort, { once: true });
      promise.then(resolve, reject).finally(() => {
        this.signal.removeEventListener('abort', onAbort);
      });
    });
  }

  cancel(reason: string, cause?: unknown): void {
    if (this.cancelled) return;
    for (const child of this.#children) child.cancel(reason, cause);
    this.#controller.abort(new Cancelled(reason, { cause }));
  }

  async #execute<T>(body: (scope: Scope) => Promise<T>): Promise<T> {
    try {
      const result = await body(this);
      if (this.#failure) throw this.#failure.error;
      return result;
    } catch (error) {
      throw this.#failure ? this.#failure.error : error;
    } finally {
      this.cancel('scope ended');
      while (this.#tasks.size > 0) await Promise.all(this.#tasks);
      for (const finalizer of this.#finalizers.reverse()) {
        try {
          await finalizer();
        } catch (error) {
          this.onFinalizerError(error);
        }
      }
    }
  }
}
