#include "midi_marks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MAX      256
#define SAME_TICK_MAX 64 /* more notes at once are nobody's playing */

/* The text as a string, cut where it is longer than any of ours. */
static void copy_text(char to[WORD_MAX], const dt_smf_text* text) {
  const size_t size = text->size < WORD_MAX - 1 ? text->size : WORD_MAX - 1;
  memcpy(to, text->bytes, size);
  to[size] = '\0';
}

static bool begins(const char* text, const char* start) {
  return strncmp(text, start, strlen(start)) == 0;
}

/* The number after ` key=`, or missing where there is none. */
static double number_of(const char* text, const char* key, double missing) {
  const char* at = strstr(text, key);
  if (at == NULL)
    return missing;
  char* end = NULL;
  const double value = strtod(at + strlen(key), &end);
  return end != at + strlen(key) && isfinite(value) ? value : missing;
}

static bool read_head_numbers(dt_chart* chart, const char* text) {
  const double bars = number_of(text, " bars=", 0);
  const double swing = number_of(text, " swing=", 0);
  const double pair = number_of(text, " pair=", -1);
  const double step = number_of(text, " step=", 0);
  if (!(bars >= 1 && bars <= DT_CHART_BARS_MAX) || !(swing >= 0.5 && swing <= 0.75) ||
      !(pair >= 0 && pair <= (double)DT_CHART_STEP_MAX) ||
      !(step >= 1 && step <= (double)DT_CHART_STEP_MAX))
    return false;
  if ((dt_tick)pair % 2 != 0 || (pair < 1 && swing > 0.5))
    return false;
  chart->bar_count = (int)bars;
  chart->swing = swing;
  chart->swing_pair = (dt_tick)pair;
  chart->step = (dt_tick)step;
  return true;
}

static void read_name(dt_chart* chart, const dt_smf_text* text, bool is_ours) {
  char word[WORD_MAX];
  copy_text(word, text);
  if (is_ours && begins(word, "title "))
    dt_chart_copy_text(chart->title, sizeof chart->title, word + 6, strlen(word + 6));
  if (is_ours && begins(word, "name "))
    dt_chart_copy_text(chart->name, sizeof chart->name, word + 5, strlen(word + 5));
  if (is_ours && begins(word, "tags "))
    dt_chart_copy_text(chart->tags, sizeof chart->tags, word + 5, strlen(word + 5));
}

bool dt__midi_read_head(dt__midi_reader* in) {
  bool is_ours = false;
  for (size_t i = 0; i < in->smf->text_count && in->smf->texts[i].tick == 0; i++) {
    const dt_smf_text* text = &in->smf->texts[i];
    char word[WORD_MAX];
    copy_text(word, text);
    if (text->type == DT_SMF_TEXT && begins(word, DT__MIDI_HEAD))
      is_ours |= read_head_numbers(in->chart, word);
    else if (text->type == DT_SMF_TEXT)
      read_name(in->chart, text, is_ours);
  }
  for (size_t i = 0; i < in->smf->text_count && !is_ours; i++) {
    const dt_smf_text* text = &in->smf->texts[i];
    if (text->type != DT_SMF_TRACK_NAME || text->tick != 0)
      continue;
    dt_chart_copy_text(in->chart->title, sizeof in->chart->title, text->bytes, text->size);
    break;
  }
  return is_ours;
}

/* ---- notes */

/* Where a text that stands with a note stands in the chart. */
static dt_tick note_tick(const dt__midi_reader* in, const dt_smf_text* text) {
  return (dt_tick)llround(
      dt__midi_unswing((double)text->tick * in->scale, in->chart->swing_pair, in->chart->swing));
}

static dt_tick plain_tick(const dt__midi_reader* in, const dt_smf_text* text) {
  return (dt_tick)llround((double)text->tick * in->scale);
}

/* The next word of *at, which moves behind it. */
static void next_word(const char** at, char to[WORD_MAX]) {
  while (**at == ' ')
    ++*at;
  size_t size = 0;
  while (**at != '\0' && **at != ' ' && size < WORD_MAX - 1)
    to[size++] = *(*at)++;
  to[size] = '\0';
}

static int index_of(const char* word, const char* const names[], int count) {
  for (int i = 0; i < count; i++)
    if (strcmp(word, names[i]) == 0)
      return i;
  return -1;
}

