// @ts-check
/** What came along with a message. What we keep can be saved; what the provider keeps is only said. */
import { html } from "../../vendor/htm/preact.js";
import { t } from "../i18n.js";
import { me } from "../session.js";

/** @param {{media: Array<{url: string, media_type: string, digest: string}> | undefined}} props */
export function Attachments({ media }) {
  if (!media?.length) return null;
  return html`<p class="attachments">${media.map((one, n) => html`<${One} one=${one} n=${n + 1} />`)}</p>`;
}

/** @param {{one: {media_type: string, digest: string}, n: number}} props */
function One({ one, n }) {
  const type = one.media_type.split("/").pop()?.slice(0, 12).toUpperCase() ?? "";
  if (!one.digest || me.value?.masked)
    return html`<span class="tag">${t(one.digest ? "attachment" : "attachment.elsewhere", { n })} ${type}</span>`;
  return html`<a class="tag outlined" href=${`/blobs/${one.digest}`} download>${t("attachment", { n })} ${type}</a>`;
}
