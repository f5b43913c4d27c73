/* A device that goes and comes, and a disk that is full: said at once, and practice goes on. */
#include "session_run.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "dt/file.h"

typedef struct news {
  session_run run;
  dt_port* port;
  dt_lead_kind kinds[64];
  dt_frame at[64];
  char texts[64][DT_SAY_MAX];
  int count;
  bool was_gone;        /* the device was still away when it was said */
  dt_frame back_at;     /* position of the port when it was back */
  dt_frame early_start; /* a start of the band that was put for a frame already past; -1: none */
  dt_frame gap_frames;  /* of takes */
  int takes_begun;
} news;

static void hear_news(void* context, const dt_lead* lead, const char* text) {
  news* n = context;
  run_tell(&n->run, lead, text);
  dt_port_state port;
  dt_port_look(n->port, &port);
  if (lead->kind == DT_LEAD_AWAY)
    n->was_gone = port.condition == DT_PORT_GONE;
  if (lead->kind == DT_LEAD_BACK)
    n->back_at = port.position;
  if (lead->kind == DT_LEAD_BAND && lead->command.kind == DT_BAND_START &&
      lead->command.at < port.position)
    n->early_start = lead->command.at;
  if (lead->kind == DT_LEAD_JUDGED)
    n->gap_frames += lead->judged.gap_frames;
  n->takes_begun += lead->kind == DT_LEAD_TAKE;
  const bool is_news = lead->kind == DT_LEAD_AWAY || lead->kind == DT_LEAD_BACK ||
                       lead->kind == DT_LEAD_TROUBLE || lead->kind == DT_LEAD_STOP ||
                       lead->kind == DT_LEAD_DONE;
  if (!is_news || n->count == 64)
    return;
  n->kinds[n->count] = lead->kind;
  n->at[n->count] = lead->at;
  snprintf(n->texts[n->count++], DT_SAY_MAX, "%s", lead->text);
}

static void begin(news* n, const dt_port_fault* faults, int count) {
  memset(n, 0, sizeof *n);
  n->early_start = -1;
  run_begin(&n->run, "rock", DT_MODE_LADDER, "scatter=6ms seed=3");
  n->run.port.null.faults = faults;
  n->run.port.null.fault_count = count;
  n->run.config.on_lead = hear_news;
  n->run.config.context = n;
}

static dt_status go(news* n) {
  n->port = dt_port_open(&n->run.port, &n->run.err);
  assert_non_null(n->port);
  if (dt_session_new(&n->run.session, NULL, &n->run.config, n->port, &n->run.err) != DT_OK)
    fail_msg("%s", n->run.err.sentence);
  return dt_session_run(n->run.session, &n->run.err);
}

static void end(news* n) {
  dt_port_close(n->port);
  run_end(&n->run);
}

static int find(const news* n, dt_lead_kind kind, int from) {
  for (int i = from; i < n->count; i++)
    if (n->kinds[i] == kind)
      return i;
  fail_msg("nothing of the kind %s was said", dt_lead_kind_name(kind));
  return -1;
}

static void an_absent_device_is_told_while_it_is_away(void** state) {
  (void)state;
  static const dt_port_fault faults[] = {{48000 * 12, DT_PORT_FAULT_VANISH, 3000}};
  news n;
  begin(&n, faults, 1);
  assert_int_equal(go(&n), DT_OK);
  const int away = find(&n, DT_LEAD_AWAY, 0);
  assert_string_equal(n.texts[away], "No input: null is away. Waiting for it.");
  assert_true(n.was_gone);
  const int back = find(&n, DT_LEAD_BACK, away);
  assert_int_equal(back, away + 1);
  assert_string_equal(n.texts[back], "Back. 3.0 s were lost.");
  const int again = find(&n, DT_LEAD_STOP, back);
  assert_string_equal(n.texts[again], "3.0 s of sound were lost: again.");
  assert_true(n.run.is_done);
  end(&n);
}

/* Half a second of silence belongs to the take: it is marked, and goes on. */
static void a_take_goes_on_over_a_short_absence(void** state) {
  (void)state;
  static const dt_port_fault faults[] = {{48000 * 8, DT_PORT_FAULT_VANISH, 400}};
  news n;
  begin(&n, faults, 1);
  assert_int_equal(go(&n), DT_OK);
  const int back = find(&n, DT_LEAD_BACK, find(&n, DT_LEAD_AWAY, 0));
  assert_string_equal(n.texts[back], "Back. 0.4 s were lost.");
  for (int i = 0; i < n.count; i++)
    assert_null(strstr(n.texts[i], "again"));
  assert_true(n.gap_frames >= 18000 && n.gap_frames <= 20000);
  end(&n);
}

