#include "traits.h"

#include <math.h>

#define NONE      ((double)NAN)
#define AT(field) offsetof(dt_drummer, field)

const dt__trait dt__traits[] = {
    {"bpm", AT(bpm), DT__UNIT_BPM, 20, 400, NONE},
    {"drift", AT(drift_bpm_per_min), DT__UNIT_BPM_PER_MIN, -200, 200, NONE},
    {"placement", AT(placement_ms), DT__UNIT_MS, -500, 500, NONE},
    {"scatter", AT(scatter_ms), DT__UNIT_MS, 0, 200, NONE},
    {"clock", AT(clock_ms), DT__UNIT_MS, 0, 200, NONE},
    {"alpha", AT(phase_correction), DT__UNIT_PLAIN, 0, 1, NONE},
    {"beta", AT(period_correction), DT__UNIT_PLAIN, 0, 1, NONE},
    {"pink", AT(pink_ms), DT__UNIT_MS, 0, 200, NONE},
    {"swing", AT(swing), DT__UNIT_SWING, 0.5, 0.75, 0},
    {"velocity", AT(velocity_sd), DT__UNIT_PLAIN, 0, 64, NONE},
    {"fatigue", AT(fatigue), DT__UNIT_SHARE_PER_MIN, 0, 10, NONE},
    {"miss", AT(miss_rate), DT__UNIT_SHARE, 0, 1, NONE},
    {"flam", AT(flam_ms), DT__UNIT_MS, 0, 200, NONE},
    {"lead-in", AT(lead_in_s), DT__UNIT_SECONDS, 0, 3600, DT_LEAD_IN_ONE_BAR},
    {.word = NULL},
};

const char* const dt__limb_words[DT_VOICE_COUNT] = {
    [DT_VOICE_KICK] = "kick",         [DT_VOICE_SNARE] = "snare", [DT_VOICE_HIHAT] = "hihat",
    [DT_VOICE_HIHAT_PEDAL] = "pedal", [DT_VOICE_TOMS] = "toms",   [DT_VOICE_RIDE] = "ride",
    [DT_VOICE_CRASH] = "crash",       [DT_VOICE_OTHER] = "other",
};

const dt__trait dt__limb_offset_trait = {
    "", AT(limb_offset_ms), DT__UNIT_MS, -500, 500, NONE,
};
const dt__trait dt__limb_scatter_trait = {
    ".scatter", AT(limb_scatter), DT__UNIT_FACTOR, 0.01, 10, 0,
};

bool dt__trait_allows(const dt__trait* trait, double value) {
  return (value >= trait->low && value <= trait->high) || value == trait->also;
}

double* dt__trait_in(const dt__trait* trait, dt_drummer* drummer) {
  return (double*)(void*)((char*)drummer + trait->offset);
}

static double value_in(const dt__trait* trait, const dt_drummer* drummer, size_t limb) {
  const char* at = (const char*)drummer + trait->offset;
  return ((const double*)(const void*)at)[limb];
}

static dt_status check_limb(const dt__trait* trait, const dt_drummer* drummer, size_t limb,
                            dt_error* err) {
  const double value = value_in(trait, drummer, limb);
  if (dt__trait_allows(trait, value))
    return DT_OK;
  return dt_fail(err, DT_BAD_ARGUMENT, "%s%s is %g; it may be %g to %g", dt__limb_words[limb],
                 trait->word, value, trait->low, trait->high);
}

dt_status dt__drummer_check(const dt_drummer* drummer, dt_error* err) {
  for (const dt__trait* trait = dt__traits; trait->word; trait++) {
    const double value = value_in(trait, drummer, 0);
    if (!dt__trait_allows(trait, value))
      return dt_fail(err, DT_BAD_ARGUMENT, "%s is %g; it may be %g to %g", trait->word, value,
                     trait->low, trait->high);
  }
  for (size_t limb = 0; limb < DT_VOICE_COUNT; limb++) {
    dt_status status = check_limb(&dt__limb_offset_trait, drummer, limb, err);
    if (status == DT_OK)
      status = check_limb(&dt__limb_scatter_trait, drummer, limb, err);
    if (status != DT_OK)
      return status;
  }
  if (drummer->bars < 1 || drummer->bars > DT__BARS_MAX)
    return dt_fail(err, DT_BAD_ARGUMENT, "bars is %d; it may be 1 to %d", drummer->bars,
                   DT__BARS_MAX);
  if (drummer->period_correction > 0 && !(drummer->phase_correction > 0))
    return dt_fail(err, DT_BAD_ARGUMENT,
                   "beta is %g without alpha; a player who corrects only the period wanders off",
                   drummer->period_correction);
  return DT_OK;
}
