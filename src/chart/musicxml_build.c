#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "musicxml_internal.h"

typedef struct builder {
  dt_chart* chart;
  dt__xml_score* score;
  dt_tick* starts; /* of each measure */
  dt_tick* moved;  /* what a pickup's notes are moved by, by measure */
} builder;

static dt_tick ticks_of(dt__fine fine) {
  return (fine + DT__FINE / 2) / DT__FINE;
}

/* A metre of just that length; numerator 0 where there is none. */
static dt_meter meter_of(dt_tick length, dt_meter like) {
  for (int d = like.denominator; d <= 64; d *= 2) {
    const dt_tick beat = 4 * DT_TICKS_PER_QUARTER / d;
    if (length % beat == 0 && length / beat >= 1 && length / beat <= 64)
      return (dt_meter){(int)(length / beat), d};
  }
  for (int d = like.denominator / 2; d >= 1; d /= 2) {
    const dt_tick beat = 4 * DT_TICKS_PER_QUARTER / d;
    if (length % beat == 0 && length / beat >= 1 && length / beat <= 64)
      return (dt_meter){(int)(length / beat), d};
  }
  return (dt_meter){0, 1};
}

#define TICKS_OF_64TH 60

static dt_status fail_bar(const builder* b, size_t measure) {
  return dt_fail(b->score->err, DT_TOO_LARGE,
                 "Measure %zu is longer than 64 whole notes: the score is damaged, export it again",
                 measure + 1);
}

/* The metre of one measure, which in `set` is in force. Too long ones, short ones that say so, and
 * those without a metre get one that fits; a short first one is a pickup: rests before it. */
static dt_status fit_measure(builder* b, size_t i, dt_meter set, bool is_free, dt_meter* meter) {
  const dt__xml_measure* measure = &b->score->measures[i];
  const dt_tick full = dt_meter_bar_ticks(set);
  const dt_tick length = ticks_of(measure->length);
  *meter = set;
  if (length == full || length == 0 || (length < full && !measure->is_implicit && !is_free))
    return DT_OK;
  if (length < full && i == 0 && !is_free) {
    b->moved[0] = full - length;
    return DT_OK;
  }
  const dt_tick rounded = (length + TICKS_OF_64TH - 1) / TICKS_OF_64TH * TICKS_OF_64TH;
  if (rounded == full)
    return DT_OK;
  *meter = meter_of(rounded, set);
  if (meter->numerator == 0)
    *meter = meter_of((rounded + 959) / 960 * 960, set);
  if (meter->numerator == 0)
    *meter = meter_of((rounded + 3839) / 3840 * 3840, set);
  return meter->numerator == 0 ? fail_bar(b, i) : DT_OK;
}

static dt_status build_bars(builder* b) {
  dt_chart* chart = b->chart;
  dt_meter set = {4, 4};
  bool is_free = false;
  dt_tick at = 0;
  dt_meter last = {0, 0};
  for (size_t i = 0; i < b->score->measure_count; i++) {
    const dt__xml_measure* measure = &b->score->measures[i];
    if (measure->meter.numerator > 0)
      set = measure->meter;
    if (measure->meter.numerator > 0 || measure->is_free)
      is_free = measure->is_free;
    dt_meter meter;
    dt_status status = fit_measure(b, i, set, is_free, &meter);
    b->starts[i] = at;
    if (status == DT_OK &&
        (meter.numerator != last.numerator || meter.denominator != last.denominator))
      status = dt_tempo_map_set_meter(&chart->map, b->score->allocator, at, meter);
    if (status != DT_OK)
      return status;
    last = meter;
    at += dt_meter_bar_ticks(meter);
  }
  chart->bar_count = (int)b->score->measure_count;
  return DT_OK;
}

static dt_tick tick_of(const builder* b, int measure, dt__fine at) {
  return b->starts[measure] + b->moved[measure] + ticks_of(at);
}

/* The spacing in ticks that divides the length: what was meant, or the nearest that does. */
static dt_tick step_of(dt_tick length, dt__fine step) {
  if (step <= 0)
    return 0;
  const double count = round((double)length * (double)DT__FINE / (double)step);
  if (count < 1)
    return 0;
  return length % (dt_tick)count == 0 ? length / (dt_tick)count : 0;
}

static dt_status add_note(builder* b, const dt__xml_stroke* stroke, int measure) {
  dt_chart_note note = {.tick = tick_of(b, measure, stroke->at),
                        .drum = stroke->drum,
                        .loud = stroke->loud,
                        .ornament = stroke->ornament,
                        .hand = stroke->hand};
  if (stroke->ornament == DT_ROLL) {
    note.length = tick_of(b, measure, stroke->at + stroke->length) - note.tick;
    note.roll_step = step_of(note.length, stroke->step);
  }
  const dt_status status = dt_chart_add_note(b->chart, b->score->allocator, &note);
  return status == DT_TOO_LARGE
             ? dt_fail(b->score->err, status, "More than %d notes: cut the score into pieces",
                       DT_CHART_NOTES_MAX)
             : status;
}

