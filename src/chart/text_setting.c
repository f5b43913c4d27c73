#include <string.h>

#include "text_internal.h"

typedef struct setting {
  const char* key;
  bool only_above; /* allowed above the first bars only, and once */
  dt_status (*read)(dt__text_parser* p, dt__slice value);
} setting;

/* A text of the header, whole and clean, or a complaint. */
dt_status dt__text_name(dt__text_parser* p, dt__slice from, char* to, size_t room) {
  const dt__slice s = dt__trimmed(from);
  const size_t size = (size_t)(s.end - s.at);
  for (size_t i = 0; i < size;) {
    const size_t length = dt__chart_utf8(s.at + i, size - i);
    if (length == 0)
      return FAIL_SAY(p, s.at + i, "This is no UTF-8; save the file in that encoding");
    if (s.at[i] == '[' || s.at[i] == ']')
      return FAIL_SAY(p, s.at + i, "A name holds no brackets; use ( and )");
    i += length;
  }
  char longer[512];
  dt_chart_copy_text(longer, sizeof longer, s.at, size);
  dt_chart_copy_text(to, room, s.at, size);
  if (strcmp(longer, to) != 0)
    return FAIL_AT(p, s.at, "This is too long; %d bytes are allowed", (int)room - 1);
  return DT_OK;
}

static dt_status read_name(dt__text_parser* p, dt__slice value) {
  return dt__text_name(p, value, p->chart->name, sizeof p->chart->name);
}

static dt_status read_title(dt__text_parser* p, dt__slice value) {
  return dt__text_name(p, value, p->chart->title, sizeof p->chart->title);
}

static dt_status read_tags(dt__text_parser* p, dt__slice value) {
  return dt__text_name(p, value, p->chart->tags, sizeof p->chart->tags);
}

static dt_status nothing_more(dt__text_parser* p, dt__slice value) {
  if (dt__is_end(value))
    return DT_OK;
  value = dt__trimmed(value);
  return FAIL_AT(p, value.at, "Nothing more is expected here, but there is \"%s\"",
                 dt__text_quote(value).text);
}

static dt_status read_meter(dt__text_parser* p, dt__slice value) {
  const char* at = value.at;
  dt_meter m = {0, 0};
  if (!dt__take_count(&value, &m.numerator) || !dt__take_char(&value, '/') ||
      !dt__take_count(&value, &m.denominator) || m.numerator < 1 || m.numerator > 64 ||
      m.denominator < 1 || m.denominator > 64 || (m.denominator & (m.denominator - 1)) != 0)
    return FAIL_SAY(p, at, "Write the metre as 4/4, 7/8 or the like, up to 64/64");
  p->meter = m;
  return nothing_more(p, value);
}

dt_status dt__text_tempo_value(dt__text_parser* p, dt__slice* value, double* us) {
  const char* at = value->at;
  dt__slice note = *value;
  double number = 0;
  dt_tick unit = dt__take_duration(&note);
  if (unit > 0 && dt__take_char(&note, '='))
    *value = note;
  else
    unit = DT_TICKS_PER_QUARTER;
  if (!dt__take_number(value, &number) || !(number > 0))
    return FAIL_SAY(p, at,
                    "Write the tempo as a number of quarter notes a minute, such as 96, or "
                    "as 3/8 = 60");
  dt__slice after = *value;
  const dt__slice word = dt__take_word(&after);
  const bool is_us = dt__slice_is(word, "us");
  if (is_us || dt__slice_is(word, "bpm"))
    *value = after;
  if (is_us)
    *us = number * (DT_TICKS_PER_QUARTER / (double)unit);
  else
    *us = 6e7 / number * (DT_TICKS_PER_QUARTER / (double)unit);
  if (!(*us >= 1 && *us <= 6e8))
    return FAIL_SAY(p, at, "This tempo is out of range");
  return DT_OK;
}

static dt_status read_tempo(dt__text_parser* p, dt__slice value) {
  const dt_status status = dt__text_tempo_value(p, &value, &p->us_per_quarter);
  return status == DT_OK ? nothing_more(p, value) : status;
}

