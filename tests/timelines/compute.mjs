// Computes the timelines of a file of cases with the module that is named, for the tests.
import { readFileSync } from "node:fs";

const [module, casesFile, wordsFile] = process.argv.slice(2);
const { levelTimeline, stageTimeline } = await import(module);
const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const words = read(wordsFile);
const computed = read(casesFile).map((one) =>
  "dose" in one
    ? levelTimeline(one.exercise, one.dose, words)
    : stageTimeline(
        one.items,
        Object.fromEntries(one.exercises.map((exercise) => [exercise.slug, exercise])),
        one.language,
        words,
      ),
);
process.stdout.write(JSON.stringify(computed));
