// @ts-check
/** Puts the console together: who we are, the feed, the alarm, the keys, and the view the address names. */
import { useEffect } from "../vendor/preact/hooks.js";
import { effect } from "../vendor/signals/signals.js";
import { html, render } from "../vendor/htm/preact.js";
import { startSending } from "./actions.js";
import { startAlarm } from "./alarm.js";
import { startAttention } from "./attention.js";
import { startTicking, tenth } from "./clocks.js";
import { rights, start, state } from "./feed.js";
import { language, learn, t } from "./i18n.js";
import { startIdle } from "./idle.js";
import { startKeys } from "./keys.js";
import { Banners, Done } from "./parts/banners.js";
import { CallBox, restoreCall } from "./parts/callbox.js";
import { Dialog } from "./parts/dialog.js";
import { InstructionDialog } from "./parts/instruction_dialog.js";
import { QuestionDialog } from "./parts/question_dialog.js";
import { Overlays } from "./parts/overlays.js";
import { pastAt } from "./past.js";
import { startProving } from "./parts/proof.js";
import { framed } from "./practising.js";
import { applyTheme, Rail, Top } from "./parts/top.js";
import { startPresence } from "./presence.js";
import { route, startRoute } from "./route.js";
import { me, whoAmI } from "./session.js";
import { listenForTouch } from "./sound.js";
import { soon, viewOf } from "./views.js";

function App() {
  const { view } = route.value;
  void language.value;
  document.documentElement.toggleAttribute("data-wall", view === "wall");
  document.documentElement.toggleAttribute("data-drill", framed.value);
  useEffect(() => {
    document.querySelector("main")?.setAttribute("tabindex", "-1");
  }, [view]);
  return html`<a class="skip" href="#strips-title">${t("skip")}</a>
    <${Top} /><${Banners} /><${Rail} /><${viewOf(view)} key=${view} /><${CallBox} /><${Done} /><${Dialog} /><${InstructionDialog} /><${QuestionDialog} /><${Overlays} />`;
}

async function begin() {
  effect(() => void (tenth.value, applyTheme()));
  startRoute();
  startKeys();
  listenForTouch();
  if (!pastAt) start();
  await Promise.all([learn(language.value), whoAmI()]);
  const root = document.getElementById("console");
  if (root) render(html`<${App} />`, root);
  if (pastAt) start();
  startTicking();
  if (!pastAt) {
    startAlarm();
    startAttention();
  }
  startSending();
  startPresence();
  startIdle();
  startProving();
  let known = 0;
  effect(() => {
    if (state.value !== "live" || (me.value && rights.value === known)) return;
    known = rights.value;
    void whoAmI();
  });
  await restoreCall();
  soon();
}

void begin();
