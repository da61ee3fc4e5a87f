// Which page an address names, and going there without loading anew.

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'group'; readonly group: string }
  | { readonly page: 'decisions'; readonly group: string }
  | { readonly page: 'people'; readonly group: string }
  | { readonly page: 'calls'; readonly group: string; readonly call: number | null }
  | { readonly page: 'room'; readonly group: string }
  | { readonly page: 'rules'; readonly group: string }
  | { readonly page: 'report'; readonly group: string; readonly report: string; readonly section: string | null }
  | {
      readonly page: 'redline';
      readonly group: string;
      readonly report: string;
      readonly query: URLSearchParams;
    }
  | { readonly page: 'wordings'; readonly group: string; readonly query: URLSearchParams }
  | { readonly page: 'alternatives'; readonly group: string; readonly report: string; readonly section: string }
  | { readonly page: 'closing'; readonly group: string; readonly report: string }
  | { readonly page: 'projector'; readonly group: string; readonly report: string; readonly section: string | null }
  | { readonly page: 'missing' };

export function routeOf(url: URL): Route {
  const parts = url.pathname.split('/').filter((part) => part !== '').map(decodePart);
  const section = url.hash.length > 1 ? decodePart(url.hash.slice(1)) : null;
  if (parts.length === 0) return { page: 'home' };
  const [g, group, next, report, last] = parts;
  if (g !== 'g' || group === undefined) return { page: 'missing' };
  if (next === undefined) return { page: 'group', group };
  if (parts.length === 3 && next === 'decisions') return { page: 'decisions', group };
  if (parts.length === 3 && next === 'people') return { page: 'people', group };
  if (parts.length === 3 && next === 'wordings') return { page: 'wordings', group, query: url.searchParams };
  if (next === 'calls' && parts.length <= 4) {
    if (report === undefined) return { page: 'calls', group, call: null };
    return /^[1-9]\d{0,14}$/u.test(report) ? { page: 'calls', group, call: Number(report) } : { page: 'missing' };
  }
  if (parts.length === 3 && next === 'room') return { page: 'room', group };
  if (parts.length === 3 && next === 'rules') return { page: 'rules', group };
  if (next !== 'r' || report === undefined) return { page: 'missing' };
  if (last === undefined) return { page: 'report', group, report, section };
  const frame = parts[5];
  if (last === 'alternatives' && frame !== undefined) return { page: 'alternatives', group, report, section: frame };
  if (last === 'redline') return { page: 'redline', group, report, query: url.searchParams };
  if (last === 'closing') return { page: 'closing', group, report };
  if (last === 'projector') return { page: 'projector', group, report, section };
  return { page: 'missing' };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const e = encodeURIComponent;
const only = (section: string | null): string => (section === null ? '' : `?section=${e(section)}`);

export const paths = {
  home: '/',
  group: (group: string) => `/g/${e(group)}`,
  decisions: (group: string) => `/g/${e(group)}/decisions`,
  calls: (group: string) => `/g/${e(group)}/calls`,
  call: (group: string, number: number) => `/g/${e(group)}/calls/${number}`,
  people: (group: string) => `/g/${e(group)}/people`,
  room: (group: string) => `/g/${e(group)}/room`,
  rules: (group: string) => `/g/${e(group)}/rules`,
  register: (group: string, search: string) => `/g/${e(group)}/decisions.md${search === '' ? '' : `?${search}`}`,
  report: (group: string, report: string, section: string | null = null) =>
    `/g/${e(group)}/r/${e(report)}${section === null ? '' : `#${e(section)}`}`,
  redline: (group: string, report: string, query: Readonly<Record<string, string>> = {}) => {
    const search = new URLSearchParams(query).toString();
    return `/g/${e(group)}/r/${e(report)}/redline${search === '' ? '' : `?${search}`}`;
  },
  wordings: (group: string, query: Readonly<Record<string, string>> = {}) => {
    const search = new URLSearchParams(query).toString();
    return `/g/${e(group)}/wordings${search === '' ? '' : `?${search}`}`;
  },
  alternatives: (group: string, report: string, frame: string) => `/g/${e(group)}/r/${e(report)}/alternatives/${e(frame)}`,
  closing: (group: string, report: string) => `/g/${e(group)}/r/${e(report)}/closing`,
  projector: (group: string, report: string, section: string | null = null) =>
    `/g/${e(group)}/r/${e(report)}/projector${section === null ? '' : `#${e(section)}`}`,
  print: (group: string, report: string, section: string | null = null) => `/g/${e(group)}/r/${e(report)}/print${only(section)}`,
  markdown: (group: string, report: string, section: string | null = null) =>
    `/g/${e(group)}/r/${e(report)}/report.md${only(section)}`,
} as const;

export function go(path: string, replace = false): void {
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

const wantedKey = 'bossey-wanted';
const wantedFor = 60 * 60_000;

/** Where somebody wanted to go who has to open their personal link first. */
export function rememberWanted(): void {
  try {
    if (location.pathname !== paths.home) localStorage.setItem(wantedKey, JSON.stringify([Date.now(), location.pathname + location.search + location.hash]));
  } catch {
    // The link then leads to the person's groups.
  }
}

export function takeWanted(): string | null {
  try {
    const [at, path] = JSON.parse(localStorage.getItem(wantedKey) ?? '[0,""]') as unknown[];
    localStorage.removeItem(wantedKey);
    const isFresh = typeof at === 'number' && Date.now() - at < wantedFor;
    return isFresh && typeof path === 'string' && path.startsWith('/g/') ? path : null;
  } catch {
    return null;
  }
}

/** Whether a click on a link is the page's own to follow. */
export function isOwnLink(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return null;
  const link = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
  if (link === undefined || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return null;
  const route = routeOf(new URL(link.href));
  return route.page === 'missing' ? null : link.pathname + link.search + link.hash;
}
