// @ts-check
/** What is done about the way upward: drafted, told by telephone, checked, signed, sent, receipted, handed to whom it belongs. */
import { act } from "../actions.js";
import { now } from "../clocks.js";
import { parseTyped, typedTime } from "../format.js";
import { t, word } from "../i18n.js";
import { go } from "../route.js";
import { may, me, read } from "../session.js";
import { ask } from "./dialog.js";

/** @param {any} incident @param {string} command @param {Record<string, any>} fields @param {{title: string, said?: string}} options */
const tellIncident = (incident, command, fields, options) =>
  act(`incident/${incident.id}/${command}`, fields, { ...options, about: `incident/${incident.id}` });

/** @param {any} one @param {string} command @param {Record<string, any>} fields @param {{title: string, said?: string}} options */
const send = (one, command, fields, options) =>
  void act(`submission/${one.id}/${command}`, fields, { ...options, about: `submission/${one.id}` });

/** Begin the next report and open it. @param {any} incident @param {string} kind */
export async function draft(incident, kind) {
  const title = t("act.draft", { kind: word("kind", kind) });
  const answer = await tellIncident(incident, "DraftSubmission", { kind }, { title });
  if (answer) go("submissions", `${incident.id}-${(incident.submitted ?? []).length + 1}`);
}

/** The script is read out; who was told is recorded. @param {any} incident */
export async function tell(incident) {
  const found = await read(`phone-script/${encodeURIComponent(incident.id)}`);
  ask({
    title: t("tell.title"),
    told: (found?.lines ?? []).join("\n"),
    fields: [
      {
        name: "addressee",
        label: t("tell.to"),
        kind: "choice",
        choices: (me.value?.addressees ?? []).map((one) => ({ value: one.id, label: one.label })),
      },
      { name: "whom", label: t("tell.whom") },
      { name: "told_at", label: t("tell.at"), kind: "time", value: typedTime(now()) },
      { name: "note", label: t("tell.note"), optional: true },
    ],
    submit: t("act.tell"),
    send: ({ told_at, ...rest }) =>
      void tellIncident(incident, "ReportByPhone", { ...rest, told_at: parseTyped(told_at) }, { title: t("act.tell") }),
  });
}

/** To whom it belongs: found by a word, chosen when several fit. @param {any} incident @param {string} [why] */
export function transfer(incident, why = "") {
  ask({
    title: t("transfer.title"),
    told: why || t("transfer.told"),
    fields: [
      { name: "unit", label: t("transfer.unit"), hint: t("transfer.unit.hint") },
      { name: "reason", label: t("transfer.reason") },
    ],
    submit: t("act.transfer"),
    send: ({ unit, reason }) => void find(incident, unit, reason),
  });
}

/** @param {any} incident @param {string} words @param {string} reason */
async function find(incident, words, reason) {
  const answer = await read(`directory?q=${encodeURIComponent(words)}`);
  const units = (answer?.found ?? []).filter((/** @type {any} */ one) => one.kind === "unit");
  if (!units.length) return transfer(incident, t("transfer.none"));
  if (units.length === 1) return handTo(incident, units[0].id, reason);
  ask({
    title: t("transfer.title"),
    told: t("transfer.told"),
    fields: [
      {
        name: "unit",
        label: t("transfer.unit"),
        kind: "choice",
        choices: units.map((/** @type {any} */ one) => ({ value: one.id, label: one.name })),
      },
    ],
    submit: t("act.transfer"),
    send: (values) => handTo(incident, values.unit, reason),
  });
}

/** @param {any} incident @param {string} unit @param {string} reason */
const handTo = (incident, unit, reason) =>
  void tellIncident(incident, "TransferIncident", { unit, reason }, { title: t("act.transfer") });

/** @param {any} incident @param {any} handed */
export function transferReceipt(incident, handed) {
  ask({
    title: t("transfer.to", { name: handed.name }),
    fields: [{ name: "who", label: t("receipt.who") }],
    submit: t("act.transfer_receipt"),
    send: ({ who }) =>
      void tellIncident(incident, "NoteTransferReceipt", { unit: handed.unit, who }, { title: t("act.transfer_receipt") }),
  });
}

/** @param {any} one @param {string} name @param {string} [had] */
export function writeElement(one, name, had) {
  ask({
    title: word("said", name),
    told: t("write.told"),
    fields: [{ name: "text", label: word("said", name), kind: "long", value: had, optional: true }],
    submit: t("act.write"),
    send: ({ text }) => send(one, "WriteDraft", { version: one.draft.version, name, text }, { title: word("said", name) }),
  });
}

