#include "api_support.h"

#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#include "dt/codec.h"
#include "dt/kitmap.h"
#include "dt/smf.h"
#include "dt/synthkit.h"

enum { RATE_HZ = 44100 };

/* ---- what is dropped ---- */

typedef struct playing {
  const dt_synthkit* kit;
  const dt_take* take;
} playing;

static bool fill(void* context, float* samples, size_t frame_count, dt_frame position) {
  const playing* p = context;
  memset(samples, 0, frame_count * sizeof *samples);
  for (size_t i = 0; i < p->take->strokes.count; i++)
    dt_synthkit_add(p->kit, &p->take->strokes.items[i], samples, frame_count, position);
  return true;
}

static void read_file(const char* path, dt_buffer* bytes) {
  char block[4096];
  FILE* file = fopen(path, "rb");
  assert_non_null(file);
  for (size_t got = fread(block, 1, sizeof block, file); got > 0;
       got = fread(block, 1, sizeof block, file))
    assert_int_equal(dt_sink_write(dt_buffer_sink(bytes), block, got), DT_OK);
  fclose(file);
}

/* Bars of rock as a sound file of this ending. */
static void record(const yard* y, const char* ending, int bars, dt_buffer* bytes) {
  char path[128];
  dt_chart chart;
  dt_take take;
  dt_error err = {0};
  assert_int_equal(dt_home_chart_load(&chart, NULL, "rock", NULL, &err), DT_OK);
  play(&take, &chart, bars, 0.004, 7);
  dt_synthkit* kit = dt_synthkit_new(NULL, RATE_HZ, 1);
  const playing p = {kit, &take};
  snprintf(path, sizeof path, "%s/made.%s", y->folder, ending);
  playing copy = p;
  assert_int_equal(
      dt_sound_write(path, RATE_HZ, (dt_frame)(take.duration_s * RATE_HZ), fill, &copy, &err),
      DT_OK);
  read_file(path, bytes);
  unlink(path);
  dt_synthkit_free(kit);
  dt_take_clear(&take, NULL);
  dt_chart_clear(&chart, NULL);
}

static void write_midi(dt_buffer* bytes, int bars) {
  dt_chart chart;
  dt_take take;
  dt_smf smf;
  dt_error err = {0};
  assert_int_equal(dt_home_chart_load(&chart, NULL, "rock", NULL, &err), DT_OK);
  play(&take, &chart, bars, 0.004, 7);
  assert_int_equal(dt_smf_from_take(&smf, NULL, &take), DT_OK);
  assert_int_equal(dt_smf_write(&smf, dt_buffer_sink(bytes)), DT_OK);
  dt_smf_clear(&smf, NULL);
  dt_take_clear(&take, NULL);
  dt_chart_clear(&chart, NULL);
}

/* ---- dropping it ---- */

/* The status of the answer; in pieces of 10,000 bytes, as far as `sent`. */
static int drop_part(yard* y, const char* query, const dt_buffer* bytes, size_t sent) {
  const dt__request request = {.method = "POST", .path = "/uploads", .query = query};
  yard_forget(y);
  dt__upload* upload = dt__upload_begin(y->api, &request, bytes->size, &y->reply);
  if (upload) {
    bool goes_on = true;
    for (size_t at = 0; at < sent && goes_on; at += 10000)
      goes_on = dt__upload_data(upload, bytes->bytes + at, sent - at < 10000 ? sent - at : 10000);
    dt__upload_end(upload, &y->reply);
  }
  y->json = json_loadb((const char*)y->reply.body.bytes, y->reply.body.size, 0, NULL);
  return y->reply.status;
}

static int drop(yard* y, const char* query, const dt_buffer* bytes) {
  return drop_part(y, query, bytes, bytes->size);
}

/* Waits until the upload `id` is over; its last state is in y->json. */
static void wait_for(yard* y, const char* id) {
  char target[64];
  snprintf(target, sizeof target, "/uploads/%s", id);
  for (int i = 0; i < 6000; i++) {
    assert_int_equal(ask(y, target), 200);
    const char* state = word(y, "state");
    if (strcmp(state, "done") == 0 || strcmp(state, "failed") == 0 ||
        strcmp(state, "cancelled") == 0)
      return;
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
  }
  fail_msg("%s is never over", id);
}

static void drop_and_wait(yard* y, const char* query, const dt_buffer* bytes) {
  char id[32];
  if (drop(y, query, bytes) != 202)
    fail_msg("%d: %s", y->reply.status, sentence(y));
  snprintf(id, sizeof id, "%s", word(y, "upload"));
  wait_for(y, id);
}

