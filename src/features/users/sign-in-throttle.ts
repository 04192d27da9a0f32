/** Slows down guessing of passwords. Names that do not exist count like those that do. Instants in ms. */
export interface SignInThrottle {
  /** Until when sign-in is closed for this name or this address; undefined where it is open. */
  lockedUntil(login: string, address: string): Promise<number | undefined>;
  /** Counts a wrong try; answers until when sign-in is closed now. */
  failed(login: string, address: string): Promise<number | undefined>;
  succeeded(login: string): Promise<void>;
}
