// The routine player: counts preparation, repetitions, holds and rests down, stage by stage.
(() => {
  "use strict";
  const PREPARE_SECONDS = 5;
  const REPETITION_SECONDS = 4; // as the catalogue computes sessions
  const TICK_MILLISECONDS = 200;
  const RING = 289; // the length of the ring, as the style sheet has it

  const words = JSON.parse(document.getElementById("words").textContent);
  const say = (text, values = {}) => words[text].replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // A stage as phases: {kind, seconds, item, set, repetition, side}. Seconds of null: until the person goes on.
  const phasesOf = (items) => items.flatMap((item, index) => {
    const phases = [{ kind: "prepare", seconds: PREPARE_SECONDS, index, item, set: 1, repetition: 1 }];
    if (!item.timed) return [...phases, { kind: "own", seconds: null, index, item, set: 1, repetition: 1 }];
    for (let set = 1; set <= item.sets; set += 1) {
      for (let repetition = 1; repetition <= item.repetitions; repetition += 1) {
        for (let side = 1; side <= item.sides; side += 1) {
          const kind = item.hold ? "hold" : "move";
          phases.push({ kind, seconds: item.hold || REPETITION_SECONDS, index, item, set, repetition, side });
        }
      }
      if (item.rest && set < item.sets) {
        phases.push({ kind: "rest", seconds: item.rest, index, item, set, repetition: item.repetitions });
      }
    }
    return phases;
  });

  const player = document.querySelector("[data-player]");
  const part = (name) => player.querySelector(`[data-${name}]`);
  const [clock, phaseName, name, count, cue, bar, announcer] =
    ["clock", "phase-name", "name", "count", "cue", "bar", "announce"].map(part);
  const [toggle, previous, next] = ["toggle", "previous", "next"].map(part);
  const ring = player.querySelector(".ring-run");
  const queues = [...document.querySelectorAll("[data-queue]")];
  const KINDS = { prepare: "Get ready", hold: "Hold", move: "Move", rest: "Rest", own: "In your own time" };

  let phases = [];
  let rows = [];
  let at = 0; // the phase that runs
  let spent = 0; // milliseconds of it that have passed
  let since = null; // when the clock was last looked at; null while it stands
  let timer = 0;
  let begun = false;

  const load = (stage) => {
    stand();
    queues.forEach((queue, index) => { queue.hidden = index !== stage; });
    rows = [...queues[stage].querySelectorAll("[data-item]")];
    phases = phasesOf(rows.map((row) => JSON.parse(row.dataset.item)));
    go(0, false);
    begun = false;
    draw();
  };

  const ended = () => at >= phases.length;

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
    while (!ended() && phases[at].seconds !== null && spent >= phases[at].seconds * 1000) {
      const rest = spent - phases[at].seconds * 1000;
      go(at + 1);
      spent = rest;
    }
    if (ended()) stand();
    draw();
  };

  // What a screen reader is told: each exercise, each set, each hold and rest, but not each second.
  const announce = () => {
    if (ended()) {
      announcer.textContent = say("Well done. You have finished.");
      return;
    }
    const { kind, item, seconds, repetition, side } = phases[at];
    if (kind === "move" && (repetition > 1 || side > 1)) return;
    const parts = [say(KINDS[kind])];
    if (kind === "prepare" || kind === "own") parts.push(item.name, item.amount);
    else parts.push(counted(phases[at]));
    if (kind === "hold" || kind === "rest") parts.push(say("{n} seconds", { n: seconds }));
    announcer.textContent = parts.filter(Boolean).join(". ");
  };

  const counted = ({ kind, item, set, repetition, side }) => {
    if (kind === "own" || kind === "prepare") return item.amount;
    const parts = [];
    if (item.sets > 1) parts.push(say("Set {n} of {all}", { n: set, all: item.sets }));
    if (kind !== "rest" && item.repetitions > 1) {
      parts.push(say("Repetition {n} of {all}", { n: repetition, all: item.repetitions }));
    }
    if (side && item.sides > 1) parts.push(say(side === 1 ? "First side" : "Second side"));
    return parts.join(" · ");
  };

  const draw = () => {
    const phase = phases[Math.min(at, phases.length - 1)];
    const left = ended() ? 0 : phase.seconds === null ? null : phase.seconds - spent / 1000;
    player.dataset.phase = ended() ? "done" : phase.kind;
    clock.textContent = left === null ? "∞" : ended() ? "✓" : String(Math.ceil(left));
    phaseName.textContent = ended() ? say("Done") : begun && since === null ? say("Paused") : say(KINDS[phase.kind]);
    name.textContent = ended() ? say("Well done. You have finished.") : phase.item.name;
    count.textContent = ended() ? "" : counted(phase);
    cue.textContent = ended() ? "" : phase.item.cue ?? "";
    cue.hidden = !cue.textContent;
    ring.style.strokeDashoffset = ended() || left === null ? 0 : RING - (RING * left) / phase.seconds;
    const before = phases.slice(0, at).reduce((sum, each) => sum + (each.seconds ?? 0), 0) + (ended() ? 0 : spent / 1000);
    const whole = phases.reduce((sum, each) => sum + (each.seconds ?? 0), 0);
    bar.style.transform = `scaleX(${whole ? Math.min(1, before / whole) : 0})`;
    toggle.textContent = say(since !== null ? "Pause" : ended() ? "Start again" : begun ? "Go on" : "Start");
    previous.disabled = at === 0;
    next.disabled = ended();
    rows.forEach((row, index) => {
      const current = begun && !ended() && index === phase.index;
      row.toggleAttribute("aria-current", current);
      if (current) row.setAttribute("aria-current", "step");
      row.classList.toggle("done", ended() || index < phase.index);
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
    const here = phases[at].index;
    const following = phases.findIndex((phase) => phase.index > here);
    go(following < 0 ? phases.length : following);
    if (ended()) stand();
    draw();
  });
  previous.addEventListener("click", () => {
    const here = ended() ? rows.length : phases[at].index;
    const first = phases.findIndex((phase) => phase.index === here);
    go(at > first && first >= 0 ? first : phases.findIndex((phase) => phase.index === Math.max(0, here - 1)));
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
