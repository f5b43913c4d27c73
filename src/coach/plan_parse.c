#include <math.h>
#include <string.h>

#include "plan_internal.h"

/* Lines "key: value" under headings "[chart]"; # begins a comment where it begins a line. */

typedef struct slice {
  const char* at;
  const char* end;
} slice;

typedef struct parser {
  dt_plan* plan;
  dt_exercise* exercise; /* NULL: above the first heading */
  int line;
  int heading; /* its line */
  unsigned seen;
  dt_error* err;
} parser;

typedef struct setting {
  const char* key;
  dt_status (*read)(parser* p, const struct setting* s, slice value);
  double low;
  double high;
  size_t offset; /* of the number in its struct */
} setting;

static slice trimmed(slice s) {
  while (s.at < s.end && (*s.at == ' ' || *s.at == '\t' || *s.at == '\r'))
    ++s.at;
  while (s.at < s.end && (s.end[-1] == ' ' || s.end[-1] == '\t' || s.end[-1] == '\r'))
    --s.end;
  return s;
}

static bool is(slice s, const char* word) {
  const size_t size = strlen(word);
  return (size_t)(s.end - s.at) == size && memcmp(s.at, word, size) == 0;
}

/* A piece of the text as it may be repeated to its writer. */
typedef struct quote {
  char text[44];
} quote;

static quote quoted(slice s) {
  quote q;
  size_t size = 0;
  for (; size < 40 && s.at < s.end; ++s.at)
    q.text[size++] = *s.at >= ' ' && *s.at <= '~' ? *s.at : '?';
  strcpy(q.text + size, s.at < s.end ? "..." : "");
  return q;
}

#define FAIL(p, ...) dt_fail((p)->err, DT_BAD_DATA, "Line %d: " __VA_ARGS__)

/* digits[.digits] at the start; what follows is left in *s. Six whole digits and three others. */
static bool take_number(slice* s, double* number) {
  double whole = 0.0;
  int digits = 0;
  for (; s->at < s->end && *s->at >= '0' && *s->at <= '9'; ++s->at, ++digits)
    whole = whole * 10.0 + (*s->at - '0');
  if (digits == 0 || digits > 6)
    return false;
  if (s->at < s->end && *s->at == '.') {
    double scaled = 0.0;
    double scale = 1.0;
    for (++s->at; s->at < s->end && *s->at >= '0' && *s->at <= '9'; ++s->at)
      if (scale < 1000.0) {
        scaled = scaled * 10.0 + (*s->at - '0');
        scale *= 10.0;
      }
    if (scale == 1.0)
      return false;
    whole = (whole * scale + scaled) / scale;
  }
  *number = whole;
  return true;
}

static dt_status no_number(const parser* p, const setting* s, slice value, const char* unit) {
  return FAIL(p, "\"%s\": %s takes a number from %g to %g%s", p->line, quoted(value).text, s->key,
              s->low, s->high, unit);
}

static void put(const parser* p, const setting* s, double number) {
  char* base = p->exercise ? (char*)p->exercise : (char*)p->plan;
  memcpy(base + s->offset, &number, sizeof number);
}

static dt_status read_tempo(parser* p, const setting* s, slice value) {
  slice rest = value;
  double number;
  if (!take_number(&rest, &number) || number < s->low || number > s->high)
    return no_number(p, s, value, " bpm");
  rest = trimmed(rest);
  if (rest.at < rest.end && !is(rest, "bpm"))
    return no_number(p, s, value, " bpm");
  put(p, s, number);
  return DT_OK;
}

/* Seconds or minutes; `bare` is what a number alone means, and what low and high are in. */
static dt_status read_span(parser* p, const setting* s, slice value, bool minutes) {
  slice rest = value;
  double number;
  const char* unit = minutes ? " min" : " s";
  if (!take_number(&rest, &number))
    return no_number(p, s, value, unit);
  rest = trimmed(rest);
  const bool is_s = is(rest, "s");
  const bool is_min = is(rest, "min");
  if (rest.at < rest.end && !is_s && !is_min)
    return no_number(p, s, value, unit);
  if (is_s && minutes)
    number /= 60.0;
  if (is_min && !minutes)
    number *= 60.0;
  if (number < s->low || number > s->high)
    return no_number(p, s, value, unit);
  put(p, s, floor(number * 1000.0 + 0.5) / 1000.0);
  return DT_OK;
}

static dt_status read_minutes(parser* p, const setting* s, slice value) {
  return read_span(p, s, value, true);
}

