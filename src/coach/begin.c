#include <math.h>
#include <string.h>

#include "coach_internal.h"

/* Nothing known: a share of the tempo as written is comfortable enough to begin with. */
static const double BEGIN_SHARE = 0.7;
static const double ENDURANCE_SHARE = 0.85;
static const double FIXED_SHARE = 0.9;
static const double HALF_CLICKS = 2.0;

double dt__bar_s(const dt_coach_exercise* e, double bpm) {
  return e->facts.quarters_per_bar * 60.0 / bpm;
}

double dt__beat_s(const dt_coach_exercise* e, double bpm) {
  return e->facts.beat_quarters * 60.0 / bpm;
}

dt_chart_facts dt_chart_facts_of(const dt_chart* chart) {
  const dt_meter meter = dt_tempo_map_meter(&chart->map, 0.0);
  const dt_tick bar = dt_meter_bar_ticks(meter);
  const dt_tick beat = dt_meter_beat_ticks(meter);
  dt_chart_facts facts = {.bars = chart->bar_count,
                          .bpm = dt_tempo_map_bpm(&chart->map, 0.0),
                          .quarters_per_bar = (double)bar / DT_TICKS_PER_QUARTER,
                          .beat_quarters = (double)beat / DT_TICKS_PER_QUARTER,
                          .beats_per_bar = (int)(bar / beat)};
  bool right = false;
  bool left = false;
  for (size_t i = 0; i < chart->note_count; ++i) {
    right = right || chart->notes[i].hand == 'R';
    left = left || chart->notes[i].hand == 'L';
  }
  facts.sticking = right && left;
  return facts;
}

static dt_past no_past(void) {
  dt_past past;
  memset(&past, 0, sizeof past);
  past.day = -1;
  return past;
}

static bool knows_tempo(const dt_past* p, const dt_exercise* e, int64_t today) {
  return p->bpm > 0.0 && p->day <= today && p->limbs == e->limbs &&
         (p->mode == DT_MODE_LADDER || p->mode == DT_MODE_RETENTION) &&
         strcmp(p->chart, e->chart) == 0;
}

static dt_past newest(const dt_exercise* e, const dt_past* past, size_t count, int64_t today) {
  dt_past found = no_past();
  bool any = false;
  for (size_t i = 0; i < count; ++i)
    if (knows_tempo(&past[i], e, today) && (!any || past[i].day >= found.day)) {
      found = past[i];
      any = true;
    }
  return found;
}

void dt_coach_start(dt_coach* coach, const dt_plan* plan, const dt_chart_facts* facts,
                    const dt_past* past, size_t past_count, const dt_coach_options* options) {
  memset(coach, 0, sizeof *coach);
  coach->plan = *plan;
  coach->options = *options;
  for (int i = 0; i < plan->count; ++i) {
    coach->exercises[i].facts = facts[i];
    coach->exercises[i].past = newest(&plan->exercises[i], past, past_count, options->today);
    coach->exercises[i].ease = 1.0;
  }
  coach->today_s = dt_progress_played_s(past, past_count, options->today);
  coach->told = true;
  coach->rested = true;
}

static double in_range(double bpm) {
  return fmin(fmax(bpm, DT_LADDER_MIN_BPM), DT_LADDER_MAX_BPM);
}

/* The tempo of the modes that keep one: what the plan says, but not far beyond what is clean. */
static double fixed_tempo(const dt_exercise* plan, const dt_coach_exercise* e) {
  const double known = e->past.bpm;
  const double share = plan->mode == DT_MODE_ENDURANCE   ? ENDURANCE_SHARE
                       : plan->mode == DT_MODE_RETENTION ? 1.0
                                                         : FIXED_SHARE;
  double bpm = plan->bpm;
  if (bpm <= 0.0)
    bpm = known > 0.0 ? known * share : e->facts.bpm;
  if (known > 0.0)
    bpm = fmin(bpm, known * (1.0 + DT_LADDER_BEYOND));
  return in_range(0.5 * floor(HALF_CLICKS * bpm));
}

/* Yesterday's clean tempo, as far as it was played: not what was only hoped for. */
static double cold_tempo(const dt_past* past) {
  return past->top_bpm > 0.0 ? fmin(past->bpm, past->top_bpm) : past->bpm;
}

void dt__begin_exercise(dt_coach* coach) {
  dt_coach_exercise* e = dt__exercise(coach);
  const dt_exercise* plan = dt__plan_exercise(coach);
  const double days = (double)(coach->options.today - e->past.day);
  const bool known = e->past.bpm > 0.0;
  e->begun = true;
  e->gap_bars = 1;
  e->bpm = fixed_tempo(plan, e);
  if (known) {
    dt_ladder_resume(&coach->ladder, e->past.bpm, e->past.sd, e->past.top_bpm, days);
    if (e->past.forewarned > 0.0)
      dt_ladder_forewarn(&coach->ladder, e->past.forewarned);
  } else if (plan->mode == DT_MODE_RETENTION)
    dt_ladder_resume(&coach->ladder, e->bpm, 0.05, e->bpm, 0.0);
  else
    dt_ladder_start(&coach->ladder,
                    plan->from_bpm > 0.0 ? plan->from_bpm : in_range(BEGIN_SHARE * e->facts.bpm));
  if (plan->mode == DT_MODE_RETENTION || (plan->mode == DT_MODE_LADDER && known && days >= 1.0))
    e->cold_bpm = known ? in_range(0.5 * floor(HALF_CLICKS * cold_tempo(&e->past))) : e->bpm;
  coach->has_last = false;
  coach->blocks = 0;
  coach->piece = DT_PIECE_WHOLE;
  coach->piece_tries = 0;
  coach->putting_back = false;
  coach->end_line = DT_LINE_NONE;
  coach->end_said = false;
  dt__tired_start(&coach->tired);
  memset(&coach->habit, 0, sizeof coach->habit);
}
