// @ts-check
/** Leave and swaps: what is asked for, with who would stand in; a chief approves or says why not. */
import { html } from "../../vendor/htm/preact.js";
import { act, newKey } from "../actions.js";
import { second } from "../clocks.js";
import { clock, parseTyped } from "../format.js";
import { t } from "../i18n.js";
import { person } from "../names.js";
import { may, me } from "../session.js";
import { rows } from "../store.js";
import { Button } from "./basic.js";
import { ask } from "./dialog.js";
import { duties, dutyName, leaveState, postName, serving } from "./roster_rows.js";

export function Leaves() {
  const open = [...rows("leave").values()].filter((one) => one.open).sort((a, b) => a.starts_at - b.starts_at);
  return html`<section class="leaves" aria-labelledby="leaves-title" data-testid="leaves">
    <header class="roster-head"><h3 id="leaves-title">${t("leaves")} <span class="count">${open.length}</span></h3>
      ${
        may("leave", "RequestLeave") &&
        html`<div class="buttons"><${Button} label=${t("act.leave_ask")} press=${askLeave} id="ask-leave" />
        <${Button} label=${t("act.swap")} press=${askSwap} id="ask-swap" /></div>`
      }</header>
    ${open.length ? html`<ul class="items">${open.map((one) => html`<${Leave} key=${one.id} one=${one} />`)}</ul>` : html`<p class="hint">${t("leaves.none")}</p>`}
  </section>`;
}

/** @param {{one: any}} props */
function Leave({ one }) {
  const asked = one.status === "requested";
  const mine = one.person === me.value?.username;
  return html`<li data-testid=${`leave-${one.id}`}>
    <p><b>${person(one.person)}</b> ${t(`leave.kind.${one.kind}`)} ${clock(one.starts_at)} – ${clock(one.ends_at)} <span class="tag outlined">${leaveState(one.status)}</span>
      ${one.short_notice && html`<span class="kept late">${t("leave.short")}</span>`}</p>
    ${one.reason && html`<p class="quote">${one.reason}</p>`}
    ${one.needs.map((/** @type {any} */ need) => html`<p class="hint">${clock(need.starts_at)} ${need.name} ${postName(need.post)}:${need.stand_in ? t("leave.stand_in", { name: person(need.stand_in) }) : html`<b class="wrong">${t("leave.nobody")}</b>`}</p>`)}
    ${told(one)}
    <div class="buttons">
      ${asked && may("leave", "ApproveLeave") && !mine && html`<${Button} label=${t("act.approve")} primary=${true} press=${() => approve(one)} id=${`approve-${one.id}`} />`}
      ${asked && may("leave", "RefuseLeave") && !mine && html`<${Button} label=${t("act.refuse_leave")} press=${() => refuse(one)} id=${`refuse-${one.id}`} />`}
      ${(mine || may("leave", "ApproveLeave")) && may("leave", "WithdrawLeave") && html`<${Button} label=${t(asked ? "act.leave.withdraw" : "act.back")} press=${() => void act(`leave/${one.id}/WithdrawLeave`, {}, { title: t("act.leave.withdraw") })} id=${`withdraw-${one.id}`} />`}
    </div></li>`;
}

/** Who was told of the decision, and who has to be told by mouth. @param {any} one */
function told(one) {
  const names = (/** @type {boolean} */ reached) =>
    (one.told ?? [])
      .filter((/** @type {any} */ each) => Boolean(each.how) === reached)
      .map((/** @type {any} */ each) => person(each.person))
      .join("、");
  const [reached, missed] = [names(true), names(false)];
  return html`${reached && html`<p class="hint">${t("leave.was_told", { names: reached })}</p>`}
    ${missed && html`<p class="hint"><b class="wrong">${t("leave.not_told", { names: missed })}</b></p>`}`;
}

const everybody = () => serving.value.map((user) => ({ value: user.username, label: user.name }));

function askLeave() {
  const chief = may("leave", "ApproveLeave");
  ask({
    title: t("act.leave_ask"),
    told: t("leave.told"),
    fields: [
      ...(chief
        ? [
            {
              name: "person",
              label: t("leave.person"),
              kind: /** @type {const} */ ("choice"),
              value: me.value?.username,
              choices: everybody(),
            },
          ]
        : []),
      { name: "starts_at", label: t("leave.from"), kind: "time", lean: "future" },
      { name: "ends_at", label: t("leave.to"), kind: "time", lean: "future" },
      { name: "reason", label: t("reason") },
    ],
    submit: t("act.leave_ask"),
    send: (values) => {
      const times = { starts_at: parseTyped(values.starts_at), ends_at: parseTyped(values.ends_at) };
      void act(`leave/${newKey()}/RequestLeave`, { ...values, ...times }, { title: t("act.leave_ask") });
    },
  });
}

/** Duties still to come that somebody stands. @param {(seat: {post: string, person: string}) => boolean} fits */
const ahead = (fits) =>
  [...duties.value.values()]
    .filter((duty) => duty.starts_at > second.peek() && duty.seats.some(fits))
    .sort((a, b) => a.starts_at - b.starts_at)
    .map((duty) => ({ value: duty.id, label: dutyName(duty) }));

function askSwap() {
  const own = ahead((seat) => seat.person === me.value?.username);
  ask({
    title: t("act.swap"),
    told: t(own.length ? "swap.told" : "swap.none"),
    fields: [
      { name: "duty", label: t("swap.duty"), kind: "choice", value: own[0]?.value, choices: own },
      {
        name: "other",
        label: t("swap.other"),
        kind: "choice",
        choices: everybody().filter((one) => one.value !== me.value?.username),
      },
      {
        name: "other_duty",
        label: t("swap.other_duty"),
        kind: "choice",
        optional: true,
        choices: [{ value: "", label: t("swap.nothing") }, ...ahead((seat) => seat.person !== me.value?.username)],
      },
      { name: "reason", label: t("reason") },
    ],
    submit: t("act.swap"),
    send: (values) =>
      void act(`leave/${newKey()}/RequestLeave`, { kind: "swap", ...values }, { title: t("act.swap") }),
  });
}

/** @param {any} one */
function approve(one) {
  ask({
    title: t("approve.title", { name: person(one.person) }),
    told: t(one.short_notice ? "approve.short" : "approve.told"),
    fields: [
      ...one.needs.map((/** @type {any} */ need) => ({
        name: need.duty,
        label: t("approve.stand_in", { duty: `${clock(need.starts_at)} ${need.name}` }),
        kind: "choice",
        value: need.stand_in || everybody()[0]?.value,
        choices: everybody().filter((user) => user.value !== need.out),
      })),
      { name: "note", label: t("approve.note"), optional: !one.short_notice },
    ],
    submit: t("act.approve"),
    send: ({ note, ...stand_ins }) =>
      void act(`leave/${one.id}/ApproveLeave`, { note, stand_ins }, { title: t("act.approve") }),
  });
}

/** @param {any} one */
function refuse(one) {
  ask({
    title: t("refuse_leave.title", { name: person(one.person) }),
    told: t("refuse_leave.told"),
    fields: [{ name: "reason", label: t("reason") }],
    submit: t("act.refuse_leave"),
    send: (values) => void act(`leave/${one.id}/RefuseLeave`, values, { title: t("act.refuse_leave") }),
  });
}
