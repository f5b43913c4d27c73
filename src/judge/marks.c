#include "dt/marks.h"

#include <math.h>
#include <string.h>

#include "dt/level.h"
#include "marks_internal.h"

/* The table of strokes: from the chart where there is one, else from the verdict alone. */

static const dt_mark BLANK = {.level_db = (double)NAN,
                              .openness = (double)NAN,
                              .tick = (double)NAN,
                              .bar = -1,
                              .bar_tick = (double)NAN,
                              .asynchrony_ms = (double)NAN,
                              .straight_ms = (double)NAN,
                              .own_ms = (double)NAN,
                              .residual_ms = (double)NAN,
                              .loud = DT_LOUD_NORMAL,
                              .hand = ' ',
                              .section = -1,
                              .fill = -1};

static dt_mark mark_of(const dt_take* take, size_t i) {
  const dt_stroke* stroke = &take->strokes.items[i];
  dt_mark mark = BLANK;
  mark.stroke = i;
  mark.time_s = stroke->time_s;
  mark.drum = stroke->drum;
  mark.voice = dt_drum_voice(stroke->drum);
  mark.level_db = dt_velocity_db((double)stroke->velocity);
  mark.openness = stroke->openness >= 0.0F ? (double)stroke->openness : (double)NAN;
  mark.event = i;
  return mark;
}

/* Length of a quarter note there, as this player plays it, in ms. */
static double quarter_ms(const dt_take* take, const dt_verdict* verdict, const dt_mark* mark) {
  const double own_bpm = verdict->all.tempo_bpm.value;
  if (verdict->mode == DT_GRID_CLICK) {
    const dt_tempo_map* click = &take->click;
    const double ticks = mark->tick / DT_TICKS_PER_QUARTER * click->ticks_per_quarter;
    const double stretch = isnan(own_bpm) ? 1.0 : verdict->click_bpm / own_bpm;
    return 60e3 / dt_tempo_map_bpm(click, ticks) * stretch;
  }
  const double drift = verdict->all.drift_bpm_per_min.value;
  const double away_min = isnan(drift) ? 0.0 : (mark->time_s - verdict->span_s / 2.0) / 60.0;
  return 60e3 / fmax(own_bpm + (isnan(drift) ? 0.0 : drift * away_min), 1.0);
}

/* How much later the swung grid has this stroke than the straight one. */
static double swung_ms(const dt_take* take, const dt_verdict* verdict, const dt_mark* mark,
                       double beat) {
  const double away = beat - mark->tick / DT_TICKS_PER_QUARTER;
  return fabs(away) < 1e-9 ? 0.0 : away * quarter_ms(take, verdict, mark);
}

static void add_judgement(dt_mark* mark, const dt_take* take, const dt_verdict* verdict) {
  const dt_judged* judged = &verdict->judged[mark->stroke];
  if (isnan(judged->own_ms) || isnan(mark->tick)) {
    return;
  }
  mark->own_ms = judged->own_ms;
  mark->straight_ms = judged->own_ms + swung_ms(take, verdict, mark, judged->beat);
  mark->residual_ms = judged->residual_ms;
  mark->asynchrony_ms = verdict->phase_known ? judged->asynchrony_ms : (double)NAN;
}

static void describe(dt_marks* marks, const dt_verdict* verdict) {
  size_t known = 0;
  double first_s = (double)NAN;
  double last_s = (double)NAN;
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* mark = &marks->items[i];
    known += !isnan(mark->level_db);
    if (!isnan(mark->tick)) {
      first_s = isnan(first_s) ? mark->time_s : first_s;
      last_s = mark->time_s;
    }
  }
  marks->has_velocity = 2 * known > marks->count;
  marks->span_s = isnan(first_s) ? 0.0 : last_s - first_s;
  marks->has_click = verdict->phase_known;
  marks->bpm = verdict->all.tempo_bpm.known == DT_KNOWN ? verdict->all.tempo_bpm.value
                                                        : 60.0 / verdict->beat_s;
  marks->jitter_ms = verdict->instrument_jitter_ms;
}

dt_status dt_marks_make(dt_marks* marks, const dt_allocator* allocator, const dt_take* take,
                        const dt_verdict* verdict, const dt_alignment* alignment,
                        const dt_chart* chart) {
  memset(marks, 0, sizeof(*marks));
  marks->meter = verdict->meter;
  marks->heard = take->source == DT_TAKE_SOUND;
  marks->bar_ticks = dt_meter_bar_ticks(verdict->meter);
  const size_t n = take->strokes.count;
  if (n == 0) {
    return DT_OK;
  }
  marks->items = dt_alloc(allocator, n * sizeof(dt_mark));
  if (!marks->items) {
    return DT_NO_MEMORY;
  }
  marks->count = n;
  for (size_t i = 0; i < n; ++i) {
    marks->items[i] = mark_of(take, i);
  }
  if (alignment) {
    dt__mark_from_chart(marks, alignment, chart);
  } else {
    dt__mark_from_verdict(marks, verdict);
  }
  for (size_t i = 0; i < n; ++i) {
    add_judgement(&marks->items[i], take, verdict);
  }
  describe(marks, verdict);
  return DT_OK;
}

void dt_marks_clear(dt_marks* marks, const dt_allocator* allocator) {
  dt_release(allocator, marks->items, marks->count * sizeof(dt_mark));
  memset(marks, 0, sizeof(*marks));
}