static dt_status read_seconds(parser* p, const setting* s, slice value) {
  return read_span(p, s, value, false);
}

/* A whole number of the exercise. */
static dt_status read_count(parser* p, const setting* s, slice value) {
  slice rest = value;
  double number;
  if (!take_number(&rest, &number) || rest.at < rest.end || number != floor(number) ||
      number < s->low || number > s->high)
    return no_number(p, s, value, "");
  const int count = (int)number;
  memcpy((char*)p->exercise + s->offset, &count, sizeof count);
  return DT_OK;
}

/* The number of the word among count names, or -1. */
static int one_of(slice value, const char* (*name)(int), int count) {
  for (int i = 0; i < count; ++i)
    if (is(value, name(i)))
      return i;
  return -1;
}

static const char* mode_name(int i) {
  return dt_mode_name((dt_practice_mode)i);
}
static const char* limbs_name(int i) {
  return dt_limbs_name((dt_limbs)i);
}
static const char* tone_name(int i) {
  return dt_tone_name((dt_tone)i);
}
static const char* level_name(int i) {
  return dt__plan_level_name((dt_level)i);
}

static dt_status read_mode(parser* p, const setting* s, slice value) {
  (void)s;
  const int mode = one_of(value, mode_name, DT_MODE_COUNT);
  if (mode < 0)
    return FAIL(p,
                "\"%s\" is no mode; there are ladder, gap, quiet, surprise, endurance, trade, own "
                "and retention",
                p->line, quoted(value).text);
  p->exercise->mode = (dt_practice_mode)mode;
  return DT_OK;
}

static dt_status read_limbs(parser* p, const setting* s, slice value) {
  (void)s;
  const int limbs = one_of(value, limbs_name, DT_LIMBS_COUNT);
  if (limbs < 0)
    return FAIL(p, "\"%s\": say which limbs play: all, hands, right, left or feet", p->line,
                quoted(value).text);
  p->exercise->limbs = (dt_limbs)limbs;
  return DT_OK;
}

static dt_status read_level(parser* p, const setting* s, slice value) {
  (void)s;
  const int level = one_of(value, level_name, 3);
  if (level < 0)
    return FAIL(p, "\"%s\" is no level; there are beginner, player and pro", p->line,
                quoted(value).text);
  p->exercise->level = (dt_level)level;
  return DT_OK;
}

static dt_status read_tone(parser* p, const setting* s, slice value) {
  (void)s;
  const int tone = one_of(value, tone_name, DT_TONE_COUNT);
  if (tone < 0)
    return FAIL(p, "\"%s\" is no tone; there are plain, kind and stern", p->line,
                quoted(value).text);
  p->plan->tone = (dt_tone)tone;
  return DT_OK;
}

static dt_status read_text(const parser* p, slice value, char* to, size_t room) {
  const size_t size = (size_t)(value.end - value.at);
  if (size >= room)
    return FAIL(p, "This name is too long; %d bytes are allowed", p->line, (int)room - 1);
  if (!dt__is_clean_text(value.at, size))
    return FAIL(p, "A name is UTF-8 without control characters and brackets", p->line);
  memcpy(to, value.at, size);
  to[size] = '\0';
  return DT_OK;
}

static dt_status read_name(parser* p, const setting* s, slice value) {
  (void)s;
  return read_text(p, value, p->plan->name, sizeof p->plan->name);
}

#define OF_PLAN(member)     offsetof(dt_plan, limits.member)
#define OF_EXERCISE(member) offsetof(dt_exercise, member)

static const setting PLAN_SETTINGS[] = {
    {"name", read_name, 0, 0, 0},
    {"tone", read_tone, 0, 0, 0},
    {"ceiling", read_minutes, 1, 480, OF_PLAN(ceiling_min)},
    {"work", read_seconds, 10, 300, OF_PLAN(work_s)},
    {"rest", read_seconds, 0, 600, OF_PLAN(rest_s)},
    {"long-rest", read_seconds, 0, 1800, OF_PLAN(long_rest_s)},
    {NULL, NULL, 0, 0, 0},
};

