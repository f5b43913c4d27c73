#ifndef DT_REPORT_FIXTURE_H
#define DT_REPORT_FIXTURE_H

#include <math.h>
#include <string.h>

#include "dt/report.h"

/*
 * A take and a verdict filled by hand, so that the reports are tested without a judge: four
 * strokes, the third far off the grid, the fourth not judged at all.
 */
typedef struct fixture {
  dt_stroke strokes[4];
  dt_judged judged[3];
  dt_take take;
  dt_verdict verdict;
  dt_judge_config config;
  dt_report_options options;
} fixture;

static dt_estimate estimate_of(double value, double half) {
  return (dt_estimate){value, value - half, value + half, DT_KNOWN};
}

static dt_estimate estimate_unknown(dt_known known) {
  return (dt_estimate){(double)NAN, (double)NAN, (double)NAN, known};
}

static dt_timing fixture_timing(size_t strokes, double placement_ms) {
  return (dt_timing){
      .stroke_count = strokes,
      .placement_ms = estimate_of(placement_ms, 1.5),
      .placement_own_ms = estimate_unknown(DT_NOT_TESTABLE),
      .tempo_bpm = estimate_of(120.9, 0.2),
      .drift_bpm_per_min = estimate_of(0.9, 0.2),
      .drift_percent_per_min = estimate_of(0.75, 0.17),
      .drift_p = 0.0001,
      .scatter_ms = {9.1, 8.5, 9.8, DT_KNOWN},
  };
}

static void fixture_fill(fixture* f) {
  memset(f, 0, sizeof *f);
  f->strokes[0] = dt_stroke_at(0.0012345, DT_KICK);
  f->strokes[0].velocity = 100;
  f->strokes[0].note = 36;
  f->strokes[1] = dt_stroke_at(0.5, DT_SNARE);
  f->strokes[1].velocity = 63.5F;
  f->strokes[2] = dt_stroke_at(0.7, DT_HIHAT_OPEN);
  f->strokes[2].openness = 0.25F;
  f->strokes[3] = dt_stroke_at(1.5, DT_CRASH);
  f->strokes[3].choke_s = 0.2F;
  f->judged[0] = (dt_judged){.stroke = 0,
                             .beat = 0,
                             .grid_time_s = -1e-9,
                             .asynchrony_ms = 1.2345,
                             .residual_ms = -0.0001};
  f->judged[1] = (dt_judged){
      .stroke = 1, .beat = 1, .grid_time_s = 0.512, .asynchrony_ms = -12, .residual_ms = -10};
  f->judged[2] = (dt_judged){.stroke = 2,
                             .beat = 1.5,
                             .grid_time_s = 0.75,
                             .asynchrony_ms = -50,
                             .residual_ms = -49,
                             .outlier = true};
  f->take = (dt_take){.strokes = {f->strokes, 4, 4},
                      .source = DT_TAKE_MIDI,
                      .duration_s = 2,
                      .has_click = true,
                      .ignored_notes = 2};
  f->verdict = (dt_verdict){
      .word = DT_WORD_RUSHING,
      .bpm_change = 1.8,
      .drift_found = true,
      .bars = 15.98,
      .span_s = 31.5,
      .beat_s = 0.5,
      .mode = DT_GRID_CLICK,
      .meter = {4, 4},
      .click_bpm = 120,
      .phase_known = true,
      .tempo_probability = 1,
      .instrument_jitter_ms = 0.3,
      .level = DT_LEVEL_PLAYER,
      .tolerance = {13, 1},
      .subdivision = {DT_FEEL_STRAIGHT, 4, 0.5, 0.97},
      .noise_model = "clock, 4 beats",
      .all = fixture_timing(512, -12.3),
      .voices = {{DT_VOICE_KICK, fixture_timing(200, -10)},
                 {DT_VOICE_HIHAT_PEDAL, fixture_timing(312, 3.2)}},
      .voice_count = 2,
      .judged = f->judged,
      .judged_count = 3,
      .outlier_count = 1,
  };
  f->config = (dt_judge_config){.mode = DT_GRID_CLICK, .start_s = -1, .level = DT_LEVEL_PLAYER};
  f->options =
      (dt_report_options){.file = "/somewhere/take.mid", .version = "1.2.3", .config = &f->config};
}

typedef dt_status (*fixture_writer)(const dt_take* take, const dt_verdict* verdict,
                                    const dt_report_options* options, dt_sink sink);

/* The writer's bytes as a string; the caller clears the buffer. */
static const char* fixture_write(const fixture* f, fixture_writer write, dt_buffer* buffer) {
  memset(buffer, 0, sizeof *buffer);
  dt_status status = write(&f->take, &f->verdict, &f->options, dt_buffer_sink(buffer));
  if (status == DT_OK)
    status = dt_sink_write(dt_buffer_sink(buffer), "", 1);
  assert_int_equal(status, DT_OK);
  return (const char*)buffer->bytes;
}

#endif