static int files_in(const yard* y, const char* name) {
  char path[128];
  int count = 0;
  snprintf(path, sizeof path, "%s/%s", y->folder, name);
  DIR* folder = opendir(path);
  if (!folder)
    return 0;
  for (const struct dirent* one = readdir(folder); one; one = readdir(folder))
    count += one->d_name[0] != '.';
  closedir(folder);
  return count;
}

/* ---- */

static void a_recording_becomes_a_take_with_its_sound(void** state) {
  yard* y = *state;
  dt_buffer bytes = {0};
  record(y, "wav", 8, &bytes);
  drop_and_wait(y, "name=C%3A%5Cmy%20takes%5Cmonday.wav&chart=rock", &bytes);
  assert_string_equal(word(y, "state"), "done");
  assert_int_equal((int)number(y, "take"), 1);
  assert_int_equal(ask(y, "/takes/1"), 200);
  assert_string_equal(word(y, "file"), "monday.wav");
  assert_string_equal(word(y, "player"), "Ana");
  assert_string_equal(word(y, "source"), "sound");
  assert_true(json_is_true(field(y, "has_sound")));
  assert_int_equal(ask(y, "/takes/1/verdict"), 200);
  assert_non_null(field(y, "chart"));
  assert_int_equal(ask(y, "/takes/1/sound"), 200);
  assert_string_equal(y->reply.type, "audio/wav");
  dt_buffer kept = {0};
  read_file(y->reply.file, &kept);
  assert_int_equal(kept.size, bytes.size);
  assert_memory_equal(kept.bytes, bytes.bytes, bytes.size);
  dt_buffer_clear(&kept);
  assert_int_equal(files_in(y, "uploads"), 0);
  assert_int_equal(files_in(y, "sounds"), 2);
  drop_and_wait(y, "name=again.wav", &bytes); /* known already */
  assert_string_equal(word(y, "state"), "done");
  assert_int_equal((int)number(y, "take"), 1);
  assert_int_equal(files_in(y, "uploads"), 0);
  dt_buffer_clear(&bytes);
}

/* Peaks where the strokes are, at every zoom. */
static void the_wave_shows_where_the_strokes_are(void** state) {
  yard* y = *state;
  dt_buffer bytes = {0};
  record(y, "flac", 4, &bytes);
  drop_and_wait(y, "name=take.flac", &bytes);
  assert_string_equal(word(y, "state"), "done");
  assert_int_equal(ask(y, "/takes/1/wave?points=500"), 200);
  assert_int_equal(json_array_size(field(y, "low")), 500);
  double top = 0;
  for (size_t i = 0; i < 500; i++)
    top = fmax(top, json_number_value(json_array_get(field(y, "high"), i)));
  assert_true(top > 0.1 && top <= 1);
  /* Nothing sounds in the first 0.9 s, and the first stroke comes at 1 s. */
  assert_int_equal(ask(y, "/takes/1/wave?from_s=0&to_s=0.9&points=100"), 200);
  for (size_t i = 0; i < 100; i++)
    assert_true(fabs(json_number_value(json_array_get(field(y, "high"), i))) < 0.001);
  assert_int_equal(ask(y, "/takes/1/wave?from_s=0.95&to_s=1.15&points=20000"), 200);
  const size_t count = json_array_size(field(y, "high"));
  assert_in_range(count, 195, 205); /* no finer than a millisecond */
  size_t first = 0;
  while (first < count && json_number_value(json_array_get(field(y, "high"), first)) < 0.02)
    first++;
  assert_in_range(first, 30, 80);
  dt_buffer_clear(&bytes);
}

static void a_midi_file_is_a_take_too(void** state) {
  yard* y = *state;
  dt_buffer bytes = {0};
  write_midi(&bytes, 8);
  drop_and_wait(y, "name=take.mid&bpm=100", &bytes);
  assert_string_equal(word(y, "state"), "done");
  assert_int_equal(ask(y, "/takes/1/sound"), 404);
  assert_int_equal(ask(y, "/takes/1"), 200);
  const json_t* settings = field(y, "settings");
  assert_string_equal(json_string_value(json_object_get(settings, "grid")), "tempo");
  dt_buffer_clear(&bytes);
}

