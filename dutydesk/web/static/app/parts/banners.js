// @ts-check
/** What must be said across the whole screen: the line is lost, the store is away, something typed is not sent yet; and the undo. */
import { useEffect } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { acts, another, done, drop } from "../actions.js";
import { second } from "../clocks.js";
import { lostAt, state, writable } from "../feed.js";
import { full, took } from "../format.js";
import { t } from "../i18n.js";
import { person } from "../names.js";
import { pastAt } from "../past.js";
import { Button } from "./basic.js";
import { retype } from "./callbox.js";

const GRACE = 1000; // a short break is nobody's business

export function Banners() {
  return html`<div class="banners" aria-live="assertive">
    <${Past} /><${Line} />
    ${
      state.value === "live" &&
      !writable.value &&
      html`<p class="banner" role="alert" data-testid="banner-store">
      ${t("banner.store")}</p>`
    }
    <${Unsent} />
  </div>`;
}

/** What is looked at is not now. */
function Past() {
  if (!pastAt) return null;
  return html`<p class="banner past" role="status" data-testid="banner-past">${t("past.banner", { time: full(pastAt) })} <a href="/">${t("past.leave")}</a></p>`;
}

function Line() {
  void second.value;
  if (state.value === "signed_out")
    return html`<p class="banner" role="alert" data-testid="banner-signed-out">
      ${t("banner.signed_out")} <a href="/sign-in">${t("sign_in")}</a></p>`;
  const since = lostAt.value ? Date.now() - lostAt.value : 0;
  if (since < GRACE) return null;
  return html`<p class="banner" role="alert" data-testid="banner-offline">
    ${t("banner.offline", { since: took(since * 1000) })}</p>`;
}

/** Acts that wait for the line, and those the desk refused, until somebody has read why. */
function Unsent() {
  const shown = acts.value.filter((one) => one.status !== "sending");
  if (!shown.length) return null;
  return html`<ul class="unsent" data-testid="unsent">
    ${shown.map(
      (
        one,
      ) => html`<li class=${one.status} role=${one.status === "refused" ? "alert" : "status"} data-testid=${`act-${one.status}`}>
      <b>${t(`act.${one.status}`)}</b> ${one.title}${
        one.about !== "calls"
          ? html` <span class="number">
        ${one.about.split("/")[1]}</span>`
          : ""
      }
      ${one.fields.text ? html` <span class="quote">${String(one.fields.text)}</span>` : ""} · ${another(one) ? t("unsent.another", { who: person(one.by) }) : one.why}
      <${Back} one=${one} />
    </li>`,
    )}
  </ul>`;
}

/** A call goes back into its box, so that nothing typed is lost; anything else is only put aside. @param {{one: any}} props */
function Back({ one }) {
  const again = () => {
    drop(one.key);
    retype(one.fields);
  };
  if (one.about === "calls") return html`<${Button} label=${t("act.retype")} press=${again} />`;
  return html`<${Button} label=${one.status === "refused" ? t("act.read") : t("act.take_back")} press=${() => drop(one.key)} />`;
}

const SHOWN = 8000;

/** What was just done, and the way back. */
export function Done() {
  const said = done.value;
  useEffect(() => {
    if (!said) return undefined;
    const wait = setTimeout(() => done.value === said && (done.value = null), SHOWN);
    return () => clearTimeout(wait);
  }, [said]);
  if (!said) return null;
  const back = () => {
    said.undo?.();
    done.value = null;
  };
  return html`<p class="done" role="status" data-testid="done">${said.text}
    ${said.to && html`<a class="button" href=${said.to} data-testid="done-there">${t("done.there")}</a>`}
    ${said.undo && html`<${Button} label=${t("undo")} hot="u" press=${back} id="undo" />`}
  </p>`;
}
