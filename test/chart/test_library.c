#include "../support/failing_allocator.h"

#include <ctype.h>

#include "dt/chart_text.h"
#include "dt/part.h"

static dt_chart loaded(const dt_chart_entry* entry) {
  dt_chart c;
  dt_error err = {.status = DT_OK};
  if (dt_chart_parse(&c, NULL, entry->text, strlen(entry->text), &err) != DT_OK)
    fail_msg("%s: %s", entry->name, err.sentence);
  dt_chart_clear(&c, NULL);
  assert_int_equal(dt_chart_library_load(&c, NULL, entry), DT_OK);
  assert_string_equal(c.name, entry->name);
  return c;
}

static bool has_tag(const dt_chart* c, const char* tag) {
  const size_t size = strlen(tag);
  for (const char* at = strstr(c->tags, tag); at != NULL; at = strstr(at + 1, tag))
    if ((at == c->tags || at[-1] == ' ') && (at[size] == '\0' || at[size] == ' '))
      return true;
  return false;
}

static void every_chart_parses_and_plays(void** state) {
  (void)state;
  size_t count = 0;
  size_t songs = 0;
  for (const dt_chart_entry* e; (e = dt_chart_library_at(count)) != NULL; count++) {
    assert_ptr_equal(dt_chart_library_named(e->name), e); /* so no two share a name */
    for (const char* c = e->name; *c; c++)
      assert_true(islower(*c) || isdigit(*c) || *c == '-');
    dt_chart c = loaded(e);
    assert_null(dt_chart_check(&c));
    assert_true(c.title[0] != '\0' && c.tags[0] != '\0' && c.note_count > 0);
    const double bpm = dt_tempo_map_bpm(&c.map, 0);
    assert_true(bpm >= 40 && bpm <= 400);
    dt_part p;
    assert_int_equal(dt_part_from_chart(&p, NULL, &c, 0, 0), DT_OK);
    assert_int_equal(p.bar_count, dt_chart_played_bars(&c));
    assert_true(dt_part_seconds(&p, p.end) > 0.5);
    songs += p.bar_count >= 8 && p.fill_count > 0;
    dt_part_clear(&p, NULL);
    dt_chart_clear(&c, NULL);
  }
  assert_true(count >= 90);
  assert_true(songs >= 10);
}

static void every_chart_comes_back_from_text(void** state) {
  (void)state;
  for (size_t i = 0; dt_chart_library_at(i) != NULL; i++) {
    dt_chart c = loaded(dt_chart_library_at(i));
    dt_chart back;
    dt_buffer text = {.allocator = NULL};
    assert_int_equal(dt_chart_write(&c, dt_buffer_sink(&text)), DT_OK);
    assert_int_equal(dt_chart_parse(&back, NULL, (const char*)text.bytes, text.size, NULL), DT_OK);
    if (!dt_chart_same(&c, &back))
      fail_msg("%s came back another:\n%.*s", c.name, (int)text.size, (const char*)text.bytes);
    assert_string_equal(c.title, back.title);
    assert_string_equal(c.tags, back.tags);
    assert_int_equal(c.step, back.step);
    dt_buffer_clear(&text);
    dt_chart_clear(&c, NULL);
    dt_chart_clear(&back, NULL);
  }
}

/* Columns of the widest line; a byte that continues a character takes none. */
static int widest(const dt_buffer* text) {
  int most = 0;
  int columns = 0;
  for (size_t i = 0; i < text->size; i++) {
    columns = text->bytes[i] == '\n' ? 0 : columns + ((text->bytes[i] & 0xC0) != 0x80);
    most = columns > most ? columns : most;
  }
  return most;
}

static dt_buffer drawn(const dt_chart* c, int columns, bool utf8) {
  const dt_chart_draw_options options = {.columns = columns, .utf8 = utf8};
  dt_buffer text = {.allocator = NULL};
  assert_int_equal(dt_chart_draw(c, &options, dt_buffer_sink(&text)), DT_OK);
  return text;
}

static void every_drawing_fits_the_page_and_shows_every_note(void** state) {
  (void)state;
  for (size_t i = 0; dt_chart_library_at(i) != NULL; i++) {
    dt_chart c = loaded(dt_chart_library_at(i));
    c.title[0] = c.tags[0] = '\0';
    for (int columns = 40; columns <= 160; columns += 40) {
      dt_buffer text = drawn(&c, columns, true);
      if (widest(&text) > columns)
        fail_msg("%s takes %d of %d columns", c.name, widest(&text), columns);
      dt_buffer_clear(&text);
    }
    dt_buffer text = drawn(&c, 80, false);
    size_t strokes = 0;
    bool in_bars = false;
    for (size_t at = 0; at < text.size; at++) {
      assert_true(text.bytes[at] < 0x80);
      in_bars = text.bytes[at] != '\n' && (in_bars || text.bytes[at] == '|');
      strokes += in_bars && isalpha(text.bytes[at]);
    }
    if (strokes != c.note_count)
      fail_msg("%s: %zu of %zu notes are drawn", c.name, strokes, c.note_count);
    dt_buffer_clear(&text);
    dt_chart_clear(&c, NULL);
  }
}

