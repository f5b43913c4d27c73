#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "musicxml_writer.h"

#define FRACTION_MAX 1000

typedef struct score_writer {
  dt__xml_out out;
  const dt_chart* chart;
  dt__xml_bar* bars;
  dt__xml_item* items; /* room for all that one bar holds */
  size_t item_room;
  const dt_chart_note* rolling[DT_DRUM_COUNT]; /* from earlier bars */
  size_t note;                                 /* first of the bar */
  uint32_t ending;                             /* open, 0: none */
  int ending_times;
} score_writer;

/* ---- the head */

/* The ratio that reads back as just this swing; false where no small one does. */
static bool find_ratio(double swing, int* first, int* second) {
  for (int sum = 2; sum <= FRACTION_MAX; sum++) {
    *first = (int)lround(swing * sum);
    *second = sum - *first;
    if ((double)*first / (double)sum == swing)
      return true;
  }
  return false;
}

static bool is_swing_standard(const dt_chart* chart) {
  int first;
  int second;
  if (chart->swing == 0.5)
    return chart->swing_pair == DT_TICKS_PER_QUARTER;
  return (chart->swing_pair == DT_TICKS_PER_QUARTER ||
          chart->swing_pair == DT_TICKS_PER_QUARTER / 2) &&
         find_ratio(chart->swing, &first, &second);
}

static void put_field(dt__xml_out* out, const char* name, const char* text) {
  if (text[0] == '\0')
    return;
  DT__XML_PUT(out, "      <miscellaneous-field name=\"%s\">", name);
  dt__xml_put_text(out, text);
  DT__XML_PUT(out, "</miscellaneous-field>\n");
}

static void put_identification(score_writer* w) {
  dt__xml_out* out = &w->out;
  const dt_chart* chart = w->chart;
  DT__XML_PUT(out, "  <identification>\n    <encoding>\n      <software>doubletime</software>\n"
                   "    </encoding>\n    <miscellaneous>\n");
  put_field(out, DT__XML_FIELD_NAME, chart->name);
  put_field(out, DT__XML_FIELD_TAGS, chart->tags);
  DT__XML_PUT(out,
              "      <miscellaneous-field name=\"" DT__XML_FIELD_STEP
              "\">%lld</miscellaneous-field>\n",
              (long long)chart->step);
  if (!is_swing_standard(chart))
    DT__XML_PUT(out,
                "      <miscellaneous-field name=\"" DT__XML_FIELD_SWING
                "\">%.17g %lld</miscellaneous-field>\n",
                chart->swing, (long long)chart->swing_pair);
  DT__XML_PUT(out, "    </miscellaneous>\n  </identification>\n");
}

static void put_instruments(score_writer* w) {
  bool is_used[DT_DRUM_COUNT] = {false};
  dt__xml_out* out = &w->out;
  for (size_t i = 0; i < w->chart->note_count; i++)
    is_used[w->chart->notes[i].drum] = true;
  for (int drum = 0; drum < DT_DRUM_COUNT; drum++) {
    const dt__xml_drum* d = dt__xml_drum_at((dt_drum)drum);
    if (!is_used[drum])
      continue;
    DT__XML_PUT(out,
                "      <score-instrument id=\"P1-I%d\">\n"
                "        <instrument-name>%s</instrument-name>\n",
                drum + 1, d->name);
    if (d->sound != NULL)
      DT__XML_PUT(out, "        <instrument-sound>%s</instrument-sound>\n", d->sound);
    DT__XML_PUT(out, "      </score-instrument>\n");
  }
  /* midi-unpitched counts from 1. */
  for (int drum = 0; drum < DT_DRUM_COUNT; drum++)
    if (is_used[drum])
      DT__XML_PUT(out,
                  "      <midi-instrument id=\"P1-I%d\">\n        <midi-channel>10</midi-channel>\n"
                  "        <midi-unpitched>%d</midi-unpitched>\n      </midi-instrument>\n",
                  drum + 1, dt_drum_gm_note((dt_drum)drum) + 1);
}

static void put_head(score_writer* w) {
  dt__xml_out* out = &w->out;
  DT__XML_PUT(out,
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<!DOCTYPE score-partwise PUBLIC \"-//Recordare//DTD MusicXML 4.0 Partwise//EN\" "
              "\"http://www.musicxml.org/dtds/partwise.dtd\">\n"
              "<score-partwise version=\"4.0\">\n");
  if (w->chart->title[0] != '\0') {
    DT__XML_PUT(out, "  <work>\n    <work-title>");
    dt__xml_put_text(out, w->chart->title);
    DT__XML_PUT(out, "</work-title>\n  </work>\n");
  }
  put_identification(w);
  DT__XML_PUT(out, "  <part-list>\n    <score-part id=\"P1\">\n"
                   "      <part-name>Drumset</part-name>\n");
  put_instruments(w);
  DT__XML_PUT(out, "    </score-part>\n  </part-list>\n  <part id=\"P1\">\n");
}