static void what_is_no_recording_gets_a_sentence_and_leaves_nothing(void** state) {
  yard* y = *state;
  dt_buffer bytes = {0};
  assert_int_equal(dt_sink_printf(dt_buffer_sink(&bytes), "This is a letter to my teacher.\n"),
                   DT_OK);
  drop_and_wait(y, "name=letter.txt", &bytes);
  assert_string_equal(word(y, "state"), "failed");
  assert_non_null(strstr(word(y, "text"), "no sound"));
  assert_int_equal(files_in(y, "uploads"), 0);
  assert_int_equal(files_in(y, "sounds"), 0);
  assert_int_equal(ask(y, "/takes"), 200);
  assert_int_equal(json_array_size(field(y, "takes")), 0);
  dt_buffer_clear(&bytes);
  record(y, "wav", 1, &bytes);
  memset(bytes.bytes + 200, 0, bytes.size - 200); /* silence, behind its head */
  drop_and_wait(y, "name=silence.wav", &bytes);
  assert_string_equal(word(y, "state"), "failed");
  assert_non_null(strstr(word(y, "text"), "No stroke"));
  assert_int_equal(files_in(y, "uploads"), 0);
  dt_buffer_clear(&bytes);
}

static void wrong_wishes_are_refused_before_anything_is_read(void** state) {
  yard* y = *state;
  dt_buffer bytes = {0};
  static const char* const wrong[] = {"grid=tempo",        "grid=loose",    "bpm=500",
                                      "grid=free&bpm=100", "chart=no-such", "chart=../x",
                                      "level=god",         "name=%FF"};
  assert_int_equal(dt_sink_printf(dt_buffer_sink(&bytes), "x"), DT_OK);
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    if (drop(y, wrong[i], &bytes) != 422)
      fail_msg("%s: %d", wrong[i], y->reply.status);
    assert_true(strlen(sentence(y)) > 10);
  }
  dt__request request = {.method = "POST", .path = "/uploads", .query = ""};
  yard_forget(y);
  assert_null(dt__upload_begin(y->api, &request, 0, &y->reply));
  assert_int_equal(y->reply.status, 422);
  yard_forget(y);
  assert_null(dt__upload_begin(y->api, &request, DT__UPLOAD_MAX + 1, &y->reply));
  assert_int_equal(y->reply.status, 413);
  assert_int_equal(files_in(y, "uploads"), 0);
  dt_buffer_clear(&bytes);
}

static void what_breaks_off_leaves_nothing(void** state) {
  yard* y = *state;
  dt_buffer bytes = {0};
  record(y, "wav", 2, &bytes);
  assert_int_equal(drop_part(y, "name=half.wav", &bytes, bytes.size / 2), 400);
  assert_int_equal(files_in(y, "uploads"), 0);
  assert_int_equal(ask(y, "/uploads"), 200);
  const json_t* one = json_array_get(field(y, "uploads"), 0);
  assert_string_equal(json_string_value(json_object_get(one, "state")), "failed");
  dt_buffer_clear(&bytes);
}

/* As a limit on the size of files; a full disk is refused in the same place. */
static void a_full_disk_gets_a_sentence_and_leaves_nothing(void** state) {
  yard* y = *state;
  dt_buffer bytes = {0};
  struct rlimit before;
  record(y, "wav", 8, &bytes);
  assert_true(bytes.size > 500000);
  signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  const struct rlimit small = {.rlim_cur = 200000, .rlim_max = before.rlim_max};
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  const int status = drop(y, "name=take.wav", &bytes);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  assert_int_equal(status, 507);
  assert_non_null(strstr(sentence(y), "full"));
  assert_int_equal(files_in(y, "uploads"), 0);
  drop_and_wait(y, "name=take.wav", &bytes); /* with room it is taken */
  assert_string_equal(word(y, "state"), "done");
  dt_buffer_clear(&bytes);
}

static bool silence(void* context, float* samples, size_t frame_count, dt_frame position) {
  (void)context;
  (void)position;
  memset(samples, 0, frame_count * sizeof *samples);
  return true;
}

static void what_is_too_long_gets_a_sentence_at_once(void** state) {
  yard* y = *state;
  dt_buffer bytes = {0};
  dt_error err = {0};
  char path[128];
  const int rate_hz = 4000;
  const dt_frame length = (dt_frame)(DT__UPLOAD_HOURS * 3600 + 60) * rate_hz;
  snprintf(path, sizeof path, "%s/made.flac", y->folder);
  assert_int_equal(dt_sound_write(path, rate_hz, length, silence, NULL, &err), DT_OK);
  read_file(path, &bytes);
  unlink(path);
  drop_and_wait(y, "name=night.flac", &bytes);
  assert_string_equal(word(y, "state"), "failed");
  assert_non_null(strstr(word(y, "text"), "12 hours"));
  assert_int_equal(files_in(y, "uploads"), 0);
  dt_buffer_clear(&bytes);
}

