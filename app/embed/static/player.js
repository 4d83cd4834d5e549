// The routine player: plays the timeline of a stage, which `timelines.js`, before it in this bundle, works out.
(() => {
  "use strict";
  const TICK_MILLISECONDS = 200;
  const RING = 289; // the length of the ring, as the style sheet has it
  const LONG_SECONDS = 5; // holds and rests from this length on are announced with their length

  const session = JSON.parse(document.getElementById("session").textContent);
  const words = session.words[session.language] ?? session.words.en;
  const say = (text, values = {}) => session.labels[text].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const time = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

  // A stage as `{phases, seconds, end}`. An item without a timed dose is one phase without seconds: it lasts until the
  // person goes on.
  const played = (items) => {
    const timeline = stageTimeline(items, session.exercises, session.language, session.words);
    const phases = items.flatMap((item, index) => {
      const own = timeline.items.filter((phase) => phase.item === item.position);
      if (!own.length) own.push({ phase: "own", seconds: null, text: "", say: "" });
      return own.map((phase) => ({ ...phase, index, item }));
    });
    return { phases, seconds: timeline.seconds, end: timeline.items.at(-1) };
  };

  const player = document.querySelector("[data-player]");
  const part = (name) => player.querySelector(`[data-${name}]`);
  const [clock, phaseName, name, instruction, count, following, cue, bar, whole, announcer] =
    ["clock", "phase-name", "name", "text", "count", "following", "cue", "bar", "whole", "announce"].map(part);
  const [toggle, previous, next] = ["toggle", "previous", "next"].map(part);
  const ring = player.querySelector(".ring-run");
  const queues = [...document.querySelectorAll("[data-queue]")];
  const LABELS = { own: "In your own time", "change-position": "Change position", "switch-sides": "Switch sides" };
  const label = ({ phase }) => (phase in LABELS ? say(LABELS[phase]) : words[phase]);

  let stage = { phases: [], seconds: 0 };
  let rows = [];
  let at = 0; // the phase that runs
  let spent = 0; // milliseconds of it that have passed
  let since = null; // when the clock was last looked at; null while it stands
  let timer = 0;
  let begun = false;

  const load = (number) => {
    stand();
    queues.forEach((queue, index) => { queue.hidden = index !== number; });
    rows = [...queues[number].querySelectorAll("[data-item]")];
    stage = played(session.stages[number]);
    go(0, false);
    begun = false;
    draw();
  };

  const ended = () => at >= stage.phases.length;

  const go = (phase, announced = true) => {
    at = phase;
    spent = 0;
    if (announced) announce();
  };

  const stand = () => {
    clearInterval(timer);
    since = null;
  };

  const run = () => {
    if (ended()) go(0, false);
    if (!begun || at === 0) announce();
    begun = true;
    since = performance.now();
    timer = setInterval(look, TICK_MILLISECONDS);
    draw();
  };

  const look = () => {
    const now = performance.now();
    spent += now - since;
    since = now;
    while (!ended() && stage.phases[at].seconds !== null && spent >= stage.phases[at].seconds * 1000) {
      const rest = spent - stage.phases[at].seconds * 1000;
      go(at + 1);
      spent = rest;
    }
    if (ended()) stand();
    draw();
  };

  // What a screen reader is told: what a voice would say, with the name and the amount of each exercise and the length
  // of what takes long, but not each second.
  const announce = () => {
    if (ended()) {
      announcer.textContent = `${stage.end.say}. ${say("Well done. You have finished.")}`;
      return;
    }
    const phase = stage.phases[at];
    const parts = [];
    if (phase.index !== stage.phases[at - 1]?.index) {
      if (phase.phase !== "change-position") parts.push(phase.item.exercise.name);
      parts.push(phase.text || label(phase), phase.item.amount);
    } else {
      parts.push(phase.say);
    }
    if (["hold", "rest"].includes(phase.phase) && phase.seconds >= LONG_SECONDS) {
      parts.push(say("{n} seconds", { n: phase.seconds }));
    }
    if (phase.say || phase.seconds === null) announcer.textContent = sentences(parts);
  };

  const sentences = (parts) => parts.filter(Boolean).reduce(
    (text, each) => (text ? `${text}${/[.!?…]$/.test(text) ? "" : "."} ${each}` : each), "",
  );

  const counted = ({ phase, item, set, repetition, side }) => {
    if (!repetition) return phase === "rest" ? "" : item.amount;
    const { sets, repetitions, breaths } = item.dose;
    const parts = [];
    if (sets > 1) parts.push(say("Set {n} of {all}", { n: set, all: sets }));
    if (repetitions > 1) {
      const text = breaths ? "Breath {n} of {all}" : "Repetition {n} of {all}";
      parts.push(say(text, { n: repetition, all: repetitions }));
    }
    if (side) parts.push(capital(words[side]));
    return parts.join(" · ");
  };

  // What comes after a phase: another exercise by its name, else what is to be done, with the side where it changes.
  const coming = (phase) => {
    const after = stage.phases.slice(at + 1).find((each) => each.phase !== "pause");
    if (!after) return stage.end.text;
    if (after.index !== phase.index) return after.item.exercise.name;
    const turned = after.side && after.side !== phase.side && after.repetition;
    return turned ? sentences([capital(words[after.side]), after.text]) : after.text;
  };

  const draw = () => {
    const over = ended();
    const phase = stage.phases[Math.min(at, stage.phases.length - 1)];
    const left = over || !phase ? 0 : phase.seconds === null ? null : phase.seconds - spent / 1000;
    player.dataset.phase = over ? "done" : phase.phase;
    clock.textContent = left === null ? "∞" : over ? "✓" : String(Math.ceil(left));
    phaseName.textContent = over ? words.end : begun && since === null ? say("Paused") : label(phase);
    name.textContent = over ? say("Well done. You have finished.") : phase.item.exercise.name;
    instruction.textContent = over ? stage.end.text : phase.text === words[phase.phase] ? "" : phase.text;
    count.textContent = over ? "" : counted(phase);
    following.textContent = over ? "" : say("Next: {text}", { text: coming(phase) });
    cue.textContent = over ? "" : phase.item.adjustment ?? "";
    cue.hidden = !cue.textContent;
    ring.style.strokeDashoffset = over || left === null ? 0 : RING - (RING * left) / phase.seconds;
    const before = stage.phases.slice(0, at).reduce((sum, each) => sum + (each.seconds ?? 0), 0);
    const gone = over ? stage.seconds : before + (left === null ? 0 : spent / 1000);
    bar.style.transform = `scaleX(${stage.seconds ? Math.min(1, gone / stage.seconds) : 0})`;
    whole.textContent = say("{spent} of {whole}", { spent: time(gone), whole: time(stage.seconds) });
    toggle.textContent = say(since !== null ? "Pause" : over ? "Start again" : begun ? "Go on" : "Start");
    previous.disabled = at === 0;
    next.disabled = over;
    rows.forEach((row, index) => {
      const current = begun && !over && index === phase.index;
      row.toggleAttribute("aria-current", current);
      if (current) row.setAttribute("aria-current", "step");
      row.classList.toggle("done", over || index < phase.index);
    });
  };

  toggle.addEventListener("click", () => {
    if (since === null) run();
    else {
      look();
      stand();
      draw();
    }
  });
  next.addEventListener("click", () => {
    const here = stage.phases[at].index;
    const after = stage.phases.findIndex((phase) => phase.index > here);
    go(after < 0 ? stage.phases.length : after);
    if (ended()) stand();
    draw();
  });
  previous.addEventListener("click", () => {
    const here = ended() ? rows.length : stage.phases[at].index;
    const first = stage.phases.findIndex((phase) => phase.index === here);
    go(at > first && first >= 0 ? first : stage.phases.findIndex((phase) => phase.index === Math.max(0, here - 1)));
    draw();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden || since === null) return;
    look();
    if (since === null) return;
    stand();
    draw();
    announcer.textContent = say("Paused while the page was out of sight.");
  });

  const stages = document.querySelector("[data-stages]");
  stages?.removeAttribute("hidden");
  stages?.querySelector("select").addEventListener("change", (event) => load(Number(event.target.value)));
  player.hidden = false;
  load(0);
})();
