/**
 * Timelines from synced documents, without a connection: what a player plays, phase by phase.
 *
 * The rule is in `docs/timelines/README.md` of Limber; `WORDS` are in `timeline-words.ts`, by language.
 *
 *     levelTimeline(exercise, exercise.levels[0].dose, WORDS);
 *     stageTimeline(routine.stages[0].items, exercisesBySlug, routine.language, WORDS);
 */

/** What a timeline needs of an exercise's document. */
export interface TimedExercise {
  slug: string;
  name: string;
  language: string;
  position: string | null;
  steps: readonly { number: number; instruction: string; part: string | null }[];
}

type Seconds = number | null;

/** A dose of a document. */
export interface Dose {
  sets: number;
  repetitions: number;
  move_seconds: Seconds;
  hold_seconds: Seconds;
  return_seconds: Seconds;
  pause_seconds: Seconds;
  rest_seconds: Seconds;
  per_side: boolean;
  side_order: string | null;
  breaths: { in_seconds: Seconds; hold_seconds: Seconds; out_seconds: Seconds; pause_seconds: Seconds } | null;
}

/** What a timeline needs of an item of a routine's stage. */
export interface TimedItem {
  position: number;
  exercise: { slug: string };
  dose: Dose | null;
}

type Side = "left" | "right";

/** One phase, with what it has of the marks in between. */
export interface Phase {
  at: number;
  seconds: number;
  phase: string;
  item?: number;
  exercise?: string;
  set?: number;
  repetition?: number;
  side?: Side;
  step?: number;
  text: string;
  say: string;
}

export interface Timeline {
  seconds: number;
  items: Phase[];
}

export type Words = Readonly<Record<string, string>>;
export type AllWords = Readonly<Record<string, Words>>;

type Step = TimedExercise["steps"][number];
type Marks = Partial<Pick<Phase, "item" | "exercise" | "set" | "repetition" | "side" | "step">>;
type Untimed = Omit<Phase, "at">;
interface Repetition {
  set: number;
  repetition: number;
  side?: Side;
}

const PART: Readonly<Record<string, string>> = {
  move: "move",
  hold: "hold",
  return: "return",
  "breathe-in": "move",
  "breathe-out": "return",
};
const ORDER = ["item", "exercise", "set", "repetition", "side", "step"] as const;
const SIDES = ["left", "right"] as const;

/** The timeline of one session of an exercise, at the dose of one of its levels. `isTimed(dose)` must hold. */
export function levelTimeline(exercise: TimedExercise, dose: Dose, words: AllWords): Timeline {
  return addedUp([...phasesOf(exercise, dose, words), end(exercise, words)]);
}

/**
 * The timeline of a stage, or of a composed routine's stage.
 *
 * `exercises` holds the documents of its exercises by slug. Items without a timed dose are left out.
 */
export function stageTimeline(
  items: readonly TimedItem[],
  exercises: Readonly<Record<string, TimedExercise>>,
  language: string,
  words: AllWords,
): Timeline {
  const phases: Untimed[] = [];
  let before: TimedExercise | undefined;
  for (const item of items) {
    if (!item.dose || !isTimed(item.dose)) continue;
    const exercise = exercises[item.exercise.slug];
    if (!exercise) throw new Error(`The exercise '${item.exercise.slug}' is not there.`);
    for (const phase of phasesOf(exercise, item.dose, words, before)) phases.push({ ...phase, item: item.position });
    before = exercise;
  }
  return addedUp([...phases, before ? end(before, words) : phase("end", 0, word(wordsOf(language, words), "end"))]);
}

/** Whether a repetition of the dose takes any time. */
export function isTimed(dose: Dose | null): boolean {
  return dose !== null && partsOf(dose).some(([, seconds]) => seconds > 0);
}

function partsOf(dose: Dose): [string, number][] {
  const parts: [string, Seconds][] = dose.breaths
    ? [
        ["breathe-in", dose.breaths.in_seconds],
        ["hold", dose.breaths.hold_seconds],
        ["breathe-out", dose.breaths.out_seconds],
        ["pause", dose.breaths.pause_seconds],
      ]
    : [
        ["move", dose.move_seconds],
        ["hold", dose.hold_seconds],
        ["return", dose.return_seconds],
        ["pause", dose.pause_seconds],
      ];
  return parts.map(([name, seconds]) => [name, seconds ?? 0]);
}

function phasesOf(exercise: TimedExercise, dose: Dose, all: AllWords, before?: TimedExercise): Untimed[] {
  const words = wordsOf(exercise.language, all);
  const phases = [...beginning(exercise, dose, words, before), ...work(exercise, dose, words)];
  return phases.map((each) => ({ ...each, exercise: exercise.slug }));
}

function beginning(exercise: TimedExercise, dose: Dose, words: Words, before?: TimedExercise): Untimed[] {
  const { name, position } = exercise;
  const phases: Untimed[] = [];
  let introduction = `${name}. `;
  if (before && before.position !== position) {
    const seconds = isUpright(before.position) === isUpright(position) ? 10 : 20;
    const next = filled(word(words, "change-position"), { name, position: word(words, position ?? "unknown") });
    phases.push(phase("change-position", seconds, [...instructions(before, "finish"), next].join(" ")));
    introduction = "";
  }
  const turns = turnsOver(exercise, dose);
  let begin = turns ? `${word(words, "begin-side-lying")} ` : "";
  const steps: (Step | { instruction: string })[] = exercise.steps.filter((step) => step.part === "set-up");
  if (!steps.length) steps.push({ instruction: word(words, "prepare") });
  for (const step of steps) {
    const text = begin + step.instruction;
    const say = characters(introduction + text) <= 100 ? introduction + text : text;
    const number = "number" in step ? { step: step.number } : {};
    phases.push(phase("prepare", 6, text, say, { ...(turns ? { side: "left" } : {}), ...number }));
    introduction = begin = "";
  }
  return phases;
}

