/* The coach's sentences: short, filled in, firm about the music and never about the person. */

#include "coach_support.h"

#include <ctype.h>

static const dt_words WORST = {.bpm = 399.5,
                               .bar = 127,
                               .bars = 128,
                               .count = 120,
                               .seconds = 1800.0,
                               .where = DT_WHERE_AFTER_FILL};

static size_t characters(const char* text) {
  size_t count = 0;
  for (; *text; ++text)
    count += ((unsigned char)*text & 0xC0) != 0x80;
  return count;
}

static void every_sentence_fits_and_is_filled_in(void** state) {
  (void)state;
  for (int line = DT_LINE_NONE + 1; line < DT_LINE_COUNT; ++line)
    for (int tone = 0; tone < DT_TONE_COUNT; ++tone) {
      char text[DT_SAY_MAX];
      dt_say(text, (dt_line)line, (dt_tone)tone, &WORST);
      if (characters(text) == 0 || characters(text) > DT_SAY_CHARS_MAX)
        fail_msg("Line %d has %zu characters: %s", line, characters(text), text);
      if (strpbrk(text, "{}\n") || text[strlen(text) - 1] != '.' || islower(text[0]))
        fail_msg("No finished sentence: %s", text);
    }
}

/* Whole words, whatever their case. */
static bool has_word(const char* text, const char* word) {
  const size_t size = strlen(word);
  for (const char* at = text; *at; ++at) {
    size_t i = 0;
    while (i < size && tolower((unsigned char)at[i]) == word[i])
      ++i;
    const bool begins = at == text || !isalpha((unsigned char)at[-1]);
    if (i == size && begins && !isalpha((unsigned char)at[size]))
      return true;
  }
  return false;
}

static void no_sentence_is_about_the_person(void** state) {
  (void)state;
  static const char* const PERSONAL[] = {
      "you",      "your",    "yours",   "yourself", "lazy",      "stupid",       "idiot",
      "talent",   "weak",    "useless", "shame",    "ashamed",   "pathetic",     "loser",
      "hopeless", "amateur", "never",   "cry",      "worthless", "embarrassing", "bad",
      "terrible", "awful",   "fool",    "he",       "she",       "him",          "her",
      "child",    "baby",    "slow"};
  for (int line = 0; line < DT_LINE_COUNT; ++line)
    for (int tone = 0; tone < DT_TONE_COUNT; ++tone)
      for (size_t w = 0; w < sizeof PERSONAL / sizeof *PERSONAL; ++w)
        if (has_word(dt_line_pattern((dt_line)line, (dt_tone)tone), PERSONAL[w]))
          fail_msg("\"%s\" in: %s", PERSONAL[w], dt_line_pattern((dt_line)line, (dt_tone)tone));
}

static void a_failure_is_said_with_its_place(void** state) {
  (void)state;
  char text[DT_SAY_MAX];
  const dt_words after_fill = {.bar = 7, .where = DT_WHERE_AFTER_FILL};
  dt_say(text, dt_line_of_failure(DT_FAIL_DRIFT, -1), DT_TONE_PLAIN, &after_fill);
  assert_string_equal(text, "Dragging after the fill, bar 8.");
  const dt_words from = {.bar = 3, .where = DT_WHERE_FROM_BAR};
  dt_say(text, dt_line_of_failure(DT_FAIL_DRIFT, 1), DT_TONE_PLAIN, &from);
  assert_string_equal(text, "Rushing from bar 4.");
  const dt_words missed = {.bar = 3, .count = 4, .where = DT_WHERE_IN_BAR};
  dt_say(text, dt_line_of_failure(DT_FAIL_MISSED, 0), DT_TONE_PLAIN, &missed);
  assert_string_equal(text, "4 missed, in bar 4.");
  const dt_words worst = {.bar = 3, .count = 4, .where = DT_WHERE_WORST_IN_BAR};
  dt_say(text, DT_LINE_MISSED, DT_TONE_PLAIN, &worst);
  assert_string_equal(text, "4 missed, above all in bar 4.");
  const dt_words one = {.count = 1, .where = DT_WHERE_ALONG_THE_WAY};
  dt_say(text, DT_LINE_MISSED, DT_TONE_STERN, &one);
  assert_string_equal(text, "1 note missing, along the way. All are written.");
  const dt_words half = {.bpm = 92.5};
  dt_say(text, DT_LINE_UP, DT_TONE_PLAIN, &half);
  assert_string_equal(text, "Up to 92.5 bpm.");
}

static void out_of_range_is_silence(void** state) {
  (void)state;
  assert_string_equal(dt_line_pattern(DT_LINE_COUNT, DT_TONE_PLAIN), "");
  assert_string_equal(dt_line_pattern(DT_LINE_UP, DT_TONE_COUNT), "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_sentence_fits_and_is_filled_in),
      cmocka_unit_test(no_sentence_is_about_the_person),
      cmocka_unit_test(a_failure_is_said_with_its_place),
      cmocka_unit_test(out_of_range_is_silence),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