static void a_drawing_reads_as_a_drummer_reads(void** state) {
  (void)state;
  dt_chart c = loaded(dt_chart_library_named("rock"));
  dt_buffer text = drawn(&c, 80, false);
  assert_int_equal(dt_sink_write(dt_buffer_sink(&text), "", 1), DT_OK);
  assert_string_equal((const char*)text.bytes, "Rock, eighths  (rock)\n"
                                               "4/4, 120 bpm, 1 bar, rock beginner\n"
                                               "\n"
                                               "             1&2&3&4&\n"
                                               "  hi-hat    |XxXxXxXx|\n"
                                               "  snare     |--X---X-|\n"
                                               "  kick      |x---xx--|\n");
  dt_buffer_clear(&text);
  const dt_chart_draw_options narrow = {.columns = 39};
  assert_int_equal(dt_chart_draw(&c, &narrow, dt_buffer_sink(&text)), DT_BAD_ARGUMENT);
  dt_buffer_clear(&text);
  dt_chart_clear(&c, NULL);
}

/* Three of its bars would fit in the first line, and leave one alone. */
static void four_bars_are_drawn_two_and_two(void** state) {
  (void)state;
  dt_chart c = loaded(dt_chart_library_named("soul-song"));
  dt_buffer text = drawn(&c, 80, false);
  assert_int_equal(dt_sink_write(dt_buffer_sink(&text), "", 1), DT_OK);
  assert_non_null(strstr((const char*)text.bytes,
                         "Verse\n             1 & 2 & 3 & 4 &  1 & 2 & 3 & 4 &\n  hi-hat"));
  dt_buffer_clear(&text);
  dt_chart_clear(&c, NULL);
}

/* The International Drum Rudiments (Percussive Arts Society, 1984): what the hands do until the
 * pattern begins again, a small letter for each grace stroke, in the order of the list. */
typedef struct rudiment {
  const char* name;
  const char* hands;
} rudiment;

static const rudiment rudiments[] = {
    {"rolls", "RL"},
    {"single-stroke-four", "RLRL"},
    {"single-stroke-seven", "RLRLRLRLRLRLRL"},
    {"multiple-bounce-roll", "RL"},
    {"triple-stroke-roll", "RRRLLL"},
    {"doubles", "RRLL"},
    {"five-stroke-roll", "RRLLRLLRRL"},
    {"six-stroke-roll", "RLLRRL"},
    {"seven-stroke-roll", "RRLLRRL"},
    {"nine-stroke-roll", "RRLLRRLLRLLRRLLRRL"},
    {"ten-stroke-roll", "RRLLRRLLRL"},
    {"eleven-stroke-roll", "RRLLRRLLRRL"},
    {"thirteen-stroke-roll", "RRLLRRLLRRLLRLLRRLLRRLLRRL"},
    {"fifteen-stroke-roll", "RRLLRRLLRRLLRRL"},
    {"seventeen-stroke-roll", "RRLLRRLLRRLLRRLLRLLRRLLRRLLRRLLRRL"},
    {"paradiddle", "RLRRLRLL"},
    {"double-paradiddle", "RLRLRRLRLRLL"},
    {"triple-paradiddle", "RLRLRLRRLRLRLRLL"},
    {"paradiddle-diddle", "RLRRLL"},
    {"flams", "lRrL"},
    {"flam-accent", "lRLRrLRL"},
    {"flam-tap", "lRRrLL"},
    {"flamacue", "lRLRLlRrLRLRrL"},
    {"flam-paradiddle", "lRLRRrLRLL"},
    {"flammed-mill", "lRRLRrLLRL"},
    {"flam-paradiddle-diddle", "lRLRRLLrLRLLRR"},
    {"pataflafla", "lRLRrL"},
    {"swiss-army-triplet", "lRRL"},
    {"inverted-flam-tap", "lRLrLR"},
    {"flam-drag", "lRLLRrLRRL"},
    {"drag", "llRrrL"},
    {"single-drag-tap", "llRLrrLR"},
    {"double-drag-tap", "llRllRLrrLrrLR"},
    {"lesson-25", "llRLR"},
    {"dragadiddle", "RRLRRLLRLL"},
    {"drag-paradiddle-1", "RllRLRRLrrLRLL"},
    {"drag-paradiddle-2", "RllRllRLRRLrrLrrLRLL"},
    {"ratamacue", "llRLRLrrLRLR"},
    {"double-ratamacue", "llRllRLRLrrLrrLRLR"},
    {"triple-ratamacue", "llRllRllRLRLrrLrrLrrLRLR"},
};

