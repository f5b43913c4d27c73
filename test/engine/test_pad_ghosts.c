/* What an e-kit sends that nobody struck, and the rules that leave it out. */
#include "session_run.h"

#include <stdlib.h>
#include <unistd.h>

#include "dt/pads.h"
#include "scripted.h"

#define RATE_HZ 48000

static dt_ghosts rules_of(const char* text) {
  dt_ghosts ghosts;
  dt_error err = {0};
  if (dt_ghosts_parse(&ghosts, text, strlen(text), RATE_HZ, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  return ghosts;
}

/* What has come free up to a frame, as "note@frame ". */
static void free_ones(dt_ghosts* ghosts, dt_frame now, char* out, size_t size) {
  dt_frame at = 0;
  int note = 0;
  int velocity = 0;
  float openness = 0;
  size_t used = strlen(out);
  while (dt_ghosts_next(ghosts, now, &at, &note, &velocity, &openness))
    used += (size_t)snprintf(out + used, size - used, "%d@%lld ", note, (long long)at);
}

static void play_notes(dt_ghosts* ghosts, const int notes[][3], int count, char out[256]) {
  out[0] = '\0';
  for (int i = 0; i < count; i++) {
    free_ones(ghosts, notes[i][0] - 1, out, 256);
    dt_ghosts_put(ghosts, notes[i][0], notes[i][1], notes[i][2], -1);
    free_ones(ghosts, notes[i][0], out, 256);
  }
  free_ones(ghosts, INT64_MAX - 1, out, 256);
}

static const char crosstalk_rule[] = "#: ghost 48 of 38 within 10 ms below 0.35\n";

static void crosstalk_after_its_stroke_is_left_out(void** state) {
  (void)state;
  dt_ghosts ghosts = rules_of(crosstalk_rule);
  static const int notes[][3] = {{1000, 38, 100}, {1200, 48, 30}, {9000, 48, 30}};
  char out[256];
  play_notes(&ghosts, notes, 3, out);
  assert_string_equal(out, "38@1000 48@9000 ");
  assert_int_equal(ghosts.left_out, 1);
}

static void crosstalk_before_its_stroke_is_left_out(void** state) {
  (void)state;
  dt_ghosts ghosts = rules_of(crosstalk_rule);
  static const int notes[][3] = {{1000, 48, 30}, {1400, 38, 100}};
  char out[256];
  play_notes(&ghosts, notes, 2, out);
  assert_string_equal(out, "38@1400 ");
}

static void what_was_struck_stays(void** state) {
  (void)state;
  dt_ghosts ghosts = rules_of(crosstalk_rule);
  /* As loud; too late; before, and too early. */
  static const int notes[][3] = {{1000, 38, 100}, {1100, 48, 40}, {3000, 38, 100},
                                 {3481, 48, 20},  {6000, 48, 20}, {6481, 38, 100}};
  char out[256];
  play_notes(&ghosts, notes, 6, out);
  assert_string_equal(out, "38@1000 48@1100 38@3000 48@3481 48@6000 38@6481 ");
  assert_int_equal(ghosts.left_out, 0);
}

static void a_roll_on_a_pad_that_triggers_twice_stays(void** state) {
  (void)state;
  dt_ghosts ghosts = rules_of("#: ghost 38 of 38 within 20 ms below 0.4\n");
  static const int notes[][3] = {{0, 38, 100},   {800, 38, 30},  {1900, 38, 60},
                                 {3000, 38, 20}, {3500, 38, 20}, {4300, 38, 7}};
  char out[256];
  play_notes(&ghosts, notes, 6, out);
  assert_string_equal(out, "38@0 38@1900 38@3000 38@3500 ");
}

static void without_rules_nothing_is_held_or_left_out(void** state) {
  (void)state;
  dt_ghosts ghosts = rules_of("38 snare # mine\n# ghost 48 of 38\n\n");
  static const int notes[][3] = {{0, 38, 100}, {10, 48, 1}, {20, 38, 1}};
  char out[256] = "";
  for (int i = 0; i < 3; i++) {
    dt_ghosts_put(&ghosts, notes[i][0], notes[i][1], notes[i][2], -1);
    free_ones(&ghosts, notes[i][0], out, sizeof out);
    assert_true(dt_ghosts_due(&ghosts) == INT64_MAX);
  }
  assert_string_equal(out, "38@0 48@10 38@20 ");
}

static void a_bad_rule_is_a_sentence(void** state) {
  (void)state;
  static const char* const bad[] = {
      "#: ghost",
      "#: ghost 200 of 38 within 10 ms below 0.3",
      "#: ghost 48 of 38 within 90 ms below 0.3",
      "#: ghost 48 of 38 within 10 ms below 1.5",
      "#: ghost 48 of 38 within nan ms below 0.3",
      "#: ghost 48 of 38 within 10ms below 0.3",
      "#: ghost 48.5 of 38 within 10 ms below 0.3",
      "#: ghost 99999999999999999999 of 38 within 10 ms below 0.3",
      "#: ghost 48 of 38 within 10 ms below 0.3 x",
      ("#: ghost 48 of 38 within 10 ms below 0.3                                                  "
       "                                                                          "),
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    char text[256];
    snprintf(text, sizeof text, "38 snare\n%s\n", bad[i]);
    dt_ghosts ghosts;
    dt_error err = {0};
    assert_int_equal(dt_ghosts_parse(&ghosts, text, strlen(text), RATE_HZ, &err), DT_BAD_DATA);
    assert_non_null(strstr(err.sentence, "Line 2"));
    assert_int_equal(ghosts.rule_count, 0);
  }
}

/* ---- in a session ---- */

typedef struct told {
  char strokes[2048];
} told;

static void on_lead(void* context, const dt_lead* lead, const char* text) {
  (void)text;
  told* t = context;
  const size_t used = strlen(t->strokes);
  if (lead->kind == DT_LEAD_STROKE)
    snprintf(t->strokes + used, sizeof t->strokes - used, "%s@%lld ",
             dt_drum_name(lead->stroke.stroke.drum), llround(lead->stroke.stroke.time_s * RATE_HZ));
}

#define MY_KIT                                                                                     \
  "31 snare\n48 tom_high\n#: ghost 48 of 31 within 10 ms below 0.35\n"                             \
  "#: ghost 31 of 31 within 20 ms below 0.4\n"

/* A session in which a kit with crosstalk plays; period: of the device. */
static void play_session(const char* kit_map, int period, const char* folder, told* t,
                         uint64_t* left_out) {
  static const int notes[][3] = {{48000, 31, 100}, {48190, 48, 20},  {48700, 31, 30},
                                 {72000, 48, 90},  {96000, 48, 20},  {96300, 31, 110},
                                 {120000, 48, 30}, {144000, 31, 100}};
  scripted script = {notes, 8};
  session_run run;
  run_begin(&run, "rock", DT_MODE_OWN, "machine");
  memset(t, 0, sizeof *t);
  run.port.period_frames = period;
  run.port.null.length_frames = (dt_frame)48000 * 5;
  run.port.null.input = play_script;
  run.port.null.context = &script;
  run.config.player = NULL;
  run.config.kit_map = kit_map;
  run.config.kit_map_size = kit_map ? strlen(kit_map) : 0;
  run.config.folder = folder;
  run.config.on_lead = on_lead;
  run.config.context = t;
  run_go(&run);
  *left_out = dt_session_look(run.session).ghosts;
  run_end(&run);
}

static void a_session_leaves_the_kits_ghosts_out(void** state) {
  (void)state;
  static const char wanted[] =
      "snare@48000 tom_high@72000 snare@96300 tom_high@120000 snare@144000 ";
  told t;
  uint64_t left_out = 0;
  play_session(MY_KIT, 256, NULL, &t, &left_out);
  assert_string_equal(t.strokes, wanted);
  assert_int_equal(left_out, 3);
  play_session(MY_KIT, 1024, NULL, &t, &left_out);
  assert_string_equal(t.strokes, wanted);
  play_session(MY_KIT, 37, NULL, &t, &left_out);
  assert_string_equal(t.strokes, wanted);
  play_session(NULL, 256, NULL, &t, &left_out);
  assert_int_equal(left_out, 0);
  assert_null(strstr(t.strokes, "snare")); /* nobody's note 31 is a snare */
}

static void the_kits_map_is_recorded_and_replayed(void** state) {
  (void)state;
  static const char* const names[] = {"session.txt", "plan.txt",   "chart-1.txt",  "past.txt",
                                      "kit.txt",     "events.txt", "decisions.txt"};
  char folder[64];
  told t;
  uint64_t left_out = 0;
  fresh_folder(folder);
  play_session(MY_KIT, 256, folder, &t, &left_out);
  dt_error err = {0};
  bool same = false;
  assert_int_equal(dt_session_replay(folder, NULL, NULL, &same, &err), DT_OK);
  if (!same)
    fail_msg("%s", err.sentence);
  char path[128];
  snprintf(path, sizeof path, "%s/kit.txt", folder);
  FILE* file = fopen(path, "w"); /* another kit, other decisions */
  assert_non_null(file);
  fputs("31 kick\n", file);
  fclose(file);
  assert_int_equal(dt_session_replay(folder, NULL, NULL, &same, &err), DT_OK);
  assert_false(same);
  unlink(path);
  assert_int_not_equal(dt_session_replay(folder, NULL, NULL, &same, &err), DT_OK);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    (void)unlink(path);
  }
  (void)rmdir(folder);
  *strrchr(folder, '/') = '\0';
  (void)rmdir(folder);
}

static void add_note(dt_take* take, double time_s, int note, float velocity) {
  dt_stroke stroke = dt_stroke_at(time_s, DT_SNARE);
  stroke.note = note;
  stroke.velocity = velocity;
  assert_int_equal(dt_strokes_add(&take->strokes, NULL, &stroke), DT_OK);
}

/* A take of any length: far more strokes than are looked at together. */
static void a_take_leaves_the_kits_ghosts_out(void** state) {
  (void)state;
  dt_take take = {.source = DT_TAKE_MIDI};
  enum { STROKES = 2000 };
  for (int i = 0; i < STROKES; i++) {
    add_note(&take, 0.1 * i, i % 3 == 0 ? 38 : 36, 100);
    if (i % 3 == 0)
      add_note(&take, 0.1 * i + 0.004, 48, 20); /* crosstalk */
    if (i % 3 == 1)
      add_note(&take, 0.1 * i + 0.004, 48, 60); /* struck: too loud, and beside another drum */
  }
  add_note(&take, 0.1 * STROKES, -1, 0); /* of no note */
  dt_ghosts ghosts = rules_of(crosstalk_rule);
  const size_t before = take.strokes.count;
  const size_t ghost_count = (STROKES + 2) / 3;
  assert_int_equal(dt_ghosts_leave_out(&ghosts, &take, RATE_HZ), ghost_count);
  assert_int_equal(take.strokes.count, before - ghost_count);
  for (size_t i = 0; i < take.strokes.count; i++) {
    assert_true(take.strokes.items[i].note != 48 || take.strokes.items[i].velocity == 60);
    assert_true(i == 0 || take.strokes.items[i].time_s > take.strokes.items[i - 1].time_s);
  }
  assert_int_equal(take.strokes.items[take.strokes.count - 1].note, -1);
  dt_take_clear(&take, NULL);
}

static void a_take_whose_ghosts_come_first_leaves_them_out(void** state) {
  (void)state;
  dt_take take = {.source = DT_TAKE_MIDI};
  add_note(&take, 1.000, 48, 20);
  add_note(&take, 1.003, 38, 100);
  add_note(&take, 2.000, 48, 20); /* by itself: played */
  dt_ghosts ghosts = rules_of(crosstalk_rule);
  assert_int_equal(dt_ghosts_leave_out(&ghosts, &take, RATE_HZ), 1);
  assert_int_equal(take.strokes.count, 2);
  assert_int_equal(take.strokes.items[0].note, 38);
  assert_int_equal(take.strokes.items[1].note, 48);
  dt_take_clear(&take, NULL);
}

static void a_bad_map_begins_no_session(void** state) {
  (void)state;
  session_run run;
  run_begin(&run, "rock", DT_MODE_OWN, "machine");
  run.config.kit_map = "31 snare\n32 bathtub\n";
  run.config.kit_map_size = strlen(run.config.kit_map);
  dt_port* port = dt_port_open(&run.port, &run.err);
  assert_non_null(port);
  assert_int_equal(dt_session_new(&run.session, NULL, &run.config, port, &run.err), DT_BAD_DATA);
  assert_non_null(strstr(run.err.sentence, "Line 2"));
  dt_port_close(port);
  run_end(&run);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(crosstalk_after_its_stroke_is_left_out),
      cmocka_unit_test(crosstalk_before_its_stroke_is_left_out),
      cmocka_unit_test(what_was_struck_stays),
      cmocka_unit_test(a_roll_on_a_pad_that_triggers_twice_stays),
      cmocka_unit_test(without_rules_nothing_is_held_or_left_out),
      cmocka_unit_test(a_bad_rule_is_a_sentence),
      cmocka_unit_test(a_session_leaves_the_kits_ghosts_out),
      cmocka_unit_test(the_kits_map_is_recorded_and_replayed),
      cmocka_unit_test(a_take_leaves_the_kits_ghosts_out),
      cmocka_unit_test(a_take_whose_ghosts_come_first_leaves_them_out),
      cmocka_unit_test(a_bad_map_begins_no_session),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
