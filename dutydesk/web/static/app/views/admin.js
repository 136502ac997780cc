// @ts-check
/** 管理: users, their passwords and second factors, who is signed in, and the policy with its files. Only administrators see it. */
import { useEffect, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { sendNow } from "../actions.js";
import { full, phone } from "../format.js";
import { t, word } from "../i18n.js";
import { person } from "../names.js";
import { me, read } from "../session.js";
import { rows } from "../store.js";
import { Button } from "../parts/basic.js";
import { ask } from "../parts/dialog.js";
import { offer } from "../parts/proof.js";

const ROLES = ["officer", "shift_leader", "administrator", "reader", "leader", "unit", "auditor"];

export function Admin() {
  const [stands, setStands] = useState(/** @type {any} */ (null));
  const [wrong, setWrong] = useState("");
  const look = async () => setStands(await read("admin"));
  useEffect(() => void look(), []);
  /** One change; a proof is asked for when the desk wants one. @param {string} path @param {any} body */
  const change = async (path, body) => {
    try {
      await sendNow(`/api/admin/${path}`, body);
      setWrong("");
      await look();
    } catch (error) {
      if (/** @type {any} */ (error).status === 428) return void offer(() => void change(path, body), "");
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return html`<main class="list-view single"><section class="column" aria-labelledby="list-title">
    <header class="column-head"><h2 id="list-title">${t("view.admin")}</h2>
      <${Button} label=${t("admin.add")} press=${() => edit(null, change)} hot="n" id="add-user" /></header>
    <div class="scroll cards">
      ${wrong && html`<p class="verdict bad wide" role="alert" data-testid="admin-wrong">${wrong}</p>`}
      <${Users} stands=${stands} change=${change} />
      <${Sessions} all=${stands?.sessions ?? []} change=${change} />
      <${Policy} stands=${stands} />
    </div></section></main>`;
}

/** @param {{stands: any, change: (path: string, body: any) => void}} props */
function Users({ stands, change }) {
  const all = [...rows("user").values()].sort((a, b) => Number(b.open) - Number(a.open) || (a.username < b.username ? -1 : 1));
  return html`<section class="card wide" aria-labelledby="users-title"><h3 id="users-title">${t("admin.users")}</h3>
    <div class="table-scroll" tabindex="0" role="region" aria-labelledby="users-title"><table class="directory"><thead><tr><th>${t("admin.username")}</th><th>${t("admin.name")}</th><th>${t("admin.role")}</th>
      <th>${t("admin.division")}</th><th>${t("admin.phone")}</th><th>${t("admin.factors")}</th><th><span class="unseen">${t("acts")}</span></th></tr></thead>
    <tbody>${all.map((one) => html`<${User} key=${one.username} one=${one} factors=${stands?.factors[one.username] ?? []} change=${change} />`)}</tbody></table></div></section>`;
}

/** @param {{one: any, factors: string[], change: (path: string, body: any) => void}} props */
function User({ one, factors, change }) {
  const path = `users/${encodeURIComponent(one.username)}`;
  const own = one.username === me.value?.username;
  return html`<tr class=${one.open ? "" : "closed"} data-testid=${`user-${one.username}`}>
    <td><b>${one.username}</b></td><td>${one.name}</td><td>${one.open ? word("role", one.role) : t("admin.removed")}</td>
    <td class="number">${one.division || t("admin.everything")}</td><td class="number">${phone(one.phone ?? "")}</td>
    <td>${factors.map((kind) => word("factor", kind)).join("、") || html`<span class="unknown">${t("admin.none")}</span>`}</td>
    <td><div class="buttons small">
      <button type="button" onClick=${() => edit(one, change)}>${t("admin.edit")}</button>
      ${one.open && html`<button type="button" onClick=${() => password(one, change)}>${t("admin.password")}</button>`}
      ${one.open && factors.length > 0 && html`<button type="button" onClick=${() => sure(t("admin.factors.reset"), t("admin.factors.told", { who: one.name }), () => change(`${path}/factors`, {}))}>${t("admin.factors.reset")}</button>`}
      ${one.open && !own && html`<button type="button" data-testid=${`remove-${one.username}`} onClick=${() => sure(t("admin.remove"), t("admin.remove.told", { who: one.name }), () => change(`${path}/remove`, {}))}>${t("admin.remove")}</button>`}
    </div></td></tr>`;
}

/** @param {string} title @param {string} told @param {() => void} send */
const sure = (title, told, send) => ask({ title, told, fields: [], submit: title, send });

/** @param {any} one the user, or null for a new one @param {(path: string, body: any) => void} change */
function edit(one, change) {
  ask({
    title: one ? t("admin.edit.title", { who: one.username }) : t("admin.add"),
    told: one ? "" : t("admin.add.told"),
    fields: [
      ...(one ? [] : [{ name: "username", label: t("admin.username"), hint: t("admin.username.hint") }]),
      { name: "name", label: t("admin.name"), value: one?.name },
      { name: "role", label: t("admin.role"), kind: /** @type {const} */ ("choice"), value: one?.role ?? "officer", choices: ROLES.map((value) => ({ value, label: word("role", value) })) },
      { name: "division", label: t("admin.division"), value: one?.division ?? "", optional: true, hint: t("admin.division.hint") },
      { name: "phone", label: t("admin.phone"), value: one?.phone ?? "", optional: true, hint: t("admin.phone.hint") },
      ...(one ? [] : [{ name: "password", label: t("admin.first_password"), kind: /** @type {const} */ ("password"), hint: t("admin.password.hint") }]),
    ],
    submit: t("admin.save"),
    send: ({ username, phone: number, ...fields }) =>
      change(`users/${encodeURIComponent(one?.username ?? username)}`, { ...fields, ...(one?.email ? { email: one.email } : {}), ...(number ? { phone: number } : {}) }),
  });
}

/** @param {any} one @param {(path: string, body: any) => void} change */
function password(one, change) {
  ask({
    title: t("admin.password.title", { who: one.name }),
    told: t("admin.password.told"),
    fields: [{ name: "password", label: t("admin.first_password"), kind: "password", hint: t("admin.password.hint") }],
    submit: t("admin.save"),
    send: (values) => change(`users/${encodeURIComponent(one.username)}/password`, values),
  });
}

/** @param {{all: any[], change: (path: string, body: any) => void}} props */
function Sessions({ all, change }) {
  return html`<section class="card wide" aria-labelledby="sessions-title"><h3 id="sessions-title">${t("admin.sessions")} <span class="count">${all.length}</span></h3>
    <ul class="items sessions" data-testid="sessions">${all.map(
      (one) => html`<li key=${one.id}><b>${person(one.username)}</b> <span class="hint">${t("admin.session.times", { since: full(one.since), seen: full(one.seen) })}</span>
      ${one.own ? html`<span class="tag">${t("admin.session.own")}</span>` : html`<button type="button" class="link" onClick=${() => change(`sessions/${one.id}/end`, {})}>${t("admin.session.end")}</button>`}</li>`,
    )}</ul></section>`;
}

/** Each file of the policy and what of it is in force, as the journal has it. @param {{stands: any}} props */
function Policy({ stands }) {
  if (!stands) return null;
  const { adopted, files, fits, rules, desk } = stands;
  return html`<section class="card wide" aria-labelledby="policy-title"><h3 id="policy-title">${t("admin.policy")}</h3>
    <p class=${`verdict ${fits ? "good" : "unsure"}`} role="status" data-testid="policy-fits">${t(fits ? "admin.policy.fits" : "admin.policy.changed")}</p>
    <dl class="plain"><div><dt>${t("admin.policy.entry")}</dt><dd class="number">${adopted.seq} · ${full(adopted.at)}</dd></div>
      <div><dt>${t("admin.policy.digest")}</dt><dd class="hash">${adopted.digest}</dd></div>
      <div><dt>${t("admin.policy.folder")}</dt><dd class="hash">${desk.config}</dd></div>
      <div><dt>${t("admin.engine")}</dt><dd>${desk.engine} · ${t(desk.redis ? "admin.redis" : "admin.no_redis")}</dd></div></dl>
    ${files.map((/** @type {any} */ file) => html`<details key=${file.name}><summary><b>${file.name}</b> <span class="hash">${file.digest.slice(0, 12)}</span></summary>
      <pre class="policy">${shown(file, rules)}</pre></details>`)}
  </section>`;
}

/** What of the rules in force a file is the origin of. @param {{name: string, keys: string[]}} file @param {any} rules */
function shown(file, rules) {
  const own = file.name.replace(/\.toml$/, "");
  const found = rules[own] !== undefined ? { [own]: rules[own] } : Object.fromEntries(file.keys.filter((key) => rules[key] !== undefined).map((key) => [key, rules[key]]));
  return Object.keys(found).length ? JSON.stringify(found, null, 2) : t("admin.policy.elsewhere");
}
