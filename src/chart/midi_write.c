#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "midi_internal.h"

#define DRUM_CHANNEL 9 /* channel 10, as people count */
#define STROKES_MAX  2000000
#define NOTE_TICKS   60 /* how long a note sounds, in ticks of a chart */
#define GRACE_S      0.030
#define DRAG_S       0.028
#define BUZZ_S       0.055
#define US_MAX       16777215.0 /* what a file can hold */
#define GRACE_SOFTER 1

typedef struct writer {
  const dt_allocator* allocator;
  const dt_chart* chart;
  int scale;
  dt_smf_text* texts; /* with offsets instead of pointers: see finish */
  size_t text_count;
  size_t text_room;
  dt_buffer bytes;
  dt_midi_event* events;
  size_t event_count;
  size_t event_room;
} writer;

static dt_tick place(const writer* out, dt_tick tick) {
  return (dt_tick)llround(dt_swing_tick(tick, out->chart->swing_pair, out->chart->swing) *
                          out->scale);
}

/* ---- texts */

/* begin_text, any number of writes into bytes, end_text. */
static size_t begin_text(const writer* out) {
  return out->bytes.size;
}

static dt_status end_text(writer* out, size_t begin, dt_tick tick, dt_smf_text_type type) {
  dt_smf_text* texts =
      dt__list_room(out->allocator, out->texts, out->text_count, &out->text_room, sizeof *texts);
  if (texts == NULL)
    return DT_NO_MEMORY;
  out->texts = texts;
  texts[out->text_count] = (dt_smf_text){
      .tick = tick, .size = (uint32_t)(out->bytes.size - begin), .track = 0, .type = (uint8_t)type};
  ++out->text_count;
  return DT_OK;
}

static dt_status put_text(writer* out, dt_tick tick, dt_smf_text_type type, const char* before,
                          const char* text) {
  const size_t begin = begin_text(out);
  dt_status status = dt_sink_printf(dt_buffer_sink(&out->bytes), "%s%s", before, text);
  if (status == DT_OK)
    status = end_text(out, begin, tick, type);
  return status;
}

static dt_status put_head(writer* out) {
  const dt_chart* chart = out->chart;
  const char* title = chart->title[0] != '\0' ? chart->title : chart->name;
  dt_status status = put_text(out, 0, DT_SMF_TRACK_NAME, "", title[0] != '\0' ? title : "Drums");
  if (status != DT_OK)
    return status;
  const size_t begin = begin_text(out);
  status = dt_sink_printf(dt_buffer_sink(&out->bytes),
                          DT__MIDI_HEAD "bars=%d swing=%.17g pair=%lld step=%lld", chart->bar_count,
                          chart->swing, (long long)chart->swing_pair, (long long)chart->step);
  if (status == DT_OK)
    status = end_text(out, begin, 0, DT_SMF_TEXT);
  if (status == DT_OK && chart->title[0] != '\0')
    status = put_text(out, 0, DT_SMF_TEXT, "title ", chart->title);
  if (status == DT_OK && chart->name[0] != '\0')
    status = put_text(out, 0, DT_SMF_TEXT, "name ", chart->name);
  if (status == DT_OK && chart->tags[0] != '\0')
    status = put_text(out, 0, DT_SMF_TEXT, "tags ", chart->tags);
  return status;
}

/* What a whole number of microseconds cannot say. */
static dt_status put_tempo(writer* out, const dt_tempo_change* change) {
  const double us = change->us_per_quarter;
  if (us == round(us) && us <= US_MAX)
    return DT_OK;
  const size_t begin = begin_text(out);
  dt_status status = dt_sink_printf(dt_buffer_sink(&out->bytes), "tempo us=%.17g", us);
  if (status == DT_OK)
    status = end_text(out, begin, change->tick * out->scale, DT_SMF_TEXT);
  return status;
}

