#include "traits.h"

#include <math.h>

#define NONE      ((double)NAN)
#define AT(field) offsetof(dt_drummer, field)

#define BARS_MAX 10000

const dt__trait dt__traits[] = {
    {"bpm", AT(bpm), DT__UNIT_BPM, 20, 400, 0},
    {"drift", AT(drift_bpm_per_min), DT__UNIT_BPM_PER_MIN, -200, 200, NONE},
    {"fill", AT(fill_bpm), DT__UNIT_BPM, -100, 100, NONE},
    {"fill.rush", AT(fill_rush), DT__UNIT_SHARE, -0.5, 0.5, NONE},
    {"section", AT(section_bpm), DT__UNIT_BPM, -100, 100, NONE},
    {"placement", AT(placement_ms), DT__UNIT_MS, -500, 500, NONE},
    {"scatter", AT(scatter_ms), DT__UNIT_MS, 0, 200, NONE},
    {"clock", AT(clock_ms), DT__UNIT_MS, 0, 200, NONE},
    {"alpha", AT(phase_correction), DT__UNIT_PLAIN, 0, 1, NONE},
    {"beta", AT(period_correction), DT__UNIT_PLAIN, 0, 1, NONE},
    {"pink", AT(pink_ms), DT__UNIT_MS, 0, 200, NONE},
    {"left", AT(left.offset_ms), DT__UNIT_MS, -500, 500, NONE},
    {"left.scatter", AT(left.scatter), DT__UNIT_FACTOR, 0.01, 10, 0},
    {"left.velocity", AT(left.velocity), DT__UNIT_PLAIN, -127, 127, NONE},
    {"right", AT(right.offset_ms), DT__UNIT_MS, -500, 500, NONE},
    {"right.scatter", AT(right.scatter), DT__UNIT_FACTOR, 0.01, 10, 0},
    {"right.velocity", AT(right.velocity), DT__UNIT_PLAIN, -127, 127, NONE},
    {"unison", AT(unison_ms), DT__UNIT_MS, 0, 200, NONE},
    {"backbeat", AT(backbeat_ms), DT__UNIT_MS, -500, 500, NONE},
    {"offbeat", AT(offbeat_ms), DT__UNIT_MS, -500, 500, NONE},
    {"sixteenths", AT(uneven_ms), DT__UNIT_MS, -500, 500, NONE},
    {"swing", AT(swing), DT__UNIT_SWING, 0.5, 0.75, 0},
    {"swing.wobble", AT(swing_wobble), DT__UNIT_SHARE, 0, 0.2, NONE},
    {"flam", AT(flam_ms), DT__UNIT_MS, 0, 200, NONE},
    {"flam.sd", AT(flam_sd_ms), DT__UNIT_MS, 0, 100, DT_AS_USUAL},
    {"drag", AT(drag_ms), DT__UNIT_MS, 0, 300, NONE},
    {"grace", AT(grace_level), DT__UNIT_SHARE, 0.05, 1.5, NONE},
    {"roll", AT(roll_rate), DT__UNIT_PER_SECOND, 4, 60, NONE},
    {"roll.cv", AT(roll_cv), DT__UNIT_SHARE, 0, 0.5, NONE},
    {"roll.alternate", AT(roll_alternate_ms), DT__UNIT_MS, -50, 50, NONE},
    {"roll.alternate.velocity", AT(roll_alternate_velocity), DT__UNIT_PLAIN, -127, 127, NONE},
    {"roll.break", AT(roll_break_s), DT__UNIT_SECONDS, 0, 3600, NONE},
    {"roll.break.factor", AT(roll_break_factor), DT__UNIT_FACTOR, 0.1, 20, NONE},
    {"velocity", AT(velocity_sd), DT__UNIT_PLAIN, 0, 64, NONE},
    {"stroke", AT(stroke_velocity), DT__UNIT_PLAIN, 1, 127, 0},
    {"accent", AT(accent_velocity), DT__UNIT_PLAIN, 1, 127, 0},
    {"ghost", AT(ghost_velocity), DT__UNIT_PLAIN, 1, 127, 0},
    {"crescendo", AT(crescendo_db_per_min), DT__UNIT_DB_PER_MIN, -60, 60, NONE},
    {"crescendo", AT(crescendo_db_per_bar), DT__UNIT_DB_PER_BAR, -20, 20, NONE},
    {"open", AT(openness_open), DT__UNIT_SHARE, 0, 1, NONE},
    {"half", AT(openness_half), DT__UNIT_SHARE, 0, 1, DT_AS_USUAL},
    {"closed", AT(openness_closed), DT__UNIT_SHARE, 0, 1, NONE},
    {"openness.sd", AT(openness_sd), DT__UNIT_SHARE, 0, 0.5, NONE},
    {"fatigue", AT(fatigue), DT__UNIT_SHARE_PER_MIN, 0, 10, NONE},
    {"fatigue.tempo", AT(fatigue_bpm_per_min), DT__UNIT_BPM_PER_MIN, -200, 200, NONE},
    {"fatigue.velocity", AT(fatigue_velocity_per_min), DT__UNIT_PER_MIN, -127, 127, NONE},
    {"miss", AT(miss_rate), DT__UNIT_SHARE, 0, 1, NONE},
    {"extra", AT(extra_rate), DT__UNIT_SHARE, 0, 1, NONE},
    {"wrong", AT(wrong_rate), DT__UNIT_SHARE, 0, 1, NONE},
    {"lead-in", AT(lead_in_s), DT__UNIT_SECONDS, 0, 3600, DT_LEAD_IN_ONE_BAR},
    {.word = NULL},
};

