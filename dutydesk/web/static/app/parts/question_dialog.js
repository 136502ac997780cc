// @ts-check
/** The dialogs that choose whom to ask: the proposal with its ticks, a dispatch, a marked period, a contact who checks in. */
import { useEffect, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { t, word } from "../i18n.js";
import { read } from "../session.js";
import { strips } from "../store.js";
import { Entry, ids, Shell, typed } from "./instruction_dialog.js";
import { Finder } from "./instruction_finder.js";
import { askAll, markPeriod, setUnits, startCheckIn, startDispatch, wanted } from "./question_acts.js";

/** The open one, if any. */
export function QuestionDialog() {
  const wish = wanted.value;
  switch (wish?.kind) {
    case "verify":
      return html`<${Verify} key=${wish.id} wish=${wish} />`;
    case "dispatch":
      return html`<${Dispatch} />`;
    case "units":
      return html`<${Units} one=${wish.one} names=${wish.names} />`;
    case "period":
      return html`<${Period} />`;
    case "checkin":
      return html`<${CheckIn} incident=${wish.incident} />`;
  }
  return null;
}

const close = () => {
  wanted.value = null;
};

/** What the desk proposes; null before it has answered. @param {any} wish */
function useProposal(wish) {
  const [found, setFound] = useState(/** @type {any} */ (null));
  useEffect(() => {
    void read(`proposals/${wish.about}/${encodeURIComponent(wish.id)}`).then((answer) => setFound(answer ?? { candidates: [] }));
  }, [wish.id]);
  return found;
}

/** Ticked beforehand, so that one Enter asks them all. @param {{wish: any}} props */
function Verify({ wish }) {
  const proposal = useProposal(wish);
  const [text, setText] = useState("");
  const [ticks, setTicks] = useState(/** @type {Set<string>} */ (new Set()));
  const [others, setOthers] = useState(/** @type {any[]} */ ([]));
  const [tried, setTried] = useState(false);
  const had = new Set((wish.asked?.lines ?? []).map((/** @type {any} */ line) => line.unit));
  const offered = (proposal?.candidates ?? []).filter((/** @type {any} */ one) => !had.has(one.unit));
  useEffect(() => {
    if (!proposal) return;
    setText(wish.asked?.text ?? proposal.text ?? "");
    setTicks(new Set(offered.filter((/** @type {any} */ one) => one.ticked).map((/** @type {any} */ one) => one.unit)));
    /** @type {HTMLElement | null} */ (document.querySelector('[data-testid="dialog-submit"]'))?.focus();
  }, [proposal]);
  const chosen = [
    ...offered.filter((/** @type {any} */ one) => ticks.has(one.unit)).map((/** @type {any} */ one) => ({ id: one.unit, why: one.why })),
    ...others.map((one) => ({ id: one.id, why: "chosen" })),
  ];
  const send = () => {
    setTried(true);
    if (!chosen.length || !text.trim()) return;
    close();
    askAll(wish, text.trim(), chosen);
  };
  /** @param {string} unit */
  const toggle = (unit) => {
    const next = new Set(ticks);
    if (!next.delete(unit)) next.add(unit);
    setTicks(next);
  };
  const told = proposal?.phone_minutes
    ? t("verify.told", { phone: proposal.phone_minutes, written: proposal.written_minutes })
    : t("verify.looking");
  return html`<${Shell} title=${t("verify.title", { number: wish.number })} told=${told} submit=${t("act.ask", { n: chosen.length })} send=${send} close=${close}>
    ${
      proposal &&
      !proposal.confirmed &&
      proposal.phone_minutes &&
      html`<p class="hint"><span class="tag dashed">${t("legal.unconfirmed")}</span> ${proposal.law}</p>`
    }
    <${Entry} name="text" label=${t("verify.text")} wrong=${tried && !text.trim() ? t("needed", { label: t("verify.text") }) : ""}>
      <textarea ...${ids("text", "")} rows="2" value=${text} disabled=${Boolean(wish.asked)} onInput=${typed(setText)}></textarea></${Entry}>
    <fieldset class="entry checks candidates"><legend>${t("verify.whom")}</legend>
      ${offered.map(
        (
          /** @type {any} */ one,
        ) => html`<label class="check" key=${one.unit}><input type="checkbox" checked=${ticks.has(one.unit)} disabled=${!one.reachable} onChange=${() => toggle(one.unit)} data-testid=${`ask-${one.unit}`} />
        <b>${one.name}</b> <span class="tag outlined">${word("asked", one.why)}</span> <span class="hint">${one.reachable ? one.people.join("、") : t("verify.unreachable")}</span></label>`,
      )}
      ${proposal && !offered.length && html`<p class="hint">${t("verify.nobody")}</p>`}
    </fieldset>
    <${Finder} name="unit" kind="unit" many=${true} label=${t("verify.more")} hint=${t("verify.more.hint")} chosen=${others} choose=${setOthers}
      wrong=${tried && !chosen.length ? t("verify.none") : ""} />
  </${Shell}>`;
}

/** All districts at once, for what is asked of the whole city. @param {{chosen: any[], choose: (chosen: any[]) => void}} props */
function Districts({ chosen, choose }) {
  const add = async () => {
    const answer = await read("groups");
    const had = new Set(chosen.map((one) => one.id));
    if (answer) choose([...chosen, ...answer.districts.filter((/** @type {any} */ one) => !had.has(one.id))]);
  };
  return html`<div class="presets"><button type="button" onClick=${() => void add()} data-testid="all-districts">${t("dispatch.districts")}</button></div>`;
}

const EVERY = ["30", "60", "120", "240", "480"];

function Dispatch() {
  const [text, setText] = useState("");
  const [units, setUnits] = useState(/** @type {any[]} */ ([]));
  const [every, setEvery] = useState("120");
  const [incident, setIncident] = useState("");
  const [tried, setTried] = useState(false);
  const send = () => {
    setTried(true);
    if (!text.trim() || !units.length) return;
    close();
    const fields = { text: text.trim(), units: units.map((one) => one.id), every_minutes: Number(every), incident: incident || null };
    void startDispatch(fields);
  };
  const wrong = tried && !text.trim() ? t("needed", { label: t("dispatch.text") }) : "";
  return html`<${Shell} title=${t("dispatch.title")} told=${t("dispatch.told")} submit=${t("act.dispatch")} send=${send} close=${close}>
    <${Entry} name="text" label=${t("dispatch.text")} wrong=${wrong}>
      <textarea ...${ids("text", wrong)} rows="2" value=${text} onInput=${typed(setText)}></textarea></${Entry}>
    <${Districts} chosen=${units} choose=${setUnits} />
    <${Finder} name="unit" kind="unit" many=${true} label=${t("dispatch.units")} hint=${t("dispatch.units.hint")} chosen=${units} choose=${setUnits}
      wrong=${tried && !units.length ? t("needed", { label: t("dispatch.units") }) : ""} />
    <${Entry} name="every" label=${t("dispatch.every")}>
      <select ...${ids("every", "")} value=${every} onChange=${typed(setEvery)}>${EVERY.map((one) => html`<option value=${one}>${t(`every.${one}`)}</option>`)}</select></${Entry}>
    <${Entry} name="incident" label=${t("incident")}>
      <select ...${ids("incident", "")} value=${incident} onChange=${typed(setIncident)}>
        <option value="">${t("log.no_incident")}</option>
        ${strips.value.map((one) => html`<option key=${one.id} value=${one.id}>${one.number} ${one.title}</option>`)}</select></${Entry}>
  </${Shell}>`;
}

/** Whom the next rounds ask. @param {{one: any, names: Map<string, string>}} props */
function Units({ one, names }) {
  const [units, set] = useState(/** @type {any[]} */ (one.units.map((/** @type {string} */ id) => ({ id, name: names.get(id) ?? id }))));
  const send = () => {
    if (!units.length) return;
    close();
    setUnits(one, units.map((each) => each.id)); // prettier-ignore
  };
  return html`<${Shell} title=${t("dispatch.units.title", { number: one.number })} told=${t("dispatch.units.told")} submit=${t("act.dispatch.units")} send=${send} close=${close}>
    <${Districts} chosen=${units} choose=${set} />
    <${Finder} name="unit" kind="unit" many=${true} label=${t("dispatch.units")} hint=${t("dispatch.units.hint")} chosen=${units} choose=${set}
      wrong=${units.length ? "" : t("needed", { label: t("dispatch.units") })} />
  </${Shell}>`;
}

function Period() {
  const [name, setName] = useState("");
  const [units, setUnits] = useState(/** @type {any[]} */ ([]));
  const [tried, setTried] = useState(false);
  const send = () => {
    setTried(true);
    if (!name.trim() || !units.length) return;
    close();
    const codes = units.map((one) => one.id);
    const districts = codes.filter((code) => /^\d{6}$/.test(code));
    markPeriod({ name: name.trim(), districts, units: codes.filter((code) => !districts.includes(code)) });
  };
  const wrong = tried && !name.trim() ? t("needed", { label: t("period.name") }) : "";
  return html`<${Shell} title=${t("period.title")} told=${t("period.told")} submit=${t("act.period")} send=${send} close=${close}>
    <${Entry} name="name" label=${t("period.name")} wrong=${wrong}>
      <input ...${ids("name", wrong)} type="text" autocomplete="off" value=${name} onInput=${typed(setName)} /></${Entry}>
    <${Districts} chosen=${units} choose=${setUnits} />
    <${Finder} name="unit" kind="unit" many=${true} label=${t("period.units")} hint=${t("period.units.hint")} chosen=${units} choose=${setUnits}
      wrong=${tried && !units.length ? t("needed", { label: t("period.units") }) : ""} />
  </${Shell}>`;
}

/** @param {{incident: any}} props */
function CheckIn({ incident }) {
  const [who, setWho] = useState(/** @type {any[]} */ ([]));
  const [every, setEvery] = useState("");
  const [tried, setTried] = useState(false);
  const send = () => {
    setTried(true);
    if (!who[0]) return;
    close();
    startCheckIn(incident, who[0].id, every ? Number(every) : null);
  };
  return html`<${Shell} title=${t("checkin.title", { number: incident.number })} told=${t("checkin.told")} submit=${t("act.checkin")} send=${send} close=${close}>
    <${Finder} name="contact" kind="contact" label=${t("checkin.who")} hint=${t("checkin.who.hint")} chosen=${who} choose=${setWho}
      wrong=${tried && !who[0] ? t("needed", { label: t("checkin.who") }) : ""} />
    <${Entry} name="every" label=${t("checkin.every")}>
      <select ...${ids("every", "")} value=${every} onChange=${typed(setEvery)}>
        <option value="">${t("checkin.by_level")}</option>
        ${["15", "30", "60", "120"].map((one) => html`<option value=${one}>${t(`every.${one}`)}</option>`)}</select></${Entry}>
  </${Shell}>`;
}