static dt_status put_span(writer* out, const dt_chart_span* span, dt_tick next_start) {
  const dt_tick start = span->start * out->scale;
  const dt_tick end = span->end * out->scale;
  if (span->fill) {
    dt_status status = span->name[0] != '\0'
                           ? put_text(out, start, DT_SMF_MARKER, DT__MIDI_FILL ": ", span->name)
                           : put_text(out, start, DT_SMF_MARKER, DT__MIDI_FILL, "");
    if (status == DT_OK)
      status = put_text(out, end, DT_SMF_TEXT, DT__MIDI_END_OF_FILL, "");
    return status;
  }
  const bool is_ambiguous =
      dt__text_begins(span->name, "fill") || dt__text_begins(span->name, "section:");
  dt_status status =
      put_text(out, start, DT_SMF_MARKER, is_ambiguous ? DT__MIDI_SECTION : "", span->name);
  if (status == DT_OK && span->end != next_start)
    status = put_text(out, end, DT_SMF_TEXT, DT__MIDI_END_OF_SECTION, "");
  return status;
}

static dt_status put_spans(writer* out) {
  const dt_chart* chart = out->chart;
  dt_status status = DT_OK;
  for (size_t i = 0; i < chart->span_count && status == DT_OK; i++) {
    size_t next = i + 1;
    while (next < chart->span_count && chart->spans[next].fill)
      next++;
    status = put_span(out, &chart->spans[i],
                      next < chart->span_count ? chart->spans[next].start : dt__chart_end(chart));
  }
  return status;
}

static bool is_gm_clear(const dt_chart_note* note) {
  return note->drum != DT_SNARE_BRUSH && note->drum != DT_HIHAT;
}

static dt_status put_note_text(writer* out, const dt_chart_note* note) {
  static const char* const louds[] = {"ghost", "normal", "accent"};
  static const char* const ornaments[] = {"plain", "flam", "drag", "roll"};
  if (note->ornament == DT_PLAIN && is_gm_clear(note))
    return DT_OK;
  const size_t begin = begin_text(out);
  const dt_sink sink = dt_buffer_sink(&out->bytes);
  dt_status status = dt_sink_printf(sink, "note %s %s %s", dt_drum_name(note->drum),
                                    louds[note->loud], ornaments[note->ornament]);
  if (status == DT_OK && note->ornament == DT_ROLL)
    status =
        dt_sink_printf(sink, " %lld %lld", (long long)note->length, (long long)note->roll_step);
  if (status == DT_OK)
    status = end_text(out, begin, place(out, note->tick), DT_SMF_TEXT);
  return status;
}

/* The hands of the notes that begin at one tick, in the order of the drums, - where not known. */
static dt_status put_hands(writer* out, const dt_chart_note* notes, size_t count) {
  bool is_known = false;
  for (size_t i = 0; i < count; i++)
    is_known |= notes[i].hand != ' ';
  if (!is_known)
    return DT_OK;
  char hands[DT_DRUM_COUNT + 1] = "";
  for (size_t i = 0; i < count && i < DT_DRUM_COUNT; i++)
    hands[i] = notes[i].hand == ' ' ? '-' : notes[i].hand;
  return put_text(out, place(out, notes[0].tick), DT_SMF_LYRIC, "", hands);
}

/* ---- strokes */

static dt_status put_stroke(writer* out, dt_tick at, dt_drum drum, int velocity) {
  if (at < 0)
    return DT_OK; /* no room before the first beat for its grace notes */
  if (out->event_count >= STROKES_MAX)
    return DT_TOO_LARGE;
  dt_midi_event* events = dt__list_room(out->allocator, out->events, out->event_count,
                                        &out->event_room, sizeof *events);
  if (events == NULL)
    return DT_NO_MEMORY;
  out->events = events;
  events[out->event_count++] = (dt_midi_event){.tick = at,
                                               .status = 0x90 | DRUM_CHANNEL,
                                               .data1 = (uint8_t)dt_drum_gm_note(drum),
                                               .data2 = (uint8_t)velocity};
  return DT_OK;
}

/* Ticks of a chart in so many seconds, at the tempo there; at least one. */
static dt_tick ticks_in(const writer* out, dt_tick tick, double seconds) {
  const double bpm = dt_tempo_map_bpm(&out->chart->map, (double)tick);
  const double ticks = seconds * bpm / 60.0 * DT_TICKS_PER_QUARTER;
  return ticks > 1.0 ? (dt_tick)llround(fmin(ticks, 1e6)) : 1;
}

