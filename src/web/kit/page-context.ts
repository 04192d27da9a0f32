import type { Request, Response } from 'express';
import type { Actor } from '../../kernel/actor.js';
import type { Language } from '../../kernel/call-event.js';
import type { Upload } from './uploads.js';
import type { MessageParams, Translate } from './translate.js';

/** What a form sent: texts, or lists of texts where a name came more than once. */
export type FormBody = Readonly<Record<string, string | readonly string[]>>;

/** A notice that the next page shows for a few seconds. Problems do not go into toasts: they stay beside the field. */
export interface Toast {
  /** Key of the catalog. */
  readonly message: string;
  readonly params?: MessageParams;
  /** A form-less undo: a POST to this path, offered for ten seconds. */
  readonly undo?: string;
}

/** A step of the breadcrumb above the title. */
export interface Crumb {
  readonly label: string;
  readonly href: string;
}

/** What the shell needs of every page; the rest is the page's own. */
export interface PageData {
  /** The `<h1>` and the window's title. */
  readonly title: string;
  readonly crumbs?: readonly Crumb[];
  /** Scripts of this page below `public/js`, without the ending. */
  readonly scripts?: readonly string[];
  /** Labels of a form's fields that the catalog cannot have, by name: they are called after something stored. */
  readonly fieldLabels?: Readonly<Record<string, string>>;
  readonly [name: string]: unknown;
}

/** How a page for a screen is written, whoever asks for it. */
export interface ScreenLook {
  readonly language: Language;
  readonly theme: 'light' | 'dark';
}

/** One request to one page: who asks, in which language, and how to answer. */
export interface PageContext {
  readonly req: Request;
  readonly res: Response;
  readonly actor: Actor;
  readonly language: Language;
  readonly t: Translate;
  /** Whether the catalogs have a key; for words that are put together from stored data. */
  hasText(key: string): boolean;
  /** IANA zone of the site; times are shown in it. */
  readonly zone: string;
  /** Country whose way of writing numbers is used for national ones. */
  readonly country: string;
  /** Numbers of people outside are not shown whole. */
  readonly masksNumbers: boolean;
  /** Query string: the first value of each name. */
  readonly query: Readonly<Record<string, string>>;
  readonly body: FormBody;
  /** Files of an upload route, already stored in temporary files that vanish after the answer. */
  readonly uploads: readonly Upload[];
  /** True where htmx asks for a part of the page. */
  readonly isPartial: boolean;
  /** A row id in the path; throws `not-found` where it is not a positive whole number. */
  id<Id extends number>(name?: string): Id;
  /** Another parameter of the path. */
  param(name: string): string;
  /** Answers with a page of `views/pages`. */
  render(view: string, data: PageData, status?: number): void;
  /**
   * Answers with a page for a screen that hangs on a wall: without the shell, signed in or not, in a language and a theme of
   * its own, with live values.
   */
  renderForScreen(view: string, data: PageData, look: ScreenLook): void;
  /** Answers with a partial of `views/partials`, for htmx. */
  renderPartial(name: string, data: Readonly<Record<string, unknown>>, status?: number): void;
  /** Sends the browser on with GET (303); the toast appears on the page that it lands on. */
  redirect(path: string, toast?: Toast): Promise<void>;
}
