/*
 * Does the coach find the clean tempo without pushing anybody past it, and does it stop the right
 * takes? `bench_coach [LEARNERS of each kind] [TAKES of each kind] [FIRST SEED]`. Prints Markdown.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coach_learner.h"
#include "coach_stops.h"
#include "dt/stat.h"

enum { TRIALS = 30, DAYS_MOST = 12 };
static const double TAKE_S = 30.0;
static const double PAST_CLEAN = 1.08;

/* What came of one learner under one rule. */
typedef struct outcome {
  double error; /* of the log tempo found */
  int clean;
  int trials;
  double farthest; /* log tempo asked for, above the clean one */
  double most_tired;
  int tired_ends; /* of the exercise, by tiredness seen; coach only */
  bool warns;     /* of the learner */
  bool covered;   /* the 95 % interval holds the truth; coach only */
} outcome;

static void see_push(outcome* o, const learner* l, double bpm) {
  o->farthest = fmax(o->farthest, log(bpm / learner_clean_bpm(l)));
}

/* The coach itself, day after day until there were thirty trials: it may end a day early.
 * from_share > 0: of the clean tempo, said to be comfortable. */
static outcome coached(kind k, uint64_t seed, double from_share) {
  static dt_coach coach;
  learner l = learner_new(k, seed);
  if (from_share > 0.0)
    l.from_bpm = learner_clean_bpm(&l) * from_share;
  outcome o = {.farthest = -9.0, .warns = l.warns};
  dt_past past[DAYS_MOST];
  dt_clean_tempo tempo = {0};
  dt_plan plan = dt_plan_default();
  const dt_chart_facts facts = {1, l.from_bpm / 0.7, 4.0, 1.0, 4, false};
  plan.count = 1;
  plan.exercises[0] = dt_exercise_default();
  strcpy(plan.exercises[0].chart, "learner");
  plan.exercises[0].from_bpm = fmax(l.from_bpm, DT_LADDER_MIN_BPM);
  plan.exercises[0].minutes = 120.0;
  for (int day = 0; day < DAYS_MOST && o.trials < TRIALS; ++day) {
    const dt_coach_options options = {seed, day};
    dt_coach_start(&coach, &plan, &facts, past, (size_t)day, &options);
    dt_instruction now;
    for (dt_coach_next(&coach, &now); now.act != DT_ACT_DONE && o.trials < TRIALS;
         dt_coach_next(&coach, &now)) {
      if (now.act == DT_ACT_REST) {
        learner_rest(&l, now.rest_s);
        dt_coach_rested(&coach, now.rest_s);
        continue;
      }
      dt_shown shown;
      if (o.trials > 0 || from_share <= 0.0) /* the first is what the learner wished for */
        see_push(&o, &l, now.bpm);
      const bool clean = learner_play(&l, now.bpm, now.bars * 240.0 / now.bpm, &shown);
      o.most_tired = fmax(o.most_tired, l.tired);
      o.trials += now.counts;
      o.clean += now.counts && clean;
      dt_coach_took(&coach, &shown);
    }
    tempo = coach.exercises[0].tempo;
    o.tired_ends += coach.exercises[0].tired;
    if (!dt_coach_past(&coach, 0, &past[day]))
      break;
    if (o.trials < TRIALS)
      learner_sleep(&l);
  }
  const double truth = log(learner_clean_bpm(&l));
  o.error = log(tempo.bpm) - truth;
  o.covered = log(tempo.low_bpm) <= truth && truth <= log(tempo.high_bpm);
  return o;
}

/* The rules that it is compared with: 30 takes with the same rests, whatever happens. */
typedef double (*rule)(double bpm, bool clean, double* memory);

static double fixed_ramp(double bpm, bool clean, double* memory) {
  if (clean)
    *memory = bpm;
  return bpm * 1.02;
}

static double up_or_repeat(double bpm, bool clean, double* memory) {
  if (clean)
    *memory = bpm;
  return clean ? bpm * 1.04 : bpm;
}

/* Kaernbach 1991 for 85 %: a step up, or 0.85 / 0.15 steps down. The last half is averaged. */
static double weighted(double bpm, bool clean, double* memory) {
  static const double STEP = 0.015;
  (void)memory;
  return bpm * exp(clean ? STEP : -STEP * DT_LADDER_GOAL / (1.0 - DT_LADDER_GOAL));
}

static outcome ruled(rule r, kind k, uint64_t seed) {
  learner l = learner_new(k, seed);
  outcome o = {.farthest = -9.0, .trials = TRIALS, .warns = l.warns};
  double bpm = l.from_bpm;
  double memory = bpm;
  double sum = 0.0;
  for (int t = 0; t < TRIALS; ++t) {
    dt_shown shown;
    see_push(&o, &l, bpm);
    const bool clean = learner_play(&l, bpm, TAKE_S, &shown);
    o.most_tired = fmax(o.most_tired, l.tired);
    o.clean += clean;
    sum += t >= TRIALS / 2 ? log(bpm) : 0.0;
    learner_rest(&l, t == 2 ? 300.0 : 30.0);
    bpm = r(bpm, clean, &memory);
  }
  const double found = r == weighted ? sum / (TRIALS - TRIALS / 2) : log(memory);
  o.error = found - log(learner_clean_bpm(&l));
  return o;
}

typedef struct totals {
  int learners;
  double sum;
  double squares;
  int trials;
  int clean;
  int pushed;
  double farthest;
  int overtired;
  int covered;
  int ended;
} totals;

static void add(totals* t, const outcome* o) {
  ++t->learners;
  t->sum += o->error;
  t->squares += o->error * o->error;
  t->trials += o->trials;
  t->clean += o->clean;
  t->pushed += o->farthest > log(PAST_CLEAN);
  t->farthest = fmax(t->farthest, o->farthest);
  t->overtired += o->most_tired > 1.0;
  t->covered += o->covered;
  t->ended += o->tired_ends > 0;
}