static dt_status put_note(writer* out, const dt_chart_note* note) {
  const int velocity = dt_loud_velocity(note->loud);
  const int grace = dt_loud_velocity(DT_LOUD_GHOST) - GRACE_SOFTER;
  const dt_tick at = place(out, note->tick);
  const dt_tick flam = ticks_in(out, note->tick, GRACE_S) * out->scale;
  const dt_tick drag = ticks_in(out, note->tick, DRAG_S) * out->scale;
  dt_status status = put_stroke(out, at, note->drum, velocity);
  if (status == DT_OK && note->ornament == DT_FLAM)
    status = put_stroke(out, at - flam, note->drum, grace);
  for (int i = 1; i <= 2 && status == DT_OK && note->ornament == DT_DRAG; i++)
    status = put_stroke(out, at - i * drag, note->drum, grace);
  if (note->ornament != DT_ROLL)
    return status;
  const dt_tick step = note->roll_step > 0 ? note->roll_step : ticks_in(out, note->tick, BUZZ_S);
  for (dt_tick i = step; i < note->length && status == DT_OK; i += step)
    status = put_stroke(out, place(out, note->tick + i), note->drum, velocity - GRACE_SOFTER);
  return status;
}

static dt_status put_notes(writer* out) {
  const dt_chart* chart = out->chart;
  dt_status status = DT_OK;
  for (size_t i = 0; i < chart->note_count && status == DT_OK;) {
    size_t next = i;
    while (next < chart->note_count && chart->notes[next].tick == chart->notes[i].tick &&
           status == DT_OK) {
      status = put_note_text(out, &chart->notes[next]);
      if (status == DT_OK)
        status = put_note(out, &chart->notes[next++]);
    }
    if (status == DT_OK)
      status = put_hands(out, chart->notes + i, next - i);
    i = next;
  }
  return status;
}

/* By tick, ends of notes before beginnings, then note, then loudest first. */
static int by_tick(const void* left, const void* right) {
  const dt_midi_event* a = left;
  const dt_midi_event* b = right;
  if (a->tick != b->tick)
    return a->tick < b->tick ? -1 : 1;
  if (a->status != b->status)
    return a->status < b->status ? -1 : 1;
  if (a->data1 != b->data1)
    return a->data1 < b->data1 ? -1 : 1;
  return (int)b->data2 - (int)a->data2;
}

/* A note ends before the next of its key begins. */
static dt_status add_note_ends(writer* out) {
  const size_t count = out->event_count;
  if (count == 0)
    return DT_OK;
  qsort(out->events, count, sizeof *out->events, by_tick);
  dt_midi_event* events = dt_resize(out->allocator, out->events, out->event_room * sizeof *events,
                                    2 * count * sizeof *events);
  if (events == NULL)
    return DT_NO_MEMORY;
  out->events = events;
  out->event_room = 2 * count;
  dt_tick next[128];
  for (size_t i = 0; i < 128; i++)
    next[i] = INT64_MAX;
  dt_tick last[128];
  memcpy(last, next, sizeof last);
  for (size_t i = count; i-- > 0;) {
    const dt_midi_event* on = &events[i];
    if (on->tick != last[on->data1]) {
      next[on->data1] = last[on->data1];
      last[on->data1] = on->tick;
    }
    dt_tick end = on->tick + NOTE_TICKS * out->scale;
    if (end > next[on->data1])
      end = next[on->data1];
    events[out->event_count++] = (dt_midi_event){
        .tick = end, .status = 0x80 | DRUM_CHANNEL, .data1 = on->data1, .data2 = 64};
  }
  qsort(events, out->event_count, sizeof *events, by_tick);
  return DT_OK;
}

/* ---- all of it */

/* Stable, by insertion from the end: the texts are in order but for those of spans and tempi. */
static int by_place(const void* left, const void* right) {
  const dt_smf_text* a = left;
  const dt_smf_text* b = right;
  if (a->tick != b->tick)
    return a->tick < b->tick ? -1 : 1;
  return a->bytes < b->bytes ? -1 : a->bytes > b->bytes;
}

/* Hands over exactly as much memory as the counts say; the texts' bytes stand one after another in
 * the order in which they were put. */
