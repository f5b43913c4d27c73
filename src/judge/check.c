#include <math.h>

#include "dt/align.h"
#include "judge_internal.h"

/* What no drummer plays and no judge can hear is refused with a sentence, before any work. */

static const double BPM_MIN = 20.0;
static const double BPM_MAX = 400.0;
static const double SPAN_MAX_S = 86400.0;
static const double TIME_MAX_S = 1e9; /* a double still counts by a tenth of a microsecond */

double dt__click_bpm(const dt_take* take) {
  const size_t n = take->strokes.count;
  const double last_s = n > 0 ? take->strokes.items[n - 1].time_s : 0.0;
  const double ticks = dt_tempo_map_ticks(&take->click, fmax(1.0, last_s));
  const double seconds = dt_tempo_map_seconds(&take->click, ticks);
  return ticks / take->click.ticks_per_quarter / seconds * 60.0;
}

static bool is_bpm(double bpm) {
  return bpm >= BPM_MIN && bpm <= BPM_MAX;
}

static dt_status check_grid(const dt_take* take, const dt_judge_config* config, dt_error* err) {
  if ((unsigned)config->mode > DT_GRID_FREE || (unsigned)config->level > DT_LEVEL_PRO) {
    return dt_fail(err, DT_BAD_ARGUMENT, "There is no such grid or level");
  }
  if (config->mode == DT_GRID_CLICK && !take->has_click) {
    return dt_fail(err, DT_BAD_ARGUMENT,
                   "The take has no click of its own: give a tempo, or judge it free");
  }
  if (config->mode == DT_GRID_CLICK && !is_bpm(dt__click_bpm(take))) {
    return dt_fail(err, DT_BAD_ARGUMENT,
                   "The take's click runs at %.4g bpm, and can be judged between %g and %g: give a "
                   "tempo, or judge it free",
                   dt__click_bpm(take), BPM_MIN, BPM_MAX);
  }
  if (config->mode == DT_GRID_TEMPO && !is_bpm(config->bpm)) {
    return dt_fail(err, DT_BAD_ARGUMENT, "The tempo must be between %g and %g bpm", BPM_MIN,
                   BPM_MAX);
  }
  if (config->mode == DT_GRID_TEMPO && !(config->start_s <= TIME_MAX_S)) {
    return dt_fail(err, DT_BAD_ARGUMENT, "The first beat must fall before %g s", TIME_MAX_S);
  }
  if ((config->alignment != NULL) != (config->chart != NULL)) {
    return dt_fail(err, DT_BAD_ARGUMENT, "A chart and its alignment are given together");
  }
  if (config->alignment && config->alignment->stroke_count != take->strokes.count) {
    return dt_fail(err, DT_BAD_ARGUMENT, "The alignment is not of this take");
  }
  const dt_meter m = config->meter;
  const bool power =
      m.denominator >= 1 && m.denominator <= 64 && (m.denominator & (m.denominator - 1)) == 0;
  if (m.numerator != 0 && !(m.numerator >= 1 && m.numerator <= 64 && power)) {
    return dt_fail(err, DT_BAD_ARGUMENT, "The metre must be like 4/4 or 6/8");
  }
  return DT_OK;
}

static dt_status check_strokes(const dt_strokes* strokes, dt_error* err) {
  for (size_t i = 0; i < strokes->count; ++i) {
    const double t = strokes->items[i].time_s;
    if (!(fabs(t) <= TIME_MAX_S)) {
      return dt_fail(err, DT_BAD_ARGUMENT, "Stroke %zu: a time of %g s is out of range", i + 1, t);
    }
    if (i > 0 && t < strokes->items[i - 1].time_s) {
      return dt_fail(err, DT_BAD_ARGUMENT, "Stroke %zu: the strokes must be in order of time",
                     i + 1);
    }
  }
  if (strokes->count > 0 &&
      strokes->items[strokes->count - 1].time_s - strokes->items[0].time_s > SPAN_MAX_S) {
    return dt_fail(err, DT_BAD_ARGUMENT, "The take is longer than a day: judge it in parts");
  }
  return DT_OK;
}

dt_status dt__check(const dt_take* take, const dt_judge_config* config, dt_error* err) {
  const dt_status strokes = check_strokes(&take->strokes, err);
  return strokes == DT_OK ? check_grid(take, config, err) : strokes;
}