/** @param {any} one */
export const check = (one) => send(one, "CheckSubmission", { version: one.draft.version }, { title: t("act.check") });

/** The version that was read is what is signed. @param {any} one */
export function sign(one) {
  const { version } = one.draft;
  ask({
    title: t("sign.title", { title: one.draft.title }),
    told: `${t("sign.told")}\n${one.draft.brief.join("")}`,
    fields: [],
    submit: t("act.sign_off"),
    send: () => send(one, "SignSubmission", { version }, { title: t("act.sign_off") }),
  });
}

/** Leaders who may sign this report. @param {any} one */
export const leadersFor = (one) => one.plan.signers.filter((/** @type {any} */ signer) => signer.key.startsWith("leader:"));

/** @param {any} one */
export function signByPhone(one) {
  const { version } = one.draft;
  ask({
    title: t("sign_phone.title"),
    told: t("sign_phone.told"),
    fields: [
      {
        name: "leader",
        label: t("sign_phone.leader"),
        kind: "choice",
        choices: leadersFor(one).map((/** @type {any} */ signer) => ({ value: signer.key.slice(7), label: signer.label })),
      },
    ],
    submit: t("act.sign_phone"),
    send: ({ leader }) => send(one, "SignSubmission", { version, leader }, { title: t("act.sign_phone") }),
  });
}

/** To all that have not had it, unless some are taken off. @param {any} one */
export function sendUp(one) {
  const had = new Set(one.lines.map((/** @type {any} */ line) => line.addressee));
  const planned = one.plan.lines.filter((/** @type {any} */ line) => !had.has(line.addressee));
  const named = new Set(one.plan.lines.map((/** @type {any} */ line) => line.addressee));
  const others = (me.value?.addressees ?? []).filter((other) => !had.has(other.id) && !named.has(other.id));
  ask({
    title: t("send.title", { title: one.draft.title }),
    told: t("send.told"),
    fields: [
      {
        name: "to",
        label: t("send.to"),
        kind: "checks",
        checked: planned.map((/** @type {any} */ line) => line.addressee),
        choices: [
          ...planned.map((/** @type {any} */ line) => ({
            value: line.addressee,
            label: `${line.label} · ${way(line.how)}${line.copied ? ` · ${t("submission.copies")}` : ""}`,
          })),
          ...others.map((other) => ({ value: other.id, label: other.label })),
        ],
      },
    ],
    submit: t("act.send_up"),
    send: ({ to }) =>
      send(one, "SendSubmission", { version: one.draft.version, to }, { title: t("act.send_up"), said: t("done.sent_up") }),
  });
}

/** @param {string} how */
export const way = (how) =>
  how === "paper" ? t("submission.paper") : how === "link" ? t("submission.link") : word("how", how);

/** @param {any} one @param {any} line */
export function receipt(one, line) {
  ask({
    title: t("receipt.title", { name: line.label }),
    fields: [
      { name: "who", label: t("receipt.who") },
      { name: "number", label: t("receipt.number"), optional: true },
      {
        name: "how",
        label: t("receipt.how"),
        kind: "choice",
        choices: ["phone", "paper", "console"].map((value) => ({ value, label: t(`receipt.how.${value}`) })),
      },
    ],
    submit: t("act.receipt"),
    send: (values) => send(one, "NoteReceipt", { ...values, addressee: line.addressee }, { title: t("act.receipt") }),
  });
}

/** @param {any} one @param {any} line */
export function confirmByPhone(one, line) {
  ask({
    title: t("confirm.title", { name: line.label }),
    fields: [
      { name: "whom", label: t("confirm.whom") },
      { name: "told_at", label: t("confirm.at"), kind: "time", value: typedTime(now()) },
    ],
    submit: t("act.confirm_phone"),
    send: ({ whom, told_at }) =>
      send(
        one,
        "ConfirmByPhone",
        { addressee: line.addressee, whom, told_at: parseTyped(told_at) },
        { title: t("act.confirm_phone") },
      ),
  });
}

/** @param {any} one */
export function withdraw(one) {
  ask({
    title: t("withdraw.title"),
    fields: [{ name: "reason", label: t("reason") }],
    submit: t("act.withdraw"),
    send: (values) => send(one, "WithdrawSubmission", values, { title: t("act.withdraw") }),
  });
}