static dt_status finish(writer* out, dt_smf* smf) {
  if (out->event_room > out->event_count && out->event_count > 0) {
    dt_midi_event* events = dt_resize(out->allocator, out->events, out->event_room * sizeof *events,
                                      out->event_count * sizeof *events);
    if (events == NULL)
      return DT_NO_MEMORY;
    out->events = events;
    out->event_room = out->event_count;
  }
  dt_smf_text* texts = dt_resize(out->allocator, out->texts, out->text_room * sizeof *texts,
                                 out->text_count * sizeof *texts);
  if (texts == NULL)
    return DT_NO_MEMORY;
  out->texts = texts;
  out->text_room = out->text_count;
  char* bytes = dt_resize(out->allocator, out->bytes.bytes, out->bytes.capacity, out->bytes.size);
  if (bytes == NULL)
    return DT_NO_MEMORY;
  out->bytes.bytes = (unsigned char*)bytes;
  out->bytes.capacity = out->bytes.size;
  size_t at = 0;
  for (size_t i = 0; i < out->text_count; i++) {
    texts[i].bytes = bytes + at;
    at += texts[i].size;
  }
  qsort(texts, out->text_count, sizeof *texts, by_place);
  smf->events = out->events;
  smf->event_count = out->event_count;
  smf->texts = texts;
  smf->text_count = out->text_count;
  smf->text_bytes = bytes;
  smf->text_size = out->bytes.size;
  return DT_OK;
}

static dt_status put_all(writer* out, dt_smf* smf) {
  dt_status status = put_head(out);
  for (size_t i = 0; i < out->chart->map.tempo_count && status == DT_OK; i++)
    status = put_tempo(out, &out->chart->map.tempi[i]);
  if (status == DT_OK)
    status = put_spans(out);
  if (status == DT_OK)
    status = put_notes(out);
  if (status == DT_OK)
    status = add_note_ends(out);
  if (status == DT_OK)
    status = dt__map_copy(&smf->map, out->allocator, &out->chart->map, out->scale);
  for (size_t i = 0; i < smf->map.tempo_count && status == DT_OK; i++)
    if (smf->map.tempi[i].us_per_quarter > US_MAX)
      status = dt_tempo_map_set_tempo(&smf->map, out->allocator, smf->map.tempi[i].tick, US_MAX);
  if (status == DT_OK)
    status = finish(out, smf);
  return status;
}

static void put_in_time(dt_smf* smf, dt_tick end) {
  double us_max = 0.0;
  for (size_t i = 0; i < smf->map.tempo_count; i++)
    us_max = fmax(us_max, smf->map.tempi[i].us_per_quarter);
  smf->has_tempo = smf->has_meter = true;
  smf->seconds_per_tick_max = us_max * 1e-6 / smf->map.ticks_per_quarter;
  smf->duration_s = dt_tempo_map_seconds(&smf->map, (double)end);
  for (size_t i = 0; i < smf->event_count; i++)
    smf->events[i].time_s = dt_tempo_map_seconds(&smf->map, (double)smf->events[i].tick);
  if (smf->event_count > 0)
    smf->duration_s = fmax(smf->duration_s, smf->events[smf->event_count - 1].time_s);
}

dt_status dt_smf_from_chart(dt_smf* smf, const dt_allocator* allocator, const dt_chart* chart) {
  *smf = (dt_smf){.map = {.ticks_per_quarter = DT_TICKS_PER_QUARTER}};
  dt_chart played;
  dt_status status = dt__chart_unroll(&played, allocator, chart);
  if (status != DT_OK)
    return status;
  writer out = {.allocator = allocator, .chart = &played, .bytes = {.allocator = allocator}};
  out.scale = played.swing_pair > 0 && played.swing > 0.5 ? DT__MIDI_SWING_SCALE : 1;
  status = put_all(&out, smf);
  if (status == DT_OK) {
    put_in_time(smf, dt__chart_end(&played) * out.scale);
  } else {
    dt_release(allocator, out.events, out.event_room * sizeof *out.events);
    dt_release(allocator, out.texts, out.text_room * sizeof *out.texts);
    dt_buffer_clear(&out.bytes);
    dt_tempo_map_clear(&smf->map, allocator);
    *smf = (dt_smf){.map = {.ticks_per_quarter = DT_TICKS_PER_QUARTER}};
  }
  dt_chart_clear(&played, allocator);
  return status;
}
