#include "dt/coach_plan.h"

#include <math.h>
#include <string.h>

#include "plan_internal.h"

static const char* const MODES[DT_MODE_COUNT] = {"ladder",    "gap",   "quiet", "surprise",
                                                 "endurance", "trade", "own",   "retention"};
static const char* const LIMBS[DT_LIMBS_COUNT] = {"all", "hands", "right", "left", "feet"};
static const char* const TONES[DT_TONE_COUNT] = {"plain", "kind", "stern"};
static const char* const LEVELS[] = {"beginner", "player", "pro"};

const char* dt_mode_name(dt_practice_mode mode) {
  return (unsigned)mode < DT_MODE_COUNT ? MODES[mode] : "";
}

const char* dt_limbs_name(dt_limbs limbs) {
  return (unsigned)limbs < DT_LIMBS_COUNT ? LIMBS[limbs] : "";
}

const char* dt_tone_name(dt_tone tone) {
  return (unsigned)tone < DT_TONE_COUNT ? TONES[tone] : "";
}

const char* dt__plan_level_name(dt_level level) {
  return (unsigned)level <= DT_LEVEL_PRO ? LEVELS[level] : "";
}

dt_exercise dt_exercise_default(void) {
  return (dt_exercise){.mode = DT_MODE_LADDER, .minutes = 10.0, .level = DT_LEVEL_PLAYER};
}

dt_plan dt_plan_default(void) {
  dt_plan plan;
  memset(&plan, 0, sizeof plan);
  plan.limits =
      (dt_limits){.ceiling_min = 60.0, .work_s = 30.0, .rest_s = 30.0, .long_rest_s = 300.0};
  return plan;
}

/* From the first byte of a UTF-8 character its length, 0 where it is none or not allowed. */
static size_t character(const unsigned char* s, size_t size) {
  static const unsigned char LEAST[] = {0, 0, 0xC2, 0xE0, 0xF0};
  if (s[0] < 0x80)
    return s[0] >= 0x20 && s[0] != 0x7F && s[0] != '[' && s[0] != ']' ? 1 : 0;
  const size_t length = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
  if (s[0] < LEAST[length] || s[0] > 0xF4 || length > size)
    return 0;
  for (size_t i = 1; i < length; ++i)
    if ((s[i] & 0xC0) != 0x80)
      return 0;
  const bool overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
  const bool surrogate = s[0] == 0xED && s[1] >= 0xA0;
  const bool beyond = s[0] == 0xF4 && s[1] >= 0x90;
  const bool control = s[0] == 0xC2 && s[1] < 0xA0;
  return overlong || surrogate || beyond || control ? 0 : length;
}

bool dt__is_clean_text(const char* text, size_t size) {
  for (size_t i = 0; i < size;) {
    const size_t length = character((const unsigned char*)text + i, size - i);
    if (length == 0)
      return false;
    i += length;
  }
  return size == 0 || (text[0] != ' ' && text[size - 1] != ' ');
}

static bool is_text(const char* text, size_t room) {
  const char* end = memchr(text, '\0', room);
  return end && dt__is_clean_text(text, (size_t)(end - text));
}

static bool is_in(double x, double low, double high) {
  return x >= low && x <= high;
}

static bool is_tempo(double bpm) {
  return bpm == 0.0 || is_in(bpm, DT__BPM_MIN, DT__BPM_MAX);
}

const char* dt__exercise_check(const dt_exercise* e) {
  if (!is_text(e->chart, sizeof e->chart) || e->chart[0] == '\0')
    return "An exercise needs the name of its chart";
  if ((unsigned)e->mode >= DT_MODE_COUNT || (unsigned)e->limbs >= DT_LIMBS_COUNT ||
      (unsigned)e->level > DT_LEVEL_PRO)
    return "The mode, the limbs or the level of an exercise is unknown";
  if (!is_tempo(e->from_bpm) || !is_tempo(e->to_bpm) || !is_tempo(e->bpm))
    return "A tempo is from 20 to 400 bpm";
  if (e->from_bpm > 0.0 && e->to_bpm > 0.0 && e->from_bpm > e->to_bpm)
    return "A ladder goes from a lower tempo to a higher one";
  if (!is_in(e->minutes, DT__MINUTES_MIN, DT__MINUTES_MAX))
    return "An exercise lasts from 0.5 to 120 minutes";
  if (e->bars < 0 || e->bars > DT_PLAN_BARS_MAX)
    return "A take has from 1 to 512 bars";
  if (e->subdivisions < 0 || e->subdivisions > DT_PLAN_SUBDIVISIONS_MAX)
    return "A beat has from 1 to 6 clicks";
  return NULL;
}

const char* dt_plan_check(const dt_plan* plan) {
  const dt_limits* l = &plan->limits;
  if (!is_text(plan->name, sizeof plan->name) || (unsigned)plan->tone >= DT_TONE_COUNT)
    return "The name or the tone of the plan is not allowed";
  if (!is_in(l->ceiling_min, 1.0, 480.0) || !is_in(l->work_s, 10.0, 300.0) ||
      !is_in(l->rest_s, 0.0, 600.0) || !is_in(l->long_rest_s, 0.0, 1800.0))
    return "A limit of the plan is out of its range";
  if (plan->count < 1)
    return "A plan needs at least one exercise: a line such as [paradiddle]";
  if (plan->count > DT_PLAN_EXERCISES_MAX)
    return "A plan has at most 32 exercises";
  for (int i = 0; i < plan->count; ++i) {
    const char* wrong = dt__exercise_check(&plan->exercises[i]);
    if (wrong)
      return wrong;
  }
  return NULL;
}
