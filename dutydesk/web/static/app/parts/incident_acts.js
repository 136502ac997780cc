// @ts-check
/** What an officer can do with an incident, in the order of the work; each is one command, undone by another where it can be. */
import { act } from "../actions.js";
import { figure, typedTime } from "../format.js";
import { t, word } from "../i18n.js";
import { person } from "../names.js";
import { me } from "../session.js";
import { rows, strips } from "../store.js";
import { ask } from "./dialog.js";

const TIMES = new Set(["occurred_at", "discovered_at"]);

/** @param {any} incident @param {string} command @param {Record<string, any>} fields @param {{title: string, undo?: () => void, said?: string}} options */
const command = (incident, command, fields, options) => act(`incident/${incident.id}/${command}`, fields, options);

/** @param {any} incident */
export function sign(incident) {
  void command(
    incident,
    "SignForIncident",
    {},
    { title: t("act.sign"), said: t("done.signed", { number: incident.number }) },
  );
}

/** @param {any} incident @param {string} to */
export function assign(incident, to) {
  const before = incident.assigned_to;
  const undo = before ? () => assign(incident, before) : undefined;
  void command(
    incident,
    "AssignIncident",
    { to },
    { title: t("act.assign"), undo, said: t("done.assigned", { who: person(to) }) },
  );
}

/** @param {any} incident */
export function assignToOther(incident) {
  const users = [...rows("user").values()].filter(
    (one) => one.open && ["officer", "shift_leader", "administrator"].includes(one.role),
  );
  ask({
    title: t("assign.title"),
    fields: [
      {
        name: "to",
        label: t("officer"),
        kind: "choice",
        value: me.value?.username,
        choices: users.map((one) => ({ value: one.username, label: one.name })),
      },
    ],
    submit: t("act.assign"),
    send: ({ to }) => assign(incident, to),
  });
}

/** @param {any} incident */
export function note(incident) {
  ask({
    title: t("note.title", { number: incident.number }),
    fields: [{ name: "text", label: t("note.text"), kind: "long" }],
    submit: t("act.note"),
    send: (values) => void command(incident, "NoteIncident", values, { title: t("act.note") }),
  });
}

/** @param {any} incident @param {string} into @param {string} [reason] */
export function mergeInto(incident, into, reason = "") {
  const undo = () => void command(incident, "SplitIncident", { reason: t("undo") }, { title: t("act.split") });
  void command(
    incident,
    "MergeIncident",
    { into, reason },
    { title: t("act.merge"), undo, said: t("done.merged", { from: incident.number, into }) },
  );
}

/** @param {any} incident */
export function merge(incident) {
  const likely = new Set(incident.maybe);
  const others = strips.value
    .filter((one) => one.id !== incident.id)
    .sort((a, b) => Number(likely.has(b.id)) - Number(likely.has(a.id)));
  const choices = others.map((one) => ({ value: one.id, label: `${one.number} ${one.title}${likely.has(one.id) ? ` · ${t("merge.likely")}` : ""}` }));
  ask({
    title: t("merge.title", { number: incident.number }),
    told: others.length ? t("merge.told") : t("merge.nobody"),
    fields: others.length
      ? [
          {
            name: "into",
            label: t("merge.into"),
            kind: "choice",
            choices: likely.has(others[0].id) ? choices : [{ value: "", label: t("choose") }, ...choices], // nothing is merged by a slip
          },
          { name: "reason", label: t("reason"), optional: true },
        ]
      : [],
    submit: t("act.merge"),
    send: ({ into, reason }) => into && mergeInto(incident, into, reason),
  });
}

/** @param {any} incident */
export function close(incident) {
  const choices = ["handled", "elsewhere", "false"].map((value) => ({ value, label: word("outcome", value) }));
  const undo = () => void command(incident, "ReopenIncident", { reason: t("undo") }, { title: t("act.reopen") });
  ask({
    title: t("close.title", { number: incident.number }),
    told: t("close.told"),
    fields: [
      { name: "outcome", label: t("close.outcome"), kind: "choice", choices, value: "handled" },
      { name: "reason", label: t("reason"), kind: "long" },
    ],
    submit: t("act.close"),
    send: (values) =>
      void command(incident, "CloseIncident", values, {
        title: t("act.close"),
        undo,
        said: t("done.closed", { number: incident.number }),
      }),
  });
}

/** @param {any} incident */
export function reopen(incident) {
  ask({
    title: t("reopen.title", { number: incident.number }),
    fields: [{ name: "reason", label: t("reason") }],
    submit: t("act.reopen"),
    send: (values) => void command(incident, "ReopenIncident", values, { title: t("act.reopen") }),
  });
}

/** @param {any} incident */
export function split(incident) {
  void command(incident, "SplitIncident", {}, { title: t("act.split") });
}

/** Start calling people about it. @param {any} incident @param {string} [policy] */
export function call(incident, policy) {
  const choices = (me.value?.policies ?? []).map((name) => ({ value: name, label: word("policy", name) }));
  ask({
    title: t("call.title", { number: incident.number }),
    told: t("call.told"),
    fields: [{ name: "policy", label: t("call.policy"), kind: "choice", choices, value: policy ?? choices[0]?.value }],
    submit: t("act.call"),
    send: (values) => void command(incident, "CallFor", values, { title: t("act.call") }),
  });
}

const LEVELS = ["特别重大", "重大", "较大", "一般"];
const CATEGORIES = ["natural_disaster", "accident", "public_health", "social_security"];

/** @param {any} incident @param {string} name */
export function fixFact(incident, name) {
  const label = word("field", name);
  ask({
    title: t("fix.title", { name: label }),
    told: t("fix.told"),
    fields: [factField(incident, name, label), { name: "reason", label: t("reason") }],
    submit: t("act.fix"),
    send: ({ value, reason }) => {
      const said = TIMES.has(name) ? `${value}+08:00` : value;
      void command(incident, "FixFact", { name, value: said, reason }, { title: t("act.fix") });
    },
  });
}

/** @param {any} incident @param {string} name @param {string} label @returns {import("./dialog.js").Field} */
function factField(incident, name, label) {
  const listed = name === "level" ? LEVELS : name === "category" ? CATEGORIES : null;
  const value = incident[name] ?? "";
  if (listed)
    return { name: "value", label, kind: "choice", value, choices: listed.map((one) => ({ value: one, label: word(name, one) })) };
  if (!TIMES.has(name)) return { name: "value", label, value };
  const at = /T/.test(value) ? Date.parse(value) : Number.NaN; // a day alone is no time of day
  return { name: "value", label, kind: "time", value: Number.isNaN(at) ? "" : typedTime(at * 1000) };
}

/** Set a figure by hand, or say that it is not known. @param {any} incident @param {string} name */
export function fixFigure(incident, name) {
  const [label, now] = [word("field", name), incident.figures[name]?.value];
  const value = typeof now === "number" ? String(now) : "";
  ask({
    title: t("fix.figure.title", { name: label }),
    told: t("fix.figure.told", { now: figure(now).text }),
    fields: [
      { name: "value", label, kind: "number", value, optional: true, hint: t("fix.figure.hint") },
      { name: "reason", label: t("reason") },
    ],
    submit: t("fix.figure"),
    send: ({ value: said, reason }) => {
      const fields = { name, value: said === "" ? null : Number(said), reason };
      void command(incident, "FixFigure", fields, { title: `${t("fix.figure")} ${label}` });
    },
  });
}