static bool read_note(const char* text, dt_chart_note* note) {
  static const char* const louds[] = {"ghost", "normal", "accent"};
  static const char* const ornaments[] = {"plain", "flam", "drag", "roll"};
  char word[WORD_MAX];
  next_word(&text, word);
  *note = (dt_chart_note){.drum = dt_drum_from_name(word)};
  next_word(&text, word);
  const int loud = index_of(word, louds, 3);
  next_word(&text, word);
  const int ornament = index_of(word, ornaments, 4);
  if (note->drum >= DT_DRUM_COUNT || loud < 0 || ornament < 0)
    return false;
  note->loud = (dt_loud)loud;
  note->ornament = (dt_ornament)ornament;
  if (note->ornament != DT_ROLL)
    return true;
  char* end = NULL;
  note->length = strtoll(text, &end, 10);
  note->roll_step = strtoll(end, &end, 10);
  return note->length > 0 && note->length <= DT_CHART_BARS_MAX * DT_CHART_STEP_MAX &&
         note->roll_step >= 0 && note->roll_step <= note->length;
}

/* The hit that a text means: on its tick and key and not yet named, of its loudness if one is. */
static dt__midi_hit* find_hit(const dt__midi_reader* in, const dt_chart_note* note, size_t begin) {
  dt__midi_hit* found = NULL;
  for (size_t i = begin;
       i < in->hit_count && i - begin < SAME_TICK_MAX && in->hits[i].tick == (double)note->tick;
       i++) {
    dt__midi_hit* hit = &in->hits[i];
    if (hit->is_dropped || hit->note != dt_drum_gm_note(note->drum) || hit->length < 0)
      continue;
    if (hit->velocity == dt_loud_velocity(note->loud))
      return hit;
    if (found == NULL)
      found = hit;
  }
  return found;
}

static size_t first_at(const dt__midi_reader* in, dt_tick tick) {
  size_t low = 0;
  size_t high = in->hit_count;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    if (in->hits[at].tick < (double)tick)
      low = at + 1;
    else
      high = at;
  }
  return low;
}

void dt__midi_read_note_texts(dt__midi_reader* in) {
  for (size_t i = 0; i < in->smf->text_count; i++) {
    const dt_smf_text* text = &in->smf->texts[i];
    char word[WORD_MAX];
    dt_chart_note note;
    copy_text(word, text);
    if (text->type != DT_SMF_TEXT || !begins(word, "note ") || !read_note(word + 5, &note))
      continue;
    note.tick = note_tick(in, text);
    dt__midi_hit* hit = find_hit(in, &note, first_at(in, note.tick));
    if (hit == NULL)
      continue;
    hit->drum = note.drum;
    hit->velocity = dt_loud_velocity(note.loud);
    hit->ornament = note.ornament;
    hit->length = note.ornament == DT_ROLL ? note.length : -1; /* named; made 0 below */
    hit->roll_step = note.roll_step;
  }
  for (size_t i = 0; i < in->hit_count; i++)
    if (in->hits[i].length < 0)
      in->hits[i].length = 0;
}

/* Notes that may carry a hand where one letter stands for several: those of sticks, snare first. */
static dt_chart_note* hand_note(dt_chart_note* notes, size_t count, char hand) {
  const bool is_foot = hand == 'K' || hand == 'H';
  dt_chart_note* found = NULL;
  for (size_t i = 0; i < count; i++) {
    const bool is_pedal = notes[i].drum == DT_KICK || notes[i].drum == DT_HIHAT_PEDAL;
    if (is_pedal == is_foot && (found == NULL || notes[i].drum == DT_SNARE))
      found = &notes[i];
  }
  return found;
}

static bool are_hands(const char* word) {
  return word[0] != '\0' && strspn(word, "RLKH-") == strlen(word);
}

void dt__midi_read_hands(dt__midi_reader* in) {
  dt_chart* chart = in->chart;
  size_t at = 0;
  for (size_t i = 0; i < in->smf->text_count; i++) {
    const dt_smf_text* text = &in->smf->texts[i];
    char word[WORD_MAX];
    copy_text(word, text);
    if (text->type != DT_SMF_LYRIC || !are_hands(word))
      continue;
    const dt_tick tick = note_tick(in, text);
    while (at > 0 && chart->notes[at - 1].tick >= tick)
      at--;
    while (at < chart->note_count && chart->notes[at].tick < tick)
      at++;
    size_t count = 0;
    while (at + count < chart->note_count && chart->notes[at + count].tick == tick)
      count++;
    const size_t size = strlen(word);
    const bool is_each = size == count && (size > 1 || in->is_ours);
    for (size_t n = 0; n < count && is_each; n++)
      chart->notes[at + n].hand = word[n] == '-' ? ' ' : word[n];
    dt_chart_note* one =
        size == 1 && !is_each ? hand_note(chart->notes + at, count, word[0]) : NULL;
    if (one != NULL && word[0] != '-')
      one->hand = word[0];
  }
}

