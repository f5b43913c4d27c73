#include <math.h>

#include "dt/alloc.h"
#include "dt/chart_text.h"
#include "dt/synthkit.h"
#include "selftest.h"

enum { RATE_HZ = 48000, STROKES_A_DRUM = 32, TRIAL_BARS = 32, TRIAL_BPM = 120 };

static const dt_drum tested_drums[] = {
    DT_KICK,       DT_SNARE,       DT_CROSS_STICK, DT_RIMSHOT, DT_HIHAT_CLOSED,
    DT_HIHAT_OPEN, DT_HIHAT_PEDAL, DT_TOM_HIGH,    DT_TOM_MID, DT_TOM_LOW,
    DT_RIDE,       DT_RIDE_BELL,   DT_CRASH,
};
enum { TESTED_DRUMS = sizeof tested_drums / sizeof tested_drums[0] };

/* The drums and the three takes for the judge: what each is of the whole, for the percentage. */
#define PART (1.0 / (TESTED_DRUMS + 3))

/* One stroke a beat. */
static dt_status beat_part(dt_part* part, const dt_drummer* drummer, dt_drum drum) {
  dt_chart chart;
  *part = (dt_part){0};
  dt_status status = dt_chart_init(&chart, NULL);
  for (int beat = 0; beat < 4 && status == DT_OK; beat++) {
    const dt_chart_note note = {
        .tick = (dt_tick)beat * DT_TICKS_PER_QUARTER,
        .drum = drum,
        .loud = DT_LOUD_NORMAL,
        .hand = ' ',
    };
    status = dt_chart_add_note(&chart, NULL, &note);
  }
  if (status == DT_OK)
    status = dt_drummer_part(drummer, &chart, NULL, part);
  dt_chart_clear(&chart, NULL);
  return status;
}

/* Slow enough that the last one has faded. */
static dt_status hear_drum(dt_drum drum, uint64_t seed, dt_take* played, dt_take* heard,
                           dt__progress* progress) {
  dt_synthkit* kit = dt_synthkit_new(NULL, RATE_HZ, seed);
  if (!kit)
    return DT_NO_MEMORY;
  double ring_s = (double)dt_synthkit_length(kit, drum) / RATE_HZ;
  dt_synthkit_free(kit);
  dt_drummer drummer = dt_drummer_default();
  drummer.seed = seed;
  drummer.bpm = fmin(120, fmax(20, 60 / (ring_s + 0.1)));
  drummer.bars = STROKES_A_DRUM / 4;
  drummer.scatter_ms = 10;
  drummer.velocity_sd = 12;
  drummer.lead_in_s = 0.5;
  dt_part part;
  dt_status status = beat_part(&part, &drummer, drum);
  if (status == DT_OK)
    status = dt__selftest_hear(&drummer, &part, RATE_HZ, played, heard, progress);
  dt_part_clear(&part, NULL);
  return status;
}

static dt_status test_drums(dt__selftest* result, dt__progress* progress) {
  double all_errors_ms[TESTED_DRUMS * STROKES_A_DRUM];
  size_t all_count = 0;
  for (size_t i = 0; i < TESTED_DRUMS; i++) {
    dt_take played;
    dt_take heard;
    progress->from = (double)i * PART;
    dt_status status = hear_drum(tested_drums[i], result->seed + i, &played, &heard, progress);
    if (status != DT_OK)
      return status;
    double errors_ms[STROKES_A_DRUM];
    dt__exactness* found = &result->drums[i];
    found->drum = tested_drums[i];
    size_t count = dt__selftest_match(&played.strokes, &heard.strokes, found, errors_ms);
    for (size_t k = 0; k < count; k++)
      all_errors_ms[all_count++] = errors_ms[k];
    dt__selftest_grade(found, errors_ms, count);
    result->all.played += found->played;
    result->all.missed += found->missed;
    result->all.extra += found->extra;
    result->all.doubled += found->doubled;
    result->all.named += found->named;
    dt_take_clear(&played, NULL);
    dt_take_clear(&heard, NULL);
  }
  result->drum_count = TESTED_DRUMS;
  dt__selftest_grade(&result->all, all_errors_ms, all_count);
  return DT_OK;
}

