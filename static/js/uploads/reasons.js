// Why a file failed: kept as a code. What the site said is kept with its language; for another one it is asked again.
import { ask } from "./api.js";

const TEXTS = {
  album_deleted: () => gettext("The album was deleted. Upload this file to another one."),
  file_lost: () => gettext("The browser has lost this file. Choose it again."),
  file_too_large: () => gettext("This file is larger than this site takes."),
  file_unreadable: () => gettext("The browser could not read this file. Choose it again."),
  no_room: () =>
    gettext("This browser has no room for a file of this size. Free some space on this device, or upload it from another one."),
};

const isReadable = ({ reason, language }) => reason && language === document.documentElement.lang;

export function reasonText(item) {
  if (isReadable(item)) return item.reason;
  return TEXTS[item.code]?.() ?? (item.reason || gettext("Something broke on our side. Try again later."));
}

export async function renewReasons(queue) {
  const language = document.documentElement.lang;
  for (const item of queue.list()) {
    if (item.state !== "failed" || !item.reason || !item.url || isReadable(item)) continue;
    try {
      const { error_text: reason } = await ask("GET", item.url);
      // What failed otherwise than by a refusal has no text there.
      await queue.change(item.id, reason ? { reason, language } : { language });
    } catch (problem) {
      // Nor would the others be told: it is tried again with the next page.
      if ([0, 401, 429].includes(problem.status)) return;
      // The site has forgotten it: the words stay as they are.
      if (problem.status === 404) await queue.change(item.id, { language });
    }
  }
}