/* Which notes swing: the pair's length, or 0 where it is not said so. */
static dt_tick take_level(dt__slice* value) {
  dt__slice rest = *value;
  const dt__slice word = dt__take_word(&rest);
  dt_tick pair = 0;
  if (dt__slice_is(word, "eighths") || dt__slice_is(word, "eighth") || dt__slice_is(word, "1/8"))
    pair = WHOLE_TICKS / 4;
  else if (dt__slice_is(word, "sixteenths") || dt__slice_is(word, "sixteenth") ||
           dt__slice_is(word, "1/16"))
    pair = WHOLE_TICKS / 8;
  else if (dt__slice_is(word, "pairs"))
    pair = dt__take_duration(&rest);
  if (pair > 0 && pair % 2 == 0)
    *value = rest;
  return pair % 2 == 0 ? pair : 0;
}

static bool take_swing(dt__slice* value, double* swing) {
  double first = 0;
  double second = 0;
  if (!dt__take_number(value, &first))
    return false;
  if (dt__take_char(value, '%')) {
    *swing = first / 100;
  } else if (dt__take_char(value, ':')) {
    if (!dt__take_number(value, &second) || !(first + second > 0))
      return false;
    *swing = first / (first + second);
  } else {
    *swing = first;
  }
  return *swing >= 0.5 && *swing <= 0.75;
}

static dt_status read_swing(dt__text_parser* p, dt__slice value) {
  dt__skip_space(&value);
  const char* at = value.at;
  dt__slice rest = value;
  const dt__slice word = dt__take_word(&rest);
  p->chart->swing = 0.5;
  p->chart->swing_pair = WHOLE_TICKS / 4;
  if (dt__slice_is(word, "never")) {
    p->chart->swing_pair = 0;
    return nothing_more(p, rest);
  }
  if (dt__slice_is(word, "straight"))
    value = rest;
  else if (!take_swing(&value, &p->chart->swing))
    return FAIL_SAY(p, at, "Write the swing as 62%, as 2:1, or straight; from 50% to 75%");
  if (dt__is_end(value))
    return DT_OK;
  dt__skip_space(&value);
  p->chart->swing_pair = take_level(&value);
  if (p->chart->swing_pair == 0)
    return FAIL_SAY(p, value.at, "Say which notes swing: eighths or sixteenths");
  return nothing_more(p, value);
}

static dt_status read_duration(dt__text_parser* p, dt__slice value, dt_tick* ticks) {
  dt__skip_space(&value);
  const dt_tick read = dt__take_duration(&value);
  if (read == 0)
    return FAIL_SAY(p, value.at,
                    "Write a note value such as 1/16, 1/12 for eighth triplets, or a "
                    "number of ticks such as 240t (960 make a quarter)");
  *ticks = read;
  return nothing_more(p, value);
}

static dt_status read_step(dt__text_parser* p, dt__slice value) {
  const dt_status status = read_duration(p, value, &p->step);
  if (status == DT_OK && p->bar_count == 0 && !p->block.is_open)
    p->chart->step = p->step;
  return status;
}

static dt_status read_roll(dt__text_parser* p, dt__slice value) {
  return read_duration(p, value, &p->roll_step);
}

static dt_status read_order(dt__text_parser* p, dt__slice value) {
  p->order = dt__trimmed(value);
  return p->order.at == p->order.end ? FAIL_SAY(p, value.at, "Say the order, such as 1-4 x2, 5")
                                     : DT_OK;
}

static const setting settings[] = {
    {"name", true, read_name},   {"title", true, read_title},  {"tags", true, read_tags},
    {"swing", true, read_swing}, {"order", true, read_order},  {"tempo", false, read_tempo},
    {"bpm", false, read_tempo},  {"meter", false, read_meter}, {"metre", false, read_meter},
    {"step", false, read_step},  {"roll", false, read_roll},
};

bool dt__text_is_key(dt__slice key) {
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
    if (dt__slice_is(key, settings[i].key))
      return true;
  return false;
}

dt_status dt__text_setting(dt__text_parser* p, dt__slice key, dt__slice value) {
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
    const setting* s = &settings[i];
    if (!dt__slice_is(key, s->key))
      continue;
    if (s->only_above && (p->bar_count > 0 || p->block.is_open))
      return FAIL_AT(p, key.at, "Put %s above the first bars", s->key);
    if (s->only_above && (p->seen & 1u << i) != 0)
      return FAIL_AT(p, key.at, "The %s is said twice; leave one", s->key);
    p->seen |= 1u << i;
    dt__skip_space(&value);
    if (!s->only_above)
      p->setting_at = key.at;
    return s->read(p, value);
  }
  return FAIL_AT(
      p, key.at,
      "\"%s\" is no setting; there are name, title, tags, tempo, meter, swing, step, roll "
      "and order",
      dt__text_quote(key).text);
}
