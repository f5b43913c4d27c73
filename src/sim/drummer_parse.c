#include <math.h>
#include <stddef.h>
#include <string.h>

#include "dt/drummer.h"
#include "traits.h"

#define SEPARATORS   " ,\t\r\n"
#define WORD_SHOWN   40 /* characters of a wrong word that are repeated to its writer */
#define DIGITS_EXACT 15 /* decimal digits that a double always holds */

/* Those that are asked for most: more than an error can hold. */
#define POSSIBLE_WORDS                                                                             \
  "bars drift placement scatter clock alpha pink fill backbeat swing flam roll velocity accent "   \
  "ghost fatigue miss extra wrong skip, snare (or kick left ...), machine pro player "             \
  "beginner"

/* A piece of the text. */
typedef struct span {
  const char* at;
  size_t size;
} span;

/* One spelling of a unit and what a number in it is worth. */
typedef struct spelling {
  dt__unit unit;
  const char* text;
  double scale;
} spelling;

/* The first spelling of a unit is the one shown in messages. */
static const spelling spellings[] = {
    {DT__UNIT_MS, "ms", 1},
    {DT__UNIT_MS, "s", 1000},
    {DT__UNIT_MS, "us", 0.001},
    {DT__UNIT_SECONDS, "s", 1},
    {DT__UNIT_SECONDS, "ms", 0.001},
    {DT__UNIT_BPM, "bpm", 1},
    {DT__UNIT_BPM, "", 1},
    {DT__UNIT_BPM_PER_MIN, "bpm/min", 1},
    {DT__UNIT_SHARE, "%", 0.01},
    {DT__UNIT_SHARE_PER_MIN, "%/min", 0.01},
    {DT__UNIT_SWING, "%", 0.01},
    {DT__UNIT_SWING, "", 1},
    {DT__UNIT_FACTOR, "x", 1},
    {DT__UNIT_FACTOR, "", 1},
    {DT__UNIT_PER_SECOND, "/s", 1},
    {DT__UNIT_PER_SECOND, "", 1},
    {DT__UNIT_PER_MIN, "/min", 1},
    {DT__UNIT_DB_PER_MIN, "dB/min", 1},
    {DT__UNIT_DB_PER_BAR, "dB/bar", 1},
    {DT__UNIT_PLAIN, "", 1},
};

static const struct {
  const char* alias;
  const char* word;
} aliases[] = {
    {"correction", "alpha"}, {"lead_in", "lead-in"},    {"leadin", "lead-in"},
    {"hi-hat", "hihat"},     {"flams", "flam"},         {"misses", "miss"},
    {"extras", "extra"},     {"backbeats", "backbeat"}, {"offbeats", "offbeat"},
};

/* What the words add up to; percent drift waits until the tempo is known. */
typedef struct reading {
  dt_drummer drummer;
  bool drift_is_percent;
  double drift_percent_per_min;
  dt_error* err;
} reading;

static bool same(span s, const char* text) {
  return strlen(text) == s.size && memcmp(s.at, text, s.size) == 0;
}

static span after(span s, size_t count) {
  return (span){s.at + count, s.size - count};
}

/* The word as it may be shown: short, and nothing but printable ASCII. */
static const char* shown(span word, char out[WORD_SHOWN + 4]) {
  size_t size = 0;
  for (; size < word.size && size < WORD_SHOWN; size++)
    out[size] = word.at[size] >= ' ' && word.at[size] <= '~' ? word.at[size] : '?';
  strcpy(out + size, size < word.size ? "..." : "");
  return out;
}

static dt_status refuse_unknown(const reading* r, span word) {
  char text[WORD_SHOWN + 4];
  return dt_fail(r->err, DT_BAD_ARGUMENT, "Unknown word \"%s\"; possible: " POSSIBLE_WORDS,
                 shown(word, text));
}

static const spelling* shown_unit(dt__unit unit) {
  size_t i = 0;
  while (spellings[i].unit != unit)
    i++;
  return &spellings[i];
}

static dt_status refuse_value(const reading* r, span word, const char* name,
                              const dt__trait* trait) {
  char text[WORD_SHOWN + 4];
  const spelling* unit = shown_unit(trait->unit);
  return dt_fail(r->err, DT_BAD_ARGUMENT, "\"%s\": %s%s takes a number from %g%s to %g%s%s",
                 shown(word, text), name, trait->word, trait->low / unit->scale, unit->text,
                 trait->high / unit->scale, unit->text,
                 trait->unit == DT__UNIT_BPM_PER_MIN  ? ", or %/min"
                 : trait->unit == DT__UNIT_SWING      ? ", or a ratio like 2:1"
                 : trait->unit == DT__UNIT_DB_PER_MIN ? ", or dB/bar"
                                                      : "");
}

