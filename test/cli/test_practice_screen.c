/* What stands on the screen of `practice` when something goes wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "practice.h"

static dt__screen screen;
static char shown[65536];

static void begin(bool is_terminal) {
  dt__globals globals;
  memset(&globals, 0, sizeof globals);
  dt__screen_begin(&screen, &globals, false, 48000);
  screen.is_terminal = is_terminal;
  screen.color = false;
  screen.utf8 = false;
}

/* Runs it with standard output in a file, and reads that. */
static void see(void (*what)(void)) {
  FILE* file = tmpfile();
  assert_non_null(file);
  fflush(stdout);
  const int kept = dup(STDOUT_FILENO);
  assert_true(kept >= 0 && dup2(fileno(file), STDOUT_FILENO) >= 0);
  what();
  fflush(stdout);
  assert_true(dup2(kept, STDOUT_FILENO) >= 0);
  close(kept);
  rewind(file);
  const size_t size = fread(shown, 1, sizeof shown - 1, file);
  shown[size] = '\0';
  fclose(file);
}

static void tell(dt_lead_kind kind, const char* text) {
  static dt_lead lead;
  memset(&lead, 0, sizeof lead);
  lead.kind = kind;
  snprintf(lead.text, sizeof lead.text, "%s", text);
  dt__screen_tell(&screen, &lead);
}

static void draw(void) {
  dt__screen_draw(&screen, 0);
}

static void absent(void) {
  tell(DT_LEAD_AWAY, "No input: jack is away. Waiting for it.");
  draw();
}

static void back(void) {
  tell(DT_LEAD_BACK, "Back. 3.0 s were lost.");
  draw();
}

static void an_absent_device_is_a_word_and_a_sentence(void** state) {
  (void)state;
  begin(true);
  snprintf(screen.number, sizeof screen.number, "96");
  see(absent);
  assert_non_null(strstr(shown, "No input: jack is away. Waiting for it."));
  assert_string_equal(screen.word, "AWAY");
  assert_string_equal(screen.number, ""); /* no tempo while nothing is heard */
  see(back);
  assert_non_null(strstr(shown, "Back. 3.0 s were lost."));
  assert_null(strstr(shown, "No input"));
  assert_string_equal(screen.word, "BACK");
  dt__screen_end(&screen);
}

static void trouble(void) {
  tell(DT_LEAD_TROUBLE, "The session is not recorded any more: File too large. Practice goes on.");
  tell(DT_LEAD_REST, "Rest.");
  tell(DT_LEAD_BAR, "");
  draw();
}

/* Other words come and go; that nothing is recorded stays true. */
static void a_full_disk_stays_on_the_screen(void** state) {
  (void)state;
  begin(true);
  see(trouble);
  assert_non_null(strstr(shown, "not recorded any more"));
  assert_non_null(strstr(shown, "Rest."));
  dt__screen_end(&screen);
}

static void both(void) {
  tell(DT_LEAD_AWAY, "No input: jack is away. Waiting for it.");
  tell(DT_LEAD_BACK, "Back. 0.4 s were lost.");
  tell(DT_LEAD_TROUBLE, "The session is not recorded any more: No space left on device.");
  dt__screen_warn(&screen, "This take could not be kept in the database.");
}

static void without_a_terminal_each_is_a_line(void** state) {
  (void)state;
  begin(false);
  see(both);
  assert_string_equal(shown, "No input: jack is away. Waiting for it.\n"
                             "Back. 0.4 s were lost.\n"
                             "The session is not recorded any more: No space left on device.\n"
                             "This take could not be kept in the database.\n");
  dt__screen_end(&screen);
}

static void lossy(void) {
  static dt_lead lead;
  memset(&lead, 0, sizeof lead);
  lead.kind = DT_LEAD_JUDGED;
  lead.judged.number = 3;
  lead.judged.gap_frames = 19200;
  static dt_verdict verdict;
  lead.judged.verdict = &verdict;
  lead.judged.shown.bpm = 96;
  dt__screen_tell(&screen, &lead);
}

static void a_take_says_how_much_of_it_was_lost(void** state) {
  (void)state;
  begin(false);
  see(lossy);
  assert_string_equal(shown, "  take 3: CLEAN 96 (0.40 s of it were lost)\n");
  dt__screen_end(&screen);
}

static void sentence(void) {
  tell(DT_LEAD_REST, "Dragging after the fill, bar 8. Again from there, and let the click lead you "
                     "through it.");
  draw();
}

/* Rows and the widest of them; escape sequences take no room. */
static int measure(int* widest) {
  int rows = 1;
  int width = 0;
  *widest = 0;
  for (const char* at = shown; *at; at++) {
    if (*at == '\033') {
      while (*at && !((*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z')))
        at++;
    } else if (*at == '\n') {
      rows++;
      width = 0;
    } else if (++width > *widest)
      *widest = width;
  }
  return rows;
}

/* A row too many would push the first one out of sight, and a column too many is a row. */
static void it_fits_the_terminal(void** state) {
  (void)state;
  static const int sizes[][2] = {{24, 80}, {40, 120}, {19, 75}, {12, 40}, {8, 30}};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    begin(true);
    screen.rows = sizes[i][0];
    screen.columns = sizes[i][1];
    snprintf(screen.chart, sizeof screen.chart, "Rock, sixteenths on the hi-hat");
    snprintf(screen.head, sizeof screen.head, "ladder   16 bars   quarter = 132.5");
    screen.strokes_ms[0] = 1e6;
    screen.stroke_count = 1;
    see(sentence);
    int widest;
    const int rows = measure(&widest);
    if (rows > sizes[i][0] || widest > sizes[i][1])
      fail_msg("%d rows and %d columns on %d by %d", rows, widest, sizes[i][0], sizes[i][1]);
    assert_non_null(strstr(shown, "Dragging after"));
    assert_non_null(strstr(shown, "space pause"));
    dt__screen_end(&screen);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_absent_device_is_a_word_and_a_sentence),
      cmocka_unit_test(a_full_disk_stays_on_the_screen),
      cmocka_unit_test(without_a_terminal_each_is_a_line),
      cmocka_unit_test(it_fits_the_terminal),
      cmocka_unit_test(a_take_says_how_much_of_it_was_lost),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