/* In whatever state it is: while it comes, while it waits, while it is heard. */
static void cancelling_leaves_nothing(void** state) {
  yard* y = *state;
  dt_buffer bytes = {0};
  record(y, "wav", 60, &bytes);
  const dt__request request = {.method = "POST", .path = "/uploads", .query = "name=long.wav"};
  dt__upload* upload = dt__upload_begin(y->api, &request, bytes.size, &y->reply);
  assert_non_null(upload);
  assert_true(dt__upload_data(upload, bytes.bytes, 1000));
  dt__reply reply = {0};
  assert_int_equal(ask_with(y, "DELETE", "/uploads/u1", NULL, 0), 204);
  assert_false(dt__upload_data(upload, bytes.bytes, 1000));
  dt__upload_end(upload, &reply);
  assert_int_equal(reply.status, 409);
  dt_buffer_clear(&reply.body);
  assert_int_equal(drop(y, "name=long.wav", &bytes), 202);
  assert_int_equal(drop(y, "name=waits.wav", &bytes), 202);
  assert_int_equal(ask_with(y, "DELETE", "/uploads/u3", NULL, 0), 204);
  nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
  assert_int_equal(ask_with(y, "DELETE", "/uploads/u2", NULL, 0), 204);
  wait_for(y, "u2");
  assert_string_equal(word(y, "state"), "cancelled");
  wait_for(y, "u3");
  assert_string_equal(word(y, "state"), "cancelled");
  assert_int_equal(files_in(y, "uploads"), 0);
  assert_int_equal(files_in(y, "sounds"), 0);
  assert_int_equal(ask_with(y, "DELETE", "/uploads/u2", NULL, 0), 409);
  dt_buffer_clear(&bytes);
}

static void the_pages_are_told_how_far_it_is(void** state) {
  yard* y = *state;
  dt_buffer bytes = {0};
  dt_buffer frame = {0};
  char last[32] = "";
  bool was_receiving = false;
  bool was_hearing = false;
  record(y, "wav", 4, &bytes);
  drop_and_wait(y, "name=take.wav", &bytes);
  for (uint64_t seq = dt__feed_oldest(y->feed); seq <= dt__feed_newest(y->feed); seq++) {
    assert_true(dt__feed_get(y->feed, seq, &frame));
    json_t* message = json_loadb((const char*)frame.bytes, frame.size, 0, NULL);
    assert_non_null(message);
    assert_string_equal(json_string_value(json_object_get(message, "type")), "upload");
    snprintf(last, sizeof last, "%s", json_string_value(json_object_get(message, "state")));
    was_receiving = was_receiving || strcmp(last, "receiving") == 0;
    was_hearing = was_hearing || strcmp(last, "hearing") == 0;
    json_decref(message);
  }
  assert_true(was_receiving && was_hearing);
  assert_string_equal(last, "done");
  dt_buffer_clear(&frame);
  dt_buffer_clear(&bytes);
}

/* The program ends while a recording is heard: nothing is left, and nobody waits for long. */
static void ending_in_the_middle_leaves_nothing(void** state) {
  yard* y = *state;
  dt_buffer bytes = {0};
  record(y, "wav", 40, &bytes);
  assert_int_equal(drop(y, "name=long.wav", &bytes), 202);
  assert_int_equal(drop(y, "name=waits.wav", &bytes), 202);
  nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
  yard_forget(y);
  dt__api_free(y->api);
  assert_int_equal(files_in(y, "uploads"), 0);
  assert_int_equal(files_in(y, "sounds"), 0);
  yard_open(y);
  dt_buffer_clear(&bytes);
}

int main(void) {
#define ONE(name) cmocka_unit_test_setup_teardown(name, yard_begin, yard_end)
  const struct CMUnitTest tests[] = {
      ONE(a_recording_becomes_a_take_with_its_sound),
      ONE(the_wave_shows_where_the_strokes_are),
      ONE(a_midi_file_is_a_take_too),
      ONE(what_is_no_recording_gets_a_sentence_and_leaves_nothing),
      ONE(wrong_wishes_are_refused_before_anything_is_read),
      ONE(what_breaks_off_leaves_nothing),
      ONE(a_full_disk_gets_a_sentence_and_leaves_nothing),
      ONE(what_is_too_long_gets_a_sentence_at_once),
      ONE(cancelling_leaves_nothing),
      ONE(the_pages_are_told_how_far_it_is),
      ONE(ending_in_the_middle_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