/* One drum at a time, so that no stroke hides behind another: what goes in is what sounds. */
static const char linear_groove[] = "step: 1/8\n"
                                    "kick   |x---x---|\n"
                                    "snare  |--x---x-|\n"
                                    "hi-hat |-x-x-x-x|\n";

static dt_status linear_part(dt_part* part, const dt_drummer* drummer) {
  dt_chart chart;
  *part = (dt_part){0};
  dt_status status = dt_chart_parse(&chart, NULL, linear_groove, sizeof linear_groove - 1, NULL);
  if (status == DT_OK)
    status = dt_drummer_part(drummer, &chart, NULL, part);
  dt_chart_clear(&chart, NULL);
  return status;
}

static dt_status judge_trial(const dt_drummer* drummer, dt_verdict* verdict,
                             dt__progress* progress) {
  dt_take played;
  dt_take heard;
  dt_part part;
  dt_status status = linear_part(&part, drummer);
  if (status == DT_OK)
    status = dt__selftest_hear(drummer, &part, RATE_HZ, &played, &heard, progress);
  const double lead_in_s = dt_drummer_lead_in_s(drummer, &part);
  dt_part_clear(&part, NULL);
  if (status != DT_OK)
    return status;
  dt_judge_config config = dt_judge_default(&heard);
  config.mode = DT_GRID_TEMPO;
  config.bpm = drummer->bpm;
  config.start_s = lead_in_s;
  status = dt_judge(verdict, NULL, &heard, &config, NULL);
  dt_take_clear(&played, NULL);
  dt_take_clear(&heard, NULL);
  return status;
}

/* The truth must lie in the interval; slack is what the instrument itself may add. */
static void add_trial(dt__selftest* result, const char* name, const char* unit, double truth,
                      const dt_estimate* found, double slack) {
  dt__trial* trial = &result->trials[result->trial_count++];
  *trial = (dt__trial){.name = name, .unit = unit, .truth = truth, .found = *found};
  trial->good =
      found->known == DT_KNOWN && truth >= found->low - slack && truth <= found->high + slack;
  result->good = result->good && trial->good;
}

static dt_status test_judge(dt__selftest* result, dt__progress* progress) {
  dt_drummer drummer = dt_drummer_default();
  dt_verdict verdict;
  drummer.seed = result->seed;
  drummer.bars = TRIAL_BARS;
  drummer.bpm = TRIAL_BPM;
  /* A machine: whatever is found here is the instrument's own. */
  drummer.scatter_ms = 0;
  dt_status status = judge_trial(&drummer, &verdict, progress);
  if (status != DT_OK)
    return status;
  add_trial(result, "a perfect take's placement", "ms", 0, &verdict.all.placement_ms,
            DT__BIAS_LIMIT_MS);
  add_trial(result, "a perfect take's scatter", "ms", 0, &verdict.all.scatter_ms,
            DT__JITTER_LIMIT_MS);
  dt_verdict_clear(&verdict, NULL);
  /* A human who is late, speeds up and spreads. */
  drummer.scatter_ms = 9;
  drummer.placement_ms = 6;
  drummer.drift_bpm_per_min = 0;
  status = judge_trial(&drummer, &verdict, progress);
  if (status != DT_OK)
    return status;
  add_trial(result, "placement", "ms", 6, &verdict.all.placement_ms, DT__BIAS_LIMIT_MS);
  dt_verdict_clear(&verdict, NULL);
  drummer.placement_ms = 0;
  drummer.drift_bpm_per_min = 2;
  status = judge_trial(&drummer, &verdict, progress);
  if (status != DT_OK)
    return status;
  add_trial(result, "drift", "bpm/min", 2, &verdict.all.drift_bpm_per_min, 0);
  add_trial(result, "scatter", "ms", 9, &verdict.all.scatter_ms, 0);
  dt_verdict_clear(&verdict, NULL);
  return DT_OK;
}

dt_status dt__selftest_run(dt__selftest* result, uint64_t seed, dt__progress* progress) {
  *result = (dt__selftest){.seed = seed, .rate_hz = RATE_HZ};
  progress->share = PART;
  dt_status status = test_drums(result, progress);
  result->good = result->all.good;
  for (size_t i = 0; i < result->drum_count; i++)
    result->good = result->good && result->drums[i].good;
  return status == DT_OK ? test_judge(result, progress) : status;
}