/* ---- bar lines, metre, directions */

static void put_ending(score_writer* w, bool is_begin, const char* type) {
  dt__xml_out* out = &w->out;
  DT__XML_PUT(out, "        <ending number=\"");
  bool is_second = false;
  for (int n = 1; n < 32; n++)
    if ((w->ending >> n & 1) != 0) {
      DT__XML_PUT(out, "%s%d", is_second ? ", " : "", n);
      is_second = true;
    }
  DT__XML_PUT(out, "\" type=\"%s\"/>\n", type);
  if (!is_begin)
    w->ending = 0;
}

static void put_left_line(score_writer* w, int bar) {
  const dt__xml_bar* b = &w->bars[bar];
  dt__xml_out* out = &w->out;
  if (!b->has_forward && b->ending == 0)
    return;
  DT__XML_PUT(out, "      <barline location=\"left\">\n");
  if (b->has_forward)
    DT__XML_PUT(out, "        <bar-style>heavy-light</bar-style>\n");
  if (b->ending != 0) {
    w->ending = b->ending;
    put_ending(w, true, "start");
  }
  if (b->has_forward)
    DT__XML_PUT(out, "        <repeat direction=\"forward\"/>\n");
  DT__XML_PUT(out, "      </barline>\n");
}

static void put_right_line(score_writer* w, int bar) {
  const dt__xml_bar* b = &w->bars[bar];
  dt__xml_out* out = &w->out;
  const bool is_end = bar + 1 == w->chart->bar_count;
  if (b->backward == 0 && !b->ends_ending && !is_end)
    return;
  DT__XML_PUT(out, "      <barline location=\"right\">\n");
  if (b->backward > 0 || is_end)
    DT__XML_PUT(out, "        <bar-style>light-heavy</bar-style>\n");
  if (b->ends_ending)
    put_ending(w, false, b->backward > 0 ? "stop" : "discontinue");
  if (b->backward > 0)
    DT__XML_PUT(out, "        <repeat direction=\"backward\" times=\"%d\"/>\n", b->backward);
  DT__XML_PUT(out, "      </barline>\n");
}

static void put_attributes(score_writer* w, int bar, dt_tick start) {
  const dt_tempo_map* map = &w->chart->map;
  dt__xml_out* out = &w->out;
  const dt_meter_change* change = NULL;
  for (size_t i = 0; i < map->meter_count && change == NULL; i++)
    if (map->meters[i].tick == start)
      change = &map->meters[i];
  if (change == NULL)
    return;
  DT__XML_PUT(out, "      <attributes>\n");
  if (bar == 0)
    DT__XML_PUT(out, "        <divisions>%d</divisions>\n", DT_TICKS_PER_QUARTER);
  DT__XML_PUT(out,
              "        <time>\n          <beats>%d</beats>\n"
              "          <beat-type>%d</beat-type>\n        </time>\n",
              change->meter.numerator, change->meter.denominator);
  if (bar == 0)
    DT__XML_PUT(out, "        <clef>\n          <sign>percussion</sign>\n        </clef>\n");
  DT__XML_PUT(out, "      </attributes>\n");
}

/* As dt_chart_from_musicxml reads it. */
static double us_of_text(const char* text) {
  const double us = 6e7 / strtod(text, NULL);
  return fabs(us - round(us)) < 1e-6 ? round(us) : us;
}

/* The shortest decimals that read back as this tempo. */
static bool print_bpm(char text[64], double us) {
  for (int digits = 0; digits <= 15; digits++) {
    dt_buffer buffer = {.bytes = NULL};
    const dt_status status = dt_sink_printf(dt_buffer_sink(&buffer), "%.*f", digits, 6e7 / us);
    const size_t size = status == DT_OK && buffer.size < 64 ? buffer.size : 0;
    memcpy(text, size > 0 ? (const char*)buffer.bytes : "", size);
    text[size] = '\0';
    dt_buffer_clear(&buffer);
    if (size > 0 && us_of_text(text) == us)
      return true;
  }
  return false;
}