static int by_measure(const void* left, const void* right) {
  const dt__xml_stroke* a = left;
  const dt__xml_stroke* b = right;
  if (a->measure != b->measure)
    return a->measure < b->measure ? -1 : 1;
  if (a->at != b->at)
    return a->at < b->at ? -1 : 1;
  if (a->drum != b->drum)
    return a->drum < b->drum ? -1 : 1;
  if (a->loud != b->loud)
    return a->loud > b->loud ? -1 : 1;
  if (a->ornament != b->ornament)
    return a->ornament > b->ornament ? -1 : 1;
  if (a->length != b->length)
    return a->length > b->length ? -1 : 1;
  if (a->step != b->step)
    return a->step > b->step ? -1 : 1;
  return a->hand < b->hand ? 1 : a->hand > b->hand ? -1 : 0;
}

/* A measure shown as a repeat sign plays what the one before played. first[m]: index of the first
 * stroke of measure m, and of what follows the last. */
static dt_status build_notes(builder* b, size_t* first) {
  dt__xml_score* score = b->score;
  if (score->stroke_count > 0)
    qsort(score->strokes, score->stroke_count, sizeof *score->strokes, by_measure);
  size_t at = 0;
  for (size_t m = 0; m <= score->measure_count; m++) {
    while (at < score->stroke_count && score->strokes[at].measure < (int)m)
      at++;
    first[m] = at;
  }
  dt_status status = DT_OK;
  int repeats = 0;
  for (size_t m = 0; m < score->measure_count && status == DT_OK; m++) {
    if (score->measures[m].repeats != 0)
      repeats = score->measures[m].repeats > 0 ? score->measures[m].repeats : 0;
    size_t from = m;
    if (repeats > 0 && score->measures[m].strokes == 0 && m >= (size_t)repeats) {
      from = m - (size_t)repeats;
      score->measures[m].strokes = score->measures[from].strokes;
      first[m] = first[from]; /* for the one that repeats this one */
    }
    for (size_t i = 0; i < score->measures[from].strokes && status == DT_OK; i++)
      status = add_note(b, &score->strokes[first[from] + i], (int)m);
  }
  return status;
}

static dt_status add_span(builder* b, dt_tick start, dt_tick end, bool is_fill, const char* name) {
  dt_chart_span span = {.start = start, .end = end, .fill = is_fill};
  memcpy(span.name, name, sizeof span.name);
  const dt_status status = dt_chart_add_span(b->chart, b->score->allocator, &span);
  return status == DT_TOO_LARGE
             ? dt_fail(b->score->err, status, "More than %d marks: cut the score into pieces",
                       DT_CHART_SPANS_MAX)
             : status;
}

static int by_place(const void* left, const void* right) {
  const dt__xml_mark* a = left;
  const dt__xml_mark* b = right;
  if (a->measure != b->measure)
    return a->measure < b->measure ? -1 : 1;
  if (a->at != b->at)
    return a->at < b->at ? -1 : 1;
  if (a->kind != b->kind)
    return a->kind > b->kind ? -1 : 1; /* ends before beginnings */
  if (a->us_per_quarter != b->us_per_quarter)
    return a->us_per_quarter < b->us_per_quarter ? -1 : 1;
  return strcmp(a->name, b->name);
}

/* Where a section or fill that begins with mark i ends. */
static dt_tick end_of(const builder* b, size_t i) {
  const dt__xml_score* score = b->score;
  const dt__xml_mark* mark = &score->marks[i];
  const bool is_fill = mark->kind != DT__XML_SECTION;
  const dt_tick end = dt__chart_end(b->chart);
  if (mark->kind == DT__XML_FILL_TO_BAR)
    return (size_t)mark->measure + 1 < score->measure_count ? b->starts[mark->measure + 1] : end;
  for (size_t next = i + 1; next < score->mark_count; next++) {
    const dt__xml_mark* other = &score->marks[next];
    const dt_tick tick = tick_of(b, other->measure, other->at);
    const bool is_end = is_fill
                            ? other->kind == DT__XML_FILL_END || other->kind == DT__XML_FILL
                            : other->kind == DT__XML_SECTION || other->kind == DT__XML_SECTION_END;
    if (is_end && tick > tick_of(b, mark->measure, mark->at))
      return tick;
  }
  return end;
}

