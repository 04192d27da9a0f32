/**
 * Keeps a checked file between the page that shows what it would do and the button that does it. What nobody takes is
 * thrown away after an hour.
 */
export interface ImportShelf {
  /** Gives the name under which it can be taken. */
  put(content: string): Promise<string>;
  /** Once; undefined where it was taken, is too old, or never was. */
  take(name: string): Promise<string | undefined>;
}