static void merge(totals* to, const totals* t) {
  to->learners += t->learners;
  to->sum += t->sum;
  to->squares += t->squares;
  to->trials += t->trials;
  to->clean += t->clean;
  to->pushed += t->pushed;
  to->farthest = fmax(to->farthest, t->farthest);
  to->overtired += t->overtired;
  to->covered += t->covered;
  to->ended += t->ended;
}

static double bias(const totals* t) {
  return t->sum / t->learners;
}

static double sd(const totals* t) {
  return sqrt(fmax(t->squares / t->learners - bias(t) * bias(t), 0.0));
}

static void row(const char* rule_name, const char* who, const totals* t, const char* bounds) {
  printf("| %s | %s | %+.2f | %.2f | %s | %.1f | %.1f | %+.1f | %.1f |", rule_name, who,
         100.0 * bias(t), 100.0 * sd(t), bounds, 100.0 * t->clean / t->trials,
         100.0 * t->pushed / t->learners, 100.0 * (exp(t->farthest) - 1.0),
         100.0 * t->overtired / t->learners);
}

static void bounds_of(kind k, int learners, uint64_t first, char* text, size_t room) {
  double clean = 0.0;
  double margins = 0.0;
  for (int i = 0; i < learners; ++i) {
    const learner l = learner_new(k, first + (uint64_t)i);
    clean += learner_bound(&l, TRIALS) * learner_bound(&l, TRIALS);
    margins += learner_bound_margins(&l, TRIALS) * learner_bound_margins(&l, TRIALS);
  }
  snprintf(text, room, "%.2f / %.2f", 100.0 * sqrt(clean / learners),
           100.0 * sqrt(margins / learners));
}

/* Ends a row: what only the coach says. */
static void coach_says(bool is_coach, const totals* t) {
  if (is_coach)
    printf(" %.1f | %.1f |\n", 100.0 * t->covered / t->learners, 100.0 * t->ended / t->learners);
  else
    printf(" | |\n");
  fflush(stdout);
}

static void head(void) {
  printf(
      "| rule | learners | bias %% | SD %% | least SD possible %% | clean takes %% | pushed more "
      "than 8 %% past, %% | farthest %% | past the limit of tiredness, %% | interval holds %% "
      "| ended as tired, %% |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | "
      "---: | ---: |\n");
}

static const totals NOBODY = {.farthest = -9.0};

static void ladders(int learners, uint64_t first) {
  static const struct {
    const char* name;
    rule rule;
  } RULES[] = {{"the coach", NULL},
               {"fixed ramp, 2 % a take", fixed_ramp},
               {"clean: 4 % up, else repeat", up_or_repeat},
               {"weighted up/down, 1.5 %", weighted}};
  printf("## The ladder on %d learners\n\n%d of each kind, seeds from %llu, %d trials each.\n\n",
         learners * KIND_COUNT, learners, (unsigned long long)first, TRIALS);
  head();
  for (int r = 0; r < 4; ++r) {
    const bool is_coach = RULES[r].rule == NULL;
    totals all = NOBODY;
    totals of[2] = {NOBODY, NOBODY};
    for (int k = 0; k < KIND_COUNT; ++k) {
      totals t = NOBODY;
      char bounds[48];
      for (int i = 0; i < learners; ++i) {
        const uint64_t seed = first + (uint64_t)i;
        const outcome o =
            is_coach ? coached((kind)k, seed, 0.0) : ruled(RULES[r].rule, (kind)k, seed);
        add(&t, &o);
        add(&of[o.warns], &o);
      }
      bounds_of((kind)k, learners, first, bounds, sizeof bounds);
      row(RULES[r].name, KIND_NAMES[k], &t, bounds);
      coach_says(is_coach, &t);
      merge(&all, &t);
    }
    row(RULES[r].name, "all", &all, "");
    coach_says(is_coach, &all);
    if (!is_coach)
      continue;
    row(RULES[r].name, "of them, whose scatter warns", &of[1], "");
    coach_says(true, &of[1]);
    row(RULES[r].name, "of them, without warning", &of[0], "");
    coach_says(true, &of[0]);
  }
}

/* A comfortable tempo that is none: from a tenth below the clean one to a fourth above it. */
static void wishes(int learners, uint64_t first) {
  static const double SHARES[] = {0.90, 1.00, 1.10, 1.25};
  printf("\n### A first tempo that is too high\n\n%d learners of each kind. The first take is the "
         "learner's wish and is not counted as pushed.\n\n",
         learners / 5);
  head();
  for (size_t s = 0; s < sizeof SHARES / sizeof SHARES[0]; ++s) {
    totals t = NOBODY;
    char who[48];
    for (int k = 0; k < KIND_COUNT; ++k)
      for (int i = 0; i < learners / 5; ++i) {
        const outcome o = coached((kind)k, first + (uint64_t)i, SHARES[s]);
        add(&t, &o);
      }
    snprintf(who, sizeof who, "all, from %.0f %% of the clean tempo", 100.0 * SHARES[s]);
    row("the coach", who, &t, "");
    coach_says(true, &t);
  }
}

int main(int argc, char** argv) {
  const int learners = argc > 1 ? atoi(argv[1]) : 200;
  const int takes = argc > 2 ? atoi(argv[2]) : 200;
  const uint64_t first = argc > 3 ? (uint64_t)strtoull(argv[3], NULL, 10) : 900001;
  if (learners > 0)
    ladders(learners, first);
  if (learners >= 5)
    wishes(learners, first);
  if (takes > 0)
    stops(takes, first);
  return EXIT_SUCCESS;
}