static void put_tempo(score_writer* w, const dt_tempo_change* change, dt_tick start) {
  dt__xml_out* out = &w->out;
  char bpm[64];
  const bool is_exact = print_bpm(bpm, change->us_per_quarter);
  const dt_meter meter = dt_tempo_map_meter(&w->chart->map, (double)change->tick);
  const bool is_compound =
      dt_meter_beat_ticks(meter) * meter.denominator > 4 * (dt_tick)DT_TICKS_PER_QUARTER &&
      meter.denominator == 8;
  const double shown = 6e7 / change->us_per_quarter / (is_compound ? 1.5 : 1.0);
  DT__XML_PUT(out,
              "      <direction placement=\"above\">\n        <direction-type>\n"
              "          <metronome>\n            <beat-unit>quarter</beat-unit>\n%s"
              "            <per-minute>%.6g</per-minute>\n          </metronome>\n"
              "        </direction-type>\n",
              is_compound ? "            <beat-unit-dot/>\n" : "", shown);
  if (change->tick > start)
    DT__XML_PUT(out, "        <offset sound=\"yes\">%lld</offset>\n",
                (long long)(change->tick - start));
  DT__XML_PUT(out, "        <sound tempo=\"%s\"", bpm);
  if (is_exact)
    DT__XML_PUT(out, "/>\n");
  else
    DT__XML_PUT(out,
                ">\n          <play>\n            <other-play type=\"" DT__XML_PLAY_TEMPO
                "\">%.17g</other-play>\n          </play>\n        </sound>\n",
                change->us_per_quarter);
  DT__XML_PUT(out, "      </direction>\n");
}

static void put_swing(score_writer* w) {
  int first = 0;
  int second = 0;
  if (w->chart->swing == 0.5)
    return;
  if (!find_ratio(w->chart->swing, &first, &second)) {
    first = (int)lround(w->chart->swing * FRACTION_MAX);
    second = FRACTION_MAX - first;
  }
  DT__XML_PUT(&w->out,
              "      <sound>\n        <swing>\n          <first>%d</first>\n"
              "          <second>%d</second>\n          <swing-type>%s</swing-type>\n"
              "        </swing>\n      </sound>\n",
              first, second, w->chart->swing_pair == DT_TICKS_PER_QUARTER / 2 ? "16th" : "eighth");
}

static void begin_direction(dt__xml_out* out) {
  DT__XML_PUT(out, "      <direction placement=\"above\">\n        <direction-type>\n");
}

static void end_direction(dt__xml_out* out, dt_tick offset) {
  DT__XML_PUT(out, "        </direction-type>\n");
  if (offset > 0)
    DT__XML_PUT(out, "        <offset>%lld</offset>\n", (long long)offset);
  DT__XML_PUT(out, "      </direction>\n");
}

#define BRACKET "          <bracket type=\"%s\" number=\"1\" line-end=\"down\"/>\n"

static void put_span_begin(score_writer* w, const dt_chart_span* span, dt_tick start) {
  dt__xml_out* out = &w->out;
  begin_direction(out);
  DT__XML_PUT(out, span->fill ? "          <words>Fill%s" : "          <rehearsal>%s",
              span->fill && span->name[0] != '\0' ? ": " : "");
  dt__xml_put_text(out, span->name);
  if (!span->fill) {
    DT__XML_PUT(out, "</rehearsal>\n");
  } else {
    DT__XML_PUT(out, "</words>\n        </direction-type>\n        <direction-type>\n" BRACKET,
                "start");
  }
  end_direction(out, span->start - start);
}

static void put_span_end(score_writer* w, const dt_chart_span* span, dt_tick start) {
  dt__xml_out* out = &w->out;
  begin_direction(out);
  if (span->fill)
    DT__XML_PUT(out, BRACKET, "stop");
  else
    DT__XML_PUT(out, "          <words>" DT__XML_END_OF_SECTION "</words>\n");
  end_direction(out, span->end - start);
}

/* Does a section end with nothing but the next one to say so? */
static bool is_followed(const dt_chart* chart, size_t i) {
  for (size_t next = i + 1; next < chart->span_count; next++)
    if (!chart->spans[next].fill)
      return chart->spans[next].start == chart->spans[i].end;
  return chart->spans[i].end == dt__chart_end(chart);
}

static void put_directions(score_writer* w, dt_tick start, dt_tick end) {
  const dt_chart* chart = w->chart;
  for (size_t i = 0; i < chart->map.tempo_count; i++)
    if (chart->map.tempi[i].tick >= start && chart->map.tempi[i].tick < end)
      put_tempo(w, &chart->map.tempi[i], start);
  for (size_t i = 0; i < chart->span_count && chart->spans[i].start < end; i++) {
    const dt_chart_span* span = &chart->spans[i];
    if (span->start >= start)
      put_span_begin(w, span, start);
    if (span->end > start && span->end <= end && (span->fill || !is_followed(chart, i)))
      put_span_end(w, span, start);
  }
}

/* ---- notes */

