// @ts-check
/** 直连: each duty room that a line joins us to, whether it is there, and what came over that nobody could take in. */
import { useEffect, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { act } from "../actions.js";
import { SECOND } from "../clocks.js";
import { clock } from "../format.js";
import { t, word } from "../i18n.js";
import { may, read } from "../session.js";
import { rows } from "../store.js";
import { Button } from "./basic.js";
import { ask } from "./dialog.js";

const AGAIN = 10_000; // milliseconds: beats come every half minute, and a dead line shows by itself
const SKEW_SHOWN = 5 * SECOND;

/** Nothing is drawn where no link is set up. */
export function Links() {
  const peers = [...rows("peer").values()].sort((a, b) => a.id.localeCompare(b.id));
  const frames = [...rows("frame").values()].filter((one) => one.open).sort((a, b) => b.seq - a.seq);
  const heard = useHeard(peers.length > 0);
  if (!peers.length && !frames.length) return null;
  return html`<section class="health-card" aria-labelledby="links-title" data-testid="links">
    <h3 id="links-title">${t("links")}</h3>
    <ul class="links">${peers.map((one) => html`<${Peer} key=${one.id} peer=${one} heard=${heard[one.id]} />`)}</ul>
    ${
      frames.length > 0 &&
      html`<h4>${t("frames")}</h4><ul class="links">
        ${frames.map((one) => html`<${Frame} key=${one.id} frame=${one} />`)}</ul>`
    }
  </section>`;
}

/** What changes too often for the feed. @param {boolean} wanted @returns {Record<string, {heard_at: number, skew: number}>} */
function useHeard(wanted) {
  const [heard, setHeard] = useState(/** @type {Record<string, any>} */ ({}));
  useEffect(() => {
    if (!wanted) return undefined;
    const abort = new AbortController();
    const look = async () => {
      const answer = await read("links", abort.signal);
      if (answer) setHeard(answer.links);
    };
    void look();
    const timer = setInterval(look, AGAIN);
    return () => (clearInterval(timer), abort.abort());
  }, [wanted]);
  return heard;
}

/** @param {{peer: any, heard: {heard_at: number, skew: number} | undefined}} props */
function Peer({ peer, heard }) {
  const name = peer.unit_name || peer.id;
  const apart = heard && Math.abs(heard.skew) >= SKEW_SHOWN ? Math.round(heard.skew / SECOND) : 0;
  return html`<li class="link-row line-${peer.status}" data-testid=${`peer-${peer.id}`}>
    <span class="link-state">${word("link.status", peer.status)}</span>
    <b>${name}</b><span class="tag">${word("link.side", peer.side)}</span>
    <span class="hint">${t("link.since", { time: clock(peer.stopped_at || peer.since) })}</span>
    <span class="hint">${heard ? t("link.heard", { time: clock(heard.heard_at) }) : t("link.unheard")}</span>
    ${apart !== 0 && html`<span class="hint">${t("link.skew", { n: Math.abs(apart) })}</span>`}
    ${peer.stopped && html`<p class="stopped" role="alert">${t(`link.${peer.stopped}`, { n: peer.stopped_n })}</p>`}
    ${
      peer.stopped &&
      may("peer", "ResumePeer") &&
      html`<${Button} label=${t("act.resume")} press=${() => resume(peer, name)} id=${`resume-${peer.id}`} />`
    }
  </li>`;
}

/** @param {any} peer @param {string} name */
function resume(peer, name) {
  ask({
    title: t("resume.title", { name }),
    told: t("resume.told"),
    fields: [{ name: "reason", label: t("reason") }],
    submit: t("act.resume"),
    send: (values) => void act(`peer/${peer.id}/ResumePeer`, values, { title: `${t("act.resume")} ${name}` }),
  });
}

/** @param {{frame: any}} props */
function Frame({ frame }) {
  const name = frame.unit_name || frame.peer;
  return html`<li class="link-row" data-testid=${`frame-${frame.id}`}>
    <span class="link-state">${word("frame", frame.verdict)}</span>
    <b>${t("frame.line", { name, n: frame.n })}</b><span class="hint">${word("frame.why", frame.why)}</span>
    <span class="hint">${clock(frame.received_at)}</span>
    ${frame.text && html`<p class="quote">${frame.text}</p>`}
    ${
      may("frame", "SettleFrame") &&
      html`<${Button} label=${t("act.settle")} press=${() => settle(frame, name)} id=${`settle-${frame.id}`} />`
    }
  </li>`;
}

/** @param {any} frame @param {string} name */
function settle(frame, name) {
  ask({
    title: t("settle.title", { name, n: frame.n }),
    fields: [{ name: "note", label: t("settle.note") }],
    submit: t("act.settle"),
    send: (values) => void act(`frame/${frame.id}/SettleFrame`, values, { title: `${t("act.settle")} ${name}` }),
  });
}