/* [+-]digits[.digits], correctly rounded and the same in every locale; the count of characters read
 * or 0 when there is no such number. */
static size_t read_number(span s, double* value) {
  double digits_value = 0;
  double divisor = 1;
  size_t digits = 0;
  bool fraction = false;
  const bool negative = s.size > 0 && s.at[0] == '-';
  size_t i = s.size > 0 && (s.at[0] == '-' || s.at[0] == '+') ? 1 : 0;
  for (; i < s.size; i++) {
    if (s.at[i] == '.' && !fraction) {
      fraction = true;
      continue;
    }
    if (s.at[i] < '0' || s.at[i] > '9')
      break;
    digits_value = 10 * digits_value + (s.at[i] - '0');
    divisor *= fraction ? 10 : 1;
    digits++;
  }
  if (digits == 0 || digits > DIGITS_EXACT)
    return 0;
  *value = (negative ? -digits_value : digits_value) / divisor;
  return i;
}

/* A whole number that must fill the span. */
static bool read_whole(span s, uint64_t highest, uint64_t* value) {
  *value = 0;
  for (size_t i = 0; i < s.size; i++) {
    const uint64_t digit = (uint64_t)(unsigned char)s.at[i] - '0';
    if (digit > 9 || *value > (highest - digit) / 10)
      return false;
    *value = 10 * *value + digit;
  }
  return s.size > 0;
}

static bool in_range(const dt__trait* trait, double value) {
  return value >= trait->low && value <= trait->high;
}

static bool read_value(const dt__trait* trait, span text, double* value) {
  double number = 0;
  const size_t used = read_number(text, &number);
  if (used == 0)
    return false;
  const span unit = after(text, used);
  if (trait->unit == DT__UNIT_SWING && same(unit, ":1")) {
    *value = number / (1 + number);
    return in_range(trait, *value);
  }
  for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
    if (spellings[i].unit != trait->unit || !same(unit, spellings[i].text))
      continue;
    *value = number * spellings[i].scale;
    return in_range(trait, *value);
  }
  return false;
}

static bool is_drift(const dt__trait* trait) {
  return trait->offset == offsetof(dt_drummer, drift_bpm_per_min);
}

/* drift=+1%/min: kept until the tempo is known. */
static bool read_percent_drift(reading* r, const dt__trait* trait, span text) {
  double number = 0;
  const size_t used = read_number(text, &number);
  if (!is_drift(trait) || used == 0 || !same(after(text, used), "%/min"))
    return false;
  r->drift_is_percent = true;
  r->drift_percent_per_min = number;
  return true;
}

static dt_status read_trait(reading* r, span word, const dt__trait* trait, span text) {
  if (read_percent_drift(r, trait, text))
    return DT_OK;
  double value = 0;
  const dt__trait* same_word = trait;
  while (!read_value(same_word, text, &value))
    if (!(++same_word)->word || strcmp(same_word->word, trait->word) != 0)
      return refuse_value(r, word, "", trait);
  *dt__trait_in(same_word, &r->drummer) = value;
  if (is_drift(same_word))
    r->drift_is_percent = false;
  return DT_OK;
}

static const dt__trait* limb_trait(span rest) {
  for (const dt__trait* trait = dt__limb_traits; trait->word; trait++)
    if (same(rest, trait->word))
      return trait;
  return NULL;
}

static dt_status read_limb(reading* r, span word, span key, span text) {
  for (size_t limb = 0; limb < DT_VOICE_COUNT; limb++) {
    const size_t size = strlen(dt__limb_words[limb]);
    if (key.size < size || memcmp(key.at, dt__limb_words[limb], size) != 0)
      continue;
    const dt__trait* trait = limb_trait(after(key, size));
    if (!trait)
      continue;
    double value = 0;
    if (!read_value(trait, text, &value))
      return refuse_value(r, word, dt__limb_words[limb], trait);
    dt__trait_in(trait, &r->drummer)[limb] = value;
    return DT_OK;
  }
  return refuse_unknown(r, word);
}

/* The place that already is at that beat, or a free one. */
static dt_drummer_place* place_for(dt_drummer* drummer, double beat) {
  for (size_t i = 0; i < DT_DRUMMER_PLACES_MAX; i++)
    if (drummer->places[i].beat == 0 || drummer->places[i].beat == beat)
      return &drummer->places[i];
  return NULL;
}

