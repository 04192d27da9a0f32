import type { Actor } from '../kernel/actor.js';
import type { Request } from 'express';
import type { Assets } from './assets.js';
import type { Reader } from './kit/format.js';
import type { PageData, ScreenLook, Toast } from './kit/page-context.js';
import type { MenuEntry } from './kit/page-routes.js';
import type { Messages, Translate } from './kit/translate.js';
import { visibleEntries } from './access.js';
import { maskToken } from './csrf.js';
import { requestState, type SignedIn } from './request-state.js';
import { guestLanguage } from './session-middleware.js';
import { menuView } from './shell.js';
import type { ViewFrame, Views } from './views.js';

/** Texts that the browser's scripts need. */
const SCRIPT_TEXTS = [
  'form.unsaved',
  'form.leave',
  'form.changed',
  'form.was',
  'live.live',
  'live.delayed',
  'live.not-live',
  'live.catching-up',
  'live.connecting',
  'live.banner',
  'live.back',
  'live.pbx-offline',
  'live.calls-silent',
  'live.calls-never',
  'live.none',
  'shell.close',
] as const;

export interface RendererParts {
  readonly views: Views;
  readonly assets: Assets;
  readonly messages: Messages;
  readonly menu: readonly MenuEntry[];
  readonly zone: string;
  readonly country: string;
  /** Who does not see numbers of people outside whole. */
  readonly masksNumbers: (actor: Actor) => boolean;
  /** Takes the notices that a redirect left for the next page. */
  readonly takeNotices: (sessionId: string) => Promise<readonly string[]>;
  /** Sentences that every page shows on top: what is wrong with the whole product now. */
  readonly banners: () => readonly Banner[];
}

export interface Banner {
  /** Key of the catalog. */
  readonly message: string;
  readonly params?: Readonly<Record<string, string | number | Date>>;
  readonly level: 'alarm' | 'warn';
  readonly icon: string;
}

/** Makes HTML of views, with the shell around it. */
export class Renderer {
  constructor(private readonly parts: RendererParts) {}

  get messages(): Messages {
    return this.parts.messages;
  }

  /** How things are written for whoever sent this request. */
  reader(req: Request): Reader {
    const language = requestState(req)?.language ?? guestLanguage(req);
    const actor = requestState(req)?.signedIn?.actor;
    return {
      ...{ language, zone: this.parts.zone, country: this.parts.country },
      masksNumbers: actor === undefined || this.parts.masksNumbers(actor),
    };
  }

  translate(req: Request): Translate {
    const { language } = this.reader(req);
    return (key, params) => this.parts.messages.translate(language, key, params);
  }

  /** A page in the shell, with toasts and the numbers of the menu. */
  async page(req: Request, signedIn: SignedIn, view: string, data: PageData): Promise<string> {
    const [notices, counts] = await Promise.all([
      // A part of a page shows no toasts: they wait for the next whole one.
      req.get('hx-request') === 'true' ? [] : this.parts.takeNotices(signedIn.session.id),
      this.#counts(signedIn),
    ]);
    const t = this.translate(req);
    return this.parts.views.page(view, data, {
      ...this.#frame(req),
      // Who must choose a password first is not let in to live values.
      live: !signedIn.user.mustChangePassword,
      userName: signedIn.user.name,
      role: signedIn.user.role,
      density: signedIn.user.density,
      menu: menuView(this.parts.menu, signedIn.actor, req.path, counts),
      toasts: notices.map((notice) => toastView(notice, t)),
      banners: this.parts.banners().map((banner) => ({
        ...banner,
        text: t(banner.message, banner.params),
      })),
      texts: this.#scriptTexts(t),
      ...alarmsMark(counts, t),
    });
  }

  /** A page for a screen: no shell, whoever asks, but with live values. */
  screen(req: Request, view: string, data: PageData, { language, theme }: ScreenLook): string {
    const t: Translate = (key, params) => this.parts.messages.translate(language, key, params);
    return this.parts.views.page(view, data, {
      ...this.#frame(req),
      ...{ language, theme, bsTheme: theme },
      texts: this.#scriptTexts(t),
    });
  }

  /** A page without the shell: sign-in, errors. */
  plain(req: Request, view: string, data: PageData): string {
    return this.parts.views.page(view, data, this.#frame(req));
  }

  partial(req: Request, name: string, data: object): string {
    return this.parts.views.partial(name, data, this.#frame(req));
  }

  #frame(req: Request): ViewFrame {
    const state = requestState(req);
    const theme = state?.signedIn?.user.theme ?? 'auto';
    return {
      ...this.reader(req),
      csrf: maskToken(state?.csrf ?? ''),
      theme,
      bsTheme: theme === 'dark' ? 'dark' : 'light',
      path: req.originalUrl,
    };
  }

  /** Scripts fill `{name}` themselves: they know the values only later. */
  #scriptTexts(t: Translate): Readonly<Record<string, string>> {
    const names = { seconds: '{seconds}', time: '{time}', value: '{value}', count: 7_777_777 };
    const raw = (key: string): string => t(key, names).replace(/7,?777,?777/, '{count}');
    return {
      ...Object.fromEntries(SCRIPT_TEXTS.map((key) => [key, raw(key)])),
      icons: this.parts.assets.url('icons.svg'),
      zone: this.parts.zone,
    };
  }

  async #counts(signedIn: SignedIn): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    const entries = visibleEntries(this.parts.menu, signedIn.actor);
    await Promise.all(
      entries.map(async (entry) => {
        if (entry.count) counts.set(entry.href, await entry.count(signedIn.actor));
      }),
    );
    return counts;
  }
}

function toastView(notice: string, t: Translate) {
  const toast = JSON.parse(notice) as Toast;
  return { text: t(toast.message, toast.params), undo: toast.undo };
}

/** Where alarms are; the mark in the head is of those who may open it. */
const ALARMS_PATH = '/live/alarms';

/** The mark as the page is made with it; its live topic goes on from there. */
function alarmsMark(counts: ReadonlyMap<string, number>, t: Translate) {
  const count = counts.get(ALARMS_PATH);
  if (count === undefined) return {};
  return {
    alarms: {
      count: count === 0 ? '' : count,
      tone: count === 0 ? '' : 'warning',
      label: t('alarms.mark-label', { count }),
    },
  };
}