static dt_status build_marks(builder* b) {
  dt__xml_score* score = b->score;
  dt_status status = DT_OK;
  if (score->mark_count > 0)
    qsort(score->marks, score->mark_count, sizeof *score->marks, by_place);
  for (size_t i = 0; i < score->mark_count && status == DT_OK; i++) {
    const dt__xml_mark* mark = &score->marks[i];
    const dt_tick tick = tick_of(b, mark->measure, mark->at);
    if (mark->kind == DT__XML_TEMPO)
      status = dt_tempo_map_set_tempo(&b->chart->map, score->allocator,
                                      mark->measure == 0 && mark->at == 0 ? 0 : tick,
                                      mark->us_per_quarter);
    else if (mark->kind == DT__XML_SECTION)
      status = add_span(b, mark->measure == 0 ? 0 : tick, end_of(b, i), false, mark->name);
    else if (mark->kind == DT__XML_FILL || mark->kind == DT__XML_FILL_TO_BAR)
      status = add_span(b, tick, end_of(b, i), true, mark->name);
  }
  return status;
}

static dt_status build_order(builder* b) {
  const dt__xml_score* score = b->score;
  const size_t size = score->measure_count * sizeof(dt__xml_bar);
  dt__xml_bar* bars = dt_alloc(score->allocator, size);
  if (bars == NULL)
    return DT_NO_MEMORY;
  for (size_t i = 0; i < score->measure_count; i++)
    bars[i] = score->measures[i].bar;
  const dt_status status =
      dt__xml_play_bars(b->chart, score->allocator, bars, (int)score->measure_count);
  dt_release(score->allocator, bars, size);
  if (status == DT_TOO_LARGE)
    return dt_fail(score->err, status, "With its repeats the score plays more than %d bars",
                   DT_CHART_PLAYED_MAX);
  if (status == DT_BAD_DATA)
    return dt_fail(score->err, status, "The endings of the score leave nothing to play");
  return status;
}

/* The finest of the usual steps that all notes stand on; a sixteenth where none does. */
static dt_tick find_step(const dt_chart* chart) {
  static const dt_tick steps[] = {480, 240, 320, 160, 120, 80, 60, 40, 30, 192, 20, 15};
  for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
    size_t on = 0;
    for (size_t i = 0; i < chart->note_count; i++)
      on += chart->notes[i].tick % steps[s] == 0;
    if (on == chart->note_count)
      return steps[s];
  }
  return DT_TICKS_PER_QUARTER / 4;
}

static void build_head(builder* b) {
  const dt__xml_score* score = b->score;
  dt_chart* chart = b->chart;
  memcpy(chart->title, score->title, sizeof chart->title);
  memcpy(chart->name, score->name, sizeof chart->name);
  memcpy(chart->tags, score->tags, sizeof chart->tags);
  if (score->has_swing) {
    chart->swing = score->swing;
    chart->swing_pair = score->swing_pair;
  }
  const bool is_step_said = score->step >= 1 && score->step <= DT_CHART_STEP_MAX;
  chart->step = is_step_said ? score->step : find_step(chart);
}

static dt_status build_all(builder* b, size_t* first) {
  dt_status status = build_bars(b);
  if (status == DT_OK)
    status = build_notes(b, first);
  if (status == DT_OK)
    status = build_marks(b);
  if (status == DT_OK)
    status = build_order(b);
  if (status == DT_OK)
    status = dt__chart_trim_map(b->chart, b->score->allocator);
  if (status != DT_OK)
    return status;
  dt__chart_mend(b->chart);
  build_head(b);
  const char* wrong = dt_chart_check(b->chart);
  return wrong == NULL ? DT_OK
                       : dt_fail(b->score->err, DT_BAD_DATA, "The score makes no chart: %s", wrong);
}

dt_status dt__xml_build(dt_chart* chart, dt__xml_score* score) {
  builder b = {.chart = chart, .score = score};
  const size_t size = score->measure_count * sizeof(dt_tick);
  const size_t first_size = (score->measure_count + 1) * sizeof(size_t);
  b.starts = dt_alloc_zero(score->allocator, size);
  b.moved = dt_alloc_zero(score->allocator, size);
  size_t* first = dt_alloc_zero(score->allocator, first_size);
  dt_status status = b.starts != NULL && b.moved != NULL && first != NULL ? DT_OK : DT_NO_MEMORY;
  if (status == DT_OK)
    status = build_all(&b, first);
  dt_release(score->allocator, b.starts, size);
  dt_release(score->allocator, b.moved, size);
  dt_release(score->allocator, first, first_size);
  return status;
}

dt_status dt_chart_from_musicxml(dt_chart* chart, const dt_allocator* allocator, const void* bytes,
                                 size_t size, dt_error* err) {
  dt__xml_score score = {.allocator = allocator, .err = err};
  dt_status status = dt_chart_init(chart, allocator);
  if (status == DT_OK)
    status = dt__xml_read(&score, bytes, size);
  if (status == DT_OK)
    status = dt__xml_build(chart, &score);
  dt__xml_score_clear(&score);
  if (status == DT_OK)
    return DT_OK;
  if (status == DT_NO_MEMORY)
    dt_fail(err, status, "%s", dt_status_sentence(status));
  dt_chart_clear(chart, allocator);
  return status;
}