/* at2.5=+8ms */
static dt_status read_place(reading* r, span word, span key, span text) {
  char buffer[WORD_SHOWN + 4];
  dt_drummer_place place = {0, 0};
  if (!read_value(&dt__place_beat_trait, after(key, strlen("at")), &place.beat))
    return dt_fail(r->err, DT_BAD_ARGUMENT,
                   "\"%s\": after at comes a beat of the bar from %g to %g, as in at2.5=+8ms",
                   shown(word, buffer), dt__place_beat_trait.low, dt__place_beat_trait.high);
  if (!read_value(&dt__place_trait, text, &place.offset_ms))
    return refuse_value(r, word, "", &dt__place_trait);
  dt_drummer_place* free_place = place_for(&r->drummer, place.beat);
  if (!free_place)
    return dt_fail(r->err, DT_BAD_ARGUMENT, "\"%s\": no more than %d places in the bar",
                   shown(word, buffer), DT_DRUMMER_PLACES_MAX);
  *free_place = place;
  return DT_OK;
}

static dt_status read_whole_trait(reading* r, span word, const dt__whole* whole, span text) {
  uint64_t value = 0;
  char buffer[WORD_SHOWN + 4];
  if (!read_whole(text, (uint64_t)whole->high, &value) || value < (uint64_t)whole->low)
    return dt_fail(r->err, DT_BAD_ARGUMENT, "\"%s\": %s takes a whole number from %d to %d",
                   shown(word, buffer), whole->word, whole->low, whole->high);
  *dt__whole_in(whole, &r->drummer) = (int)value;
  return DT_OK;
}

static dt_status read_seed(reading* r, span word, span text) {
  char buffer[WORD_SHOWN + 4];
  if (!read_whole(text, UINT64_MAX, &r->drummer.seed))
    return dt_fail(r->err, DT_BAD_ARGUMENT, "\"%s\": seed takes a whole number below 2^64",
                   shown(word, buffer));
  return DT_OK;
}

/* How one plays changes at once; what is played, how long and how fast stays. */
static bool read_preset(reading* r, span word) {
  dt_drummer next = dt_drummer_default();
  if (same(word, "machine")) {
    next.scatter_ms = 0;
    next.roll_cv = 0;
  } else if (same(word, "pro")) {
    next.scatter_ms = 5;
    next.roll_cv = 0.03;
    next.clock_ms = 4;
    next.phase_correction = 0.3;
    next.velocity_sd = 5;
  } else if (same(word, "beginner")) {
    next.scatter_ms = 18;
    next.roll_cv = 0.12;
    next.clock_ms = 15;
    next.phase_correction = 0.2;
    next.velocity_sd = 14;
    next.miss_rate = 0.02;
    next.drift_bpm_per_min = 2;
  } else if (!same(word, "player")) {
    return false;
  }
  next.seed = r->drummer.seed;
  next.bpm = r->drummer.bpm;
  next.bars = r->drummer.bars;
  next.lead_in_s = r->drummer.lead_in_s;
  r->drummer = next;
  r->drift_is_percent = false;
  return true;
}

static span without_alias(span key) {
  for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
    if (same(key, aliases[i].alias))
      return (span){aliases[i].word, strlen(aliases[i].word)};
  return key;
}

static dt_status read_word(reading* r, span word) {
  const char* equals = memchr(word.at, '=', word.size);
  if (!equals)
    return read_preset(r, word) ? DT_OK : refuse_unknown(r, word);
  const span key = without_alias((span){word.at, (size_t)(equals - word.at)});
  const span text = after(word, (size_t)(equals - word.at) + 1);
  if (same(key, "seed"))
    return read_seed(r, word, text);
  for (const dt__whole* whole = dt__wholes; whole->word; whole++)
    if (same(key, whole->word))
      return read_whole_trait(r, word, whole, text);
  for (const dt__trait* trait = dt__traits; trait->word; trait++)
    if (same(key, trait->word))
      return read_trait(r, word, trait, text);
  if (key.size > 2 && memcmp(key.at, "at", 2) == 0)
    return read_place(r, word, key, text);
  return read_limb(r, word, key, text);
}

dt_status dt_drummer_parse(dt_drummer* drummer, const char* text, dt_error* err) {
  reading r = {.drummer = *drummer, .err = err};
  for (;;) {
    text += strspn(text, SEPARATORS);
    const span word = {text, strcspn(text, SEPARATORS)};
    if (word.size == 0)
      break;
    const dt_status status = read_word(&r, word);
    if (status != DT_OK)
      return status;
    text += word.size;
  }
  if (r.drift_is_percent && !(r.drummer.bpm > 0))
    return dt_fail(err, DT_BAD_ARGUMENT, "drift in %%/min needs a tempo: say bpm= too");
  if (r.drift_is_percent)
    r.drummer.drift_bpm_per_min = r.drift_percent_per_min / 100 * r.drummer.bpm;
  const dt_status status = dt__drummer_check(&r.drummer, err);
  if (status == DT_OK)
    *drummer = r.drummer;
  return status;
}