static void put_notes(score_writer* w, dt_meter meter, dt_tick start, dt_tick end) {
  const dt_chart* chart = w->chart;
  size_t count = 0;
  for (size_t i = 0; i < DT_DRUM_COUNT; i++) {
    const dt_chart_note* note = w->rolling[i];
    w->rolling[i] = NULL;
    if (note == NULL || note->tick + note->length <= start)
      continue;
    const dt_tick until = note->tick + note->length;
    w->items[count++] = (dt__xml_item){
        .at = 0, .until = (until < end ? until : end) - start, .note = note, .shift = start};
    w->rolling[i] = until > end ? note : NULL;
  }
  for (; w->note < chart->note_count && chart->notes[w->note].tick < end; w->note++) {
    const dt_chart_note* note = &chart->notes[w->note];
    const dt_tick until = note->tick + note->length;
    dt__xml_item* item = &w->items[count++];
    *item = (dt__xml_item){.at = note->tick - start, .note = note, .shift = start};
    if (note->ornament == DT_ROLL)
      item->until = (until < end ? until : end) - start;
    if (until > end)
      w->rolling[note->drum] = note;
  }
  const int last = dt__xml_give_voices(w->items, count);
  bool is_first = true;
  for (int voice = 1; voice <= last; voice++) {
    bool is_used = voice == 1;
    for (size_t i = 0; i < count && !is_used; i++)
      is_used = w->items[i].voice == voice;
    if (!is_used)
      continue;
    if (!is_first)
      DT__XML_PUT(&w->out, "      <backup>\n        <duration>%lld</duration>\n      </backup>\n",
                  (long long)(end - start));
    is_first = false;
    const dt__xml_voice_bar bar = {.length = end - start,
                                   .meter = meter,
                                   .items = w->items,
                                   .count = count,
                                   .voice = voice,
                                   .is_alone = last == 1};
    dt__xml_put_voice(&w->out, &bar);
  }
}

static void put_bar(score_writer* w, int bar) {
  const dt_tick start = dt_chart_bar_tick(w->chart, bar);
  const dt_tick end = dt_chart_bar_tick(w->chart, bar + 1);
  DT__XML_PUT(&w->out, "    <measure number=\"%d\">\n", bar + 1);
  put_left_line(w, bar);
  put_attributes(w, bar, start);
  put_directions(w, start, end);
  if (bar == 0)
    put_swing(w);
  put_notes(w, dt_tempo_map_meter(&w->chart->map, (double)start), start, end);
  put_right_line(w, bar);
  DT__XML_PUT(&w->out, "    </measure>\n");
}

/* The most that one bar holds: its notes, and the rolls that go on. */
static size_t items_of_a_bar(const dt_chart* chart) {
  size_t most = 0;
  size_t note = 0;
  for (int bar = 0; bar < chart->bar_count; bar++) {
    const dt_tick end = dt_chart_bar_tick(chart, bar + 1);
    const size_t first = note;
    while (note < chart->note_count && chart->notes[note].tick < end)
      note++;
    most = note - first > most ? note - first : most;
  }
  return most + DT_DRUM_COUNT;
}

static dt_status write_score(const dt_chart* chart, dt__xml_bar* bars, dt_sink sink) {
  score_writer w = {.out = {.sink = sink, .status = DT_OK}, .chart = chart, .bars = bars};
  w.item_room = items_of_a_bar(chart);
  w.items = dt_alloc(NULL, w.item_room * sizeof *w.items);
  if (w.items == NULL)
    return DT_NO_MEMORY;
  put_head(&w);
  for (int bar = 0; bar < chart->bar_count && w.out.status == DT_OK; bar++)
    put_bar(&w, bar);
  DT__XML_PUT(&w.out, "  </part>\n</score-partwise>\n");
  dt_release(NULL, w.items, w.item_room * sizeof *w.items);
  return w.out.status;
}

/* An order that bar lines cannot say is written out. */
static dt_status write_unrolled(const dt_chart* chart, dt_sink sink) {
  dt_chart played;
  dt_status status = dt__chart_unroll(&played, NULL, chart);
  if (status != DT_OK)
    return status;
  const size_t size = (size_t)played.bar_count * sizeof(dt__xml_bar);
  dt__xml_bar* bars = dt_alloc_zero(NULL, size);
  status = bars != NULL ? write_score(&played, bars, sink) : DT_NO_MEMORY;
  dt_release(NULL, bars, size);
  dt_chart_clear(&played, NULL);
  return status;
}

dt_status dt_chart_to_musicxml(const dt_chart* chart, dt_sink sink) {
  if (dt_chart_check(chart) != NULL)
    return DT_BAD_ARGUMENT;
  const size_t size = (size_t)chart->bar_count * sizeof(dt__xml_bar);
  dt__xml_bar* bars = dt_alloc_zero(NULL, size);
  if (bars == NULL)
    return DT_NO_MEMORY;
  dt_status status = DT_OK;
  const bool is_said = dt__xml_bars_of_order(chart, NULL, bars, &status);
  if (status == DT_OK)
    status = is_said ? write_score(chart, bars, sink) : write_unrolled(chart, sink);
  dt_release(NULL, bars, size);
  return status;
}