function work(exercise: TimedExercise, dose: Dose, words: Words): Untimed[] {
  const phases: Untimed[] = [];
  const rest = dose.rest_seconds ?? 0;
  let before: Side | undefined;
  for (let set = 1; set <= dose.sets; set += 1) {
    if (set > 1 && rest) {
      phases.push(phase("rest", rest, word(words, "rest")));
      before = undefined;
    }
    for (const one of repetitions(dose, set)) {
      const { side } = one;
      if (side && before && side !== before && dose.side_order !== "alternate") {
        const text = word(words, turnsOver(exercise, dose) ? "turn-over" : "switch-sides");
        const values = { side: word(words, side), on_side: word(words, `on-${side}`) };
        const seconds = exercise.position === "side-lying" ? 10 : 5;
        phases.push(phase("switch-sides", seconds, filled(text, values), undefined, { side }));
      }
      before = side;
      phases.push(...repetition(exercise, dose, words, one));
    }
  }
  return phases;
}

/** The repetitions of one set in their order, each with its side. */
function repetitions(dose: Dose, set: number): Repetition[] {
  const numbers = Array.from({ length: dose.repetitions }, (_, index) => ({ set, repetition: index + 1 }));
  if (!dose.per_side) return numbers;
  return dose.side_order === "alternate"
    ? numbers.flatMap((one) => SIDES.map((side) => ({ ...one, side })))
    : SIDES.flatMap((side) => numbers.map((one) => ({ ...one, side })));
}

function repetition(exercise: TimedExercise, dose: Dose, words: Words, one: Repetition): Untimed[] {
  const phases: Untimed[] = [];
  const isFirst = one.set === 1 && one.repetition === 1;
  let lead = leadOf(dose, words, one);
  for (const [name, seconds] of partsOf(dose)) {
    if (!seconds) continue;
    let short = name === "move" && lead ? "" : word(words, name);
    const steps = exercise.steps.filter((step) => step.part !== null && step.part === PART[name]);
    for (const [step, share] of shares(steps, seconds)) {
      const text = step ? step.instruction : word(words, name);
      const again = step && (isFirst || characters(text) <= Math.max(24, 3 * share));
      const say = name === "pause" ? "" : `${lead} ${again ? text : short}`.trim();
      phases.push(phase(name, share, text, say, { ...one, ...(step ? { step: step.number } : {}) }));
      lead = short = "";
    }
  }
  return phases;
}

/** What is said at the beginning of a repetition: the set, the side and the number that are new with it. */
function leadOf(dose: Dose, words: Words, { set, repetition, side }: Repetition): string {
  const beginsSet = repetition === 1 && side !== "right";
  const parts: string[] = [];
  if (beginsSet && set > 1) parts.push(filled(word(words, "set"), { number: String(set) }));
  if (side && (beginsSet || dose.side_order === "alternate")) parts.push(word(words, side));
  if (repetition > 1 || (set > 1 && !parts.length)) parts.push(String(repetition));
  const lead = parts.join(", ");
  return lead && `${lead.charAt(0).toUpperCase()}${lead.slice(1)}.`;
}

function shares(steps: readonly Step[], seconds: number): [Step | undefined, number][] {
  if (!steps.length) return [[undefined, seconds]];
  const shown = steps.slice(0, seconds);
  const over = seconds % shown.length;
  const share = (seconds - over) / shown.length;
  return shown.map((step, place) => [step, share + (place < over ? 1 : 0)]);
}

function turnsOver(exercise: TimedExercise, dose: Dose): boolean {
  return exercise.position === "side-lying" && dose.per_side && dose.side_order !== "alternate";
}

function isUpright(position: string | null): boolean {
  return position === "standing" || position === "seated";
}

function instructions(exercise: TimedExercise, part: string): string[] {
  return exercise.steps.filter((step) => step.part === part).map((step) => step.instruction);
}

function end(exercise: TimedExercise, all: AllWords): Untimed {
  const done = word(wordsOf(exercise.language, all), "end");
  return phase("end", 0, [...instructions(exercise, "finish"), done].join(" "));
}

function phase(name: string, seconds: number, text: string, say = text, marks: Marks = {}): Untimed {
  return { seconds, phase: name, ...marks, text, say };
}

/** The phases with the seconds at which they begin; the fields of each have one order. */
function addedUp(phases: readonly Untimed[]): Timeline {
  let at = 0;
  const items = phases.map((each) => {
    const marks = Object.fromEntries(ORDER.filter((key) => each[key] !== undefined).map((key) => [key, each[key]]));
    const timed: Phase = { at, seconds: each.seconds, phase: each.phase, ...marks, text: each.text, say: each.say };
    at += each.seconds;
    return timed;
  });
  return { seconds: at, items };
}

function wordsOf(language: string, words: AllWords): Words {
  const found = words[language] ?? words["en"];
  if (!found) throw new Error("There are no words in English.");
  return found;
}

function word(words: Words, name: string): string {
  const found = words[name];
  if (found === undefined) throw new Error(`There is no word for '${name}'.`);
  return found;
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}

/** How many characters a text has, as Unicode code points. */
function characters(text: string): number {
  return Array.from(text).length;
}