dt_status dt__midi_read_tempo_texts(dt__midi_reader* in) {
  dt_status status = DT_OK;
  for (size_t i = 0; i < in->smf->text_count && in->is_ours && status == DT_OK; i++) {
    const dt_smf_text* text = &in->smf->texts[i];
    char word[WORD_MAX];
    copy_text(word, text);
    if (text->type != DT_SMF_TEXT || !begins(word, "tempo us="))
      continue;
    const double us = number_of(word, " us=", 0);
    const dt_tick tick = plain_tick(in, text);
    const double now = 6e7 / dt_tempo_map_bpm(&in->chart->map, (double)tick);
    /* Whoever changed the tempo since did not change the text. */
    if (fabs(fmin(us, 16777215.0) - now) <= 1.0 && us <= 6e8)
      status = dt_tempo_map_set_tempo(&in->chart->map, in->allocator, tick, us);
  }
  return status;
}

/* ---- sections and fills */

typedef struct open_span {
  dt_chart_span span;
  bool is_open;
} open_span;

static dt_status close_span(dt__midi_reader* in, open_span* open, dt_tick end) {
  if (!open->is_open)
    return DT_OK;
  open->is_open = false;
  open->span.end = end;
  const dt_status status = dt_chart_add_span(in->chart, in->allocator, &open->span);
  return status == DT_TOO_LARGE
             ? dt_fail(in->err, status, "The file has more than %d markers", DT_CHART_SPANS_MAX)
             : status;
}

static void begin_span(open_span* open, dt_tick start, bool is_fill, const char* name) {
  *open = (open_span){.span = {.start = start, .fill = is_fill}, .is_open = true};
  dt_chart_copy_text(open->span.name, sizeof open->span.name, name, strlen(name));
}

/* A fill that somebody else marked ends with its bar. */
static dt_status end_fill_by_bar(dt__midi_reader* in, open_span* fill, dt_tick until) {
  if (!fill->is_open || in->is_ours)
    return DT_OK;
  const int bar = dt_chart_bar_at(in->chart, fill->span.start);
  const dt_tick end = dt_chart_bar_tick(in->chart, bar + 1);
  return close_span(in, fill, end < until ? end : until);
}

static dt_status read_marker(dt__midi_reader* in, const char* word, dt_tick tick,
                             open_span open[2]) {
  dt_status status = end_fill_by_bar(in, &open[1], tick);
  if (status != DT_OK)
    return status;
  if (dt__text_begins(word, "fill")) {
    status = close_span(in, &open[1], tick);
    const char* name = word[4] == ':' ? word + 5 : in->is_ours ? "" : word + 4;
    begin_span(&open[1], tick, true, name);
    return status;
  }
  status = close_span(in, &open[0], tick);
  begin_span(&open[0], tick, false, begins(word, DT__MIDI_SECTION) ? word + 9 : word);
  return status;
}

dt_status dt__midi_read_spans(dt__midi_reader* in) {
  open_span open[2] = {{.is_open = false}, {.is_open = false}}; /* section, fill */
  const dt_tick end = dt__chart_end(in->chart);
  dt_status status = DT_OK;
  for (size_t i = 0; i < in->smf->text_count && status == DT_OK; i++) {
    const dt_smf_text* text = &in->smf->texts[i];
    char word[WORD_MAX];
    copy_text(word, text);
    const dt_tick tick = plain_tick(in, text);
    if (text->type == DT_SMF_MARKER)
      status = read_marker(in, word, tick, open);
    else if (text->type == DT_SMF_TEXT && in->is_ours && begins(word, DT__MIDI_END_OF_SECTION))
      status = close_span(in, &open[0], tick);
    else if (text->type == DT_SMF_TEXT && in->is_ours && begins(word, DT__MIDI_END_OF_FILL))
      status = close_span(in, &open[1], tick);
  }
  if (status == DT_OK)
    status = end_fill_by_bar(in, &open[1], end);
  for (int i = 0; i < 2 && status == DT_OK; i++)
    status = close_span(in, &open[i], end);
  return status;
}