static const setting EXERCISE_SETTINGS[] = {
    {"mode", read_mode, 0, 0, 0},
    {"from", read_tempo, DT__BPM_MIN, DT__BPM_MAX, OF_EXERCISE(from_bpm)},
    {"to", read_tempo, DT__BPM_MIN, DT__BPM_MAX, OF_EXERCISE(to_bpm)},
    {"tempo", read_tempo, DT__BPM_MIN, DT__BPM_MAX, OF_EXERCISE(bpm)},
    {"minutes", read_minutes, DT__MINUTES_MIN, DT__MINUTES_MAX, OF_EXERCISE(minutes)},
    {"bars", read_count, 1, DT_PLAN_BARS_MAX, OF_EXERCISE(bars)},
    {"subdivisions", read_count, 1, DT_PLAN_SUBDIVISIONS_MAX, OF_EXERCISE(subdivisions)},
    {"limbs", read_limbs, 0, 0, 0},
    {"level", read_level, 0, 0, 0},
    {NULL, NULL, 0, 0, 0},
};

static dt_status read_setting(parser* p, slice line) {
  const char* colon = memchr(line.at, ':', (size_t)(line.end - line.at));
  if (!colon)
    return FAIL(p, "\"%s\": write [chart], or a setting such as mode: ladder", p->line,
                quoted(line).text);
  const slice key = trimmed((slice){line.at, colon});
  const slice value = trimmed((slice){colon + 1, line.end});
  const setting* table = p->exercise ? EXERCISE_SETTINGS : PLAN_SETTINGS;
  for (int i = 0; table[i].key; ++i) {
    if (!is(key, table[i].key))
      continue;
    if (p->seen & 1u << i)
      return FAIL(p, "%s is said twice; leave one", p->line, table[i].key);
    p->seen |= 1u << i;
    return table[i].read(p, &table[i], value);
  }
  return p->exercise
             ? FAIL(p,
                    "\"%s\" is no setting of an exercise; there are mode, from, to, tempo, "
                    "minutes, bars, subdivisions, limbs and level",
                    p->line, quoted(key).text)
             : FAIL(p,
                    "\"%s\" is no setting of a plan; there are name, tone, ceiling, work, rest "
                    "and long-rest; the others go under a [chart]",
                    p->line, quoted(key).text);
}

/* An exercise is over: do its settings go together? */
static dt_status close_exercise(const parser* p) {
  if (!p->exercise)
    return DT_OK;
  const char* wrong = dt__exercise_check(p->exercise);
  return wrong ? dt_fail(p->err, DT_BAD_DATA, "Line %d: %s", p->heading, wrong) : DT_OK;
}

static dt_status read_heading(parser* p, slice line) {
  const dt_status status = close_exercise(p);
  if (status != DT_OK)
    return status;
  if (line.end[-1] != ']')
    return FAIL(p, "\"%s\": a chart's name stands in brackets, such as [paradiddle]", p->line,
                quoted(line).text);
  if (p->plan->count == DT_PLAN_EXERCISES_MAX)
    return dt_fail(p->err, DT_TOO_LARGE, "Line %d: A plan has at most %d exercises", p->line,
                   DT_PLAN_EXERCISES_MAX);
  const slice name = trimmed((slice){line.at + 1, line.end - 1});
  if (name.at >= name.end)
    return FAIL(p, "Name a chart in the brackets, such as [paradiddle]", p->line);
  p->exercise = &p->plan->exercises[p->plan->count++];
  *p->exercise = dt_exercise_default();
  p->seen = 0;
  p->heading = p->line;
  return read_text(p, name, p->exercise->chart, sizeof p->exercise->chart);
}

static dt_status read_line(parser* p, slice line) {
  line = trimmed(line);
  if (line.at == line.end || *line.at == '#')
    return DT_OK;
  return *line.at == '[' ? read_heading(p, line) : read_setting(p, line);
}

static dt_status read_all(parser* p, const char* text, size_t size) {
  const char* end = text + size;
  if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
    text += 3;
  while (text < end) {
    const char* stop = memchr(text, '\n', (size_t)(end - text));
    const slice line = {text, stop ? stop : end};
    ++p->line;
    const dt_status status = read_line(p, line);
    if (status != DT_OK)
      return status;
    text = stop ? stop + 1 : end;
  }
  const dt_status status = close_exercise(p);
  if (status != DT_OK)
    return status;
  const char* wrong = dt_plan_check(p->plan);
  return wrong ? dt_fail(p->err, DT_BAD_DATA, "Line %d: %s", p->line > 0 ? p->line : 1, wrong)
               : DT_OK;
}

dt_status dt_plan_parse(dt_plan* plan, const char* text, size_t size, dt_error* err) {
  *plan = dt_plan_default();
  parser p = {.plan = plan, .err = err};
  const dt_status status = size > 0 ? read_all(&p, text, size) : read_all(&p, "", 0);
  if (status != DT_OK)
    *plan = dt_plan_default();
  return status;
}