const dt__whole dt__wholes[] = {
    {"bars", AT(bars), 1, BARS_MAX},
    {"skip", AT(skip_count), 0, 100},
    {"skip.bar", AT(skip_bar), 1, BARS_MAX},
    {"repeat", AT(repeat_count), 0, 100},
    {"repeat.bar", AT(repeat_bar), 1, BARS_MAX},
    {.word = NULL},
};

const char* const dt__limb_words[DT_VOICE_COUNT] = {
    [DT_VOICE_KICK] = "kick",         [DT_VOICE_SNARE] = "snare", [DT_VOICE_HIHAT] = "hihat",
    [DT_VOICE_HIHAT_PEDAL] = "pedal", [DT_VOICE_TOMS] = "toms",   [DT_VOICE_RIDE] = "ride",
    [DT_VOICE_CRASH] = "crash",       [DT_VOICE_OTHER] = "other",
};

const dt__trait dt__limb_traits[] = {
    {"", AT(limb_offset_ms), DT__UNIT_MS, -500, 500, NONE},
    {".scatter", AT(limb_scatter), DT__UNIT_FACTOR, 0.01, 10, 0},
    {".swing", AT(limb_swing), DT__UNIT_SWING, 0.5, 0.75, 0},
    {".lead", AT(limb_lead_ms), DT__UNIT_MS, -200, 200, NONE},
    {.word = NULL},
};

const dt__trait dt__place_beat_trait = {"at", AT(places), DT__UNIT_PLAIN, 1, 65, 0};
const dt__trait dt__place_trait = {"at", AT(places), DT__UNIT_MS, -500, 500, NONE};

bool dt__trait_allows(const dt__trait* trait, double value) {
  return (value >= trait->low && value <= trait->high) || value == trait->also;
}

double* dt__trait_in(const dt__trait* trait, dt_drummer* drummer) {
  return (double*)(void*)((char*)drummer + trait->offset);
}

int* dt__whole_in(const dt__whole* whole, dt_drummer* drummer) {
  return (int*)(void*)((char*)drummer + whole->offset);
}

static double value_in(const dt__trait* trait, const dt_drummer* drummer, size_t limb) {
  const char* at = (const char*)drummer + trait->offset;
  return ((const double*)(const void*)at)[limb];
}

static dt_status check_value(const dt__trait* trait, const char* name, double value,
                             dt_error* err) {
  if (dt__trait_allows(trait, value))
    return DT_OK;
  return dt_fail(err, DT_BAD_ARGUMENT, "%s%s is %g; it may be %g to %g", name, trait->word, value,
                 trait->low, trait->high);
}

static dt_status check_limbs(const dt_drummer* drummer, dt_error* err) {
  dt_status status = DT_OK;
  for (const dt__trait* trait = dt__limb_traits; trait->word && status == DT_OK; trait++)
    for (size_t limb = 0; limb < DT_VOICE_COUNT && status == DT_OK; limb++)
      status = check_value(trait, dt__limb_words[limb], value_in(trait, drummer, limb), err);
  return status;
}

static dt_status check_places(const dt_drummer* drummer, dt_error* err) {
  dt_status status = DT_OK;
  for (size_t i = 0; i < DT_DRUMMER_PLACES_MAX && status == DT_OK; i++) {
    status = check_value(&dt__place_beat_trait, "", drummer->places[i].beat, err);
    if (status == DT_OK)
      status = check_value(&dt__place_trait, "", drummer->places[i].offset_ms, err);
  }
  return status;
}

/* 0 is allowed everywhere: once through, none. */
static dt_status check_wholes(const dt_drummer* drummer, dt_error* err) {
  for (const dt__whole* whole = dt__wholes; whole->word; whole++) {
    const int value = *(const int*)(const void*)((const char*)drummer + whole->offset);
    if (value != 0 && (value < whole->low || value > whole->high))
      return dt_fail(err, DT_BAD_ARGUMENT, "%s is %d; it may be %d to %d", whole->word, value,
                     whole->low, whole->high);
  }
  return DT_OK;
}

dt_status dt__drummer_check(const dt_drummer* drummer, dt_error* err) {
  dt_status status = DT_OK;
  for (const dt__trait* trait = dt__traits; trait->word && status == DT_OK; trait++)
    status = check_value(trait, "", value_in(trait, drummer, 0), err);
  if (status == DT_OK)
    status = check_limbs(drummer, err);
  if (status == DT_OK)
    status = check_places(drummer, err);
  if (status == DT_OK)
    status = check_wholes(drummer, err);
  if (status != DT_OK)
    return status;
  if (drummer->period_correction > 0 && !(drummer->phase_correction > 0))
    return dt_fail(err, DT_BAD_ARGUMENT,
                   "beta is %g without alpha; a player who corrects only the period wanders off",
                   drummer->period_correction);
  return DT_OK;
}