static void the_forty_rudiments_are_there_and_no_other(void** state) {
  (void)state;
  size_t count = 0;
  for (size_t i = 0; dt_chart_library_at(i) != NULL; i++) {
    dt_chart c = loaded(dt_chart_library_at(i));
    if (has_tag(&c, "rudiment")) {
      assert_true(count < 40);
      assert_string_equal(c.name, rudiments[count++].name);
    }
    dt_chart_clear(&c, NULL);
  }
  assert_int_equal(count, 40);
}

static void every_rudiment_has_its_hands(void** state) {
  (void)state;
  for (size_t i = 0; i < sizeof rudiments / sizeof *rudiments; i++) {
    dt_chart c = loaded(dt_chart_library_named(rudiments[i].name));
    char hands[256];
    size_t size = 0;
    for (size_t n = 0; n < c.note_count; n++) {
      const dt_chart_note* note = &c.notes[n];
      assert_int_equal(note->drum, DT_SNARE);
      const char other = note->hand == 'R' ? 'l' : 'r';
      for (int grace = note->ornament == DT_FLAM   ? 1
                       : note->ornament == DT_DRAG ? 2
                                                   : 0;
           grace > 0; grace--)
        hands[size++] = other;
      hands[size++] = note->hand;
    }
    const size_t cycle = strlen(rudiments[i].hands);
    if (size % cycle != 0)
      fail_msg("%s: %zu strokes, %zu a cycle", c.name, size, cycle);
    for (size_t s = 0; s < size; s++)
      if (hands[s] != rudiments[i].hands[s % cycle])
        fail_msg("%s: stroke %zu is %c", c.name, s + 1, hands[s]);
    dt_chart_clear(&c, NULL);
  }
}

static void a_roll_of_n_strokes_has_n_strokes(void** state) {
  (void)state;
  static const struct {
    const char* name;
    size_t strokes;
    size_t times;
  } rolls[] = {{"five-stroke-roll", 5, 2},      {"six-stroke-roll", 6, 2},
               {"seven-stroke-roll", 7, 2},     {"nine-stroke-roll", 9, 2},
               {"ten-stroke-roll", 10, 2},      {"eleven-stroke-roll", 11, 2},
               {"thirteen-stroke-roll", 13, 2}, {"fifteen-stroke-roll", 15, 2},
               {"seventeen-stroke-roll", 17, 2}};
  for (size_t i = 0; i < sizeof rolls / sizeof *rolls; i++) {
    dt_chart c = loaded(dt_chart_library_named(rolls[i].name));
    assert_int_equal(c.note_count, rolls[i].strokes * rolls[i].times);
    assert_int_equal(c.notes[rolls[i].strokes - 1].loud, DT_LOUD_ACCENT);
    dt_chart_clear(&c, NULL);
  }
}

static void the_charts_of_the_manual_are_there(void** state) {
  (void)state;
  static const char* const names[] = {"rock",       "rock16", "funk",  "halftime", "shuffle",
                                      "jazz",       "bossa",  "samba", "train",    "sixeight",
                                      "waltz",      "seven",  "rolls", "quarters", "flams",
                                      "paradiddle", "doubles"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    assert_non_null(dt_chart_library_named(names[i]));
  assert_null(dt_chart_library_named("no such chart"));
  assert_null(dt_chart_library_named(NULL));
  assert_null(dt_chart_library_at(100000));
  assert_null(dt_chart_library_at(SIZE_MAX));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_chart_parses_and_plays),
      cmocka_unit_test(every_chart_comes_back_from_text),
      cmocka_unit_test(every_drawing_fits_the_page_and_shows_every_note),
      cmocka_unit_test(a_drawing_reads_as_a_drummer_reads),
      cmocka_unit_test(four_bars_are_drawn_two_and_two),
      cmocka_unit_test(the_forty_rudiments_are_there_and_no_other),
      cmocka_unit_test(every_rudiment_has_its_hands),
      cmocka_unit_test(a_roll_of_n_strokes_has_n_strokes),
      cmocka_unit_test(the_charts_of_the_manual_are_there),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