/* Wherever the device goes away, no take begins before it is back, in a time that nobody heard. */
static void nothing_begins_in_a_time_that_is_lost(void** state) {
  (void)state;
  for (int tenth = 0; tenth < 100; tenth += 7) {
    const dt_port_fault faults[] = {{48000 * 5 + 4800 * tenth, DT_PORT_FAULT_VANISH, 2500}};
    news n;
    begin(&n, faults, 1);
    n.run.plan.exercises[0].minutes = 0.7;
    assert_int_equal(go(&n), DT_OK);
    if (n.early_start >= 0)
      fail_msg("away at %.1f s: the band was told to begin at frame %lld, which was over",
               5 + tenth / 10.0, (long long)n.early_start);
    end(&n);
  }
}

/* A count-in that was not heard is no count-in. */
static void a_lost_count_in_is_counted_again(void** state) {
  (void)state;
  static const dt_port_fault faults[] = {{24000, DT_PORT_FAULT_VANISH, 800}};
  news n;
  begin(&n, faults, 1);
  assert_int_equal(go(&n), DT_OK);
  const int again = find(&n, DT_LEAD_STOP, find(&n, DT_LEAD_BACK, 0));
  assert_string_equal(n.texts[again], "The count-in was lost: again.");
  end(&n);
}

/* In real time: said while the device is away, not when it is back. */
static void it_is_said_at_once_in_real_time(void** state) {
  (void)state;
  static const dt_port_fault faults[] = {{24000, DT_PORT_FAULT_VANISH, 1500}};
  news n;
  begin(&n, faults, 1);
  n.run.config.is_stepped = false;
  n.run.port.null.speed = 1;
  n.run.port.null.length_frames = 48000 * 3;
  assert_int_equal(go(&n), DT_OK);
  assert_true(n.was_gone);
  assert_string_equal(n.texts[find(&n, DT_LEAD_BACK, 0)], "Back. 1.5 s were lost.");
  end(&n);
}

static void replays_the_same(const char* folder) {
  dt_error err = {0};
  bool same = false;
  if (dt_session_replay(folder, NULL, NULL, &same, &err) != DT_OK || !same)
    fail_msg("%s", err.sentence);
}

static void remove_folder(const char* folder) {
  static const char* const names[] = {"session.txt", "plan.txt",   "chart-1.txt",  "past.txt",
                                      "events.txt",  "sound.flac", "decisions.txt"};
  char path[128];
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    (void)unlink(path);
  }
  (void)rmdir(folder);
}

/* The largest file that may be written stands for a full disk. */
static void a_full_disk_is_told_at_once(void** state) {
  (void)state;
  struct rlimit before;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  for (int sound = 0; sound < 2; sound++) {
    char folder[64];
    fresh_folder(folder);
    news n;
    begin(&n, NULL, 0);
    n.run.config.folder = folder;
    n.run.config.sound = sound == 1;
    n.run.plan.exercises[0].minutes = 0.7;
    const struct rlimit small = {.rlim_cur = sound ? 200000 : 6000, .rlim_max = before.rlim_max};
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const dt_status status = go(&n);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    const int told = find(&n, DT_LEAD_TROUBLE, 0);
    const int done = find(&n, DT_LEAD_DONE, told);
    assert_true(n.at[done] - n.at[told] > 48000 * 5);
    assert_non_null(strstr(n.texts[told], "not recorded any more: "));
    assert_non_null(strstr(n.texts[told], "Practice goes on."));
    assert_int_equal(status, DT_IO);
    assert_true(n.run.is_done);
    end(&n);
    replays_the_same(folder);
    remove_folder(folder);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_absent_device_is_told_while_it_is_away),
      cmocka_unit_test(a_take_goes_on_over_a_short_absence),
      cmocka_unit_test(nothing_begins_in_a_time_that_is_lost),
      cmocka_unit_test(a_lost_count_in_is_counted_again),
      cmocka_unit_test(it_is_said_at_once_in_real_time),
      cmocka_unit_test(a_full_disk_is_told_at_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
