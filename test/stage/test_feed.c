#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <pthread.h>

#include "feed.h"
#include "messages.h"
#include "now.h"

static void put(dt__feed* feed, const char* fields) {
  dt__feed_put(feed, fields, strlen(fields));
}

static void assert_frame(dt_buffer* frame, const char* text) {
  assert_int_equal(dt_sink_write(dt_buffer_sink(frame), "", 1), DT_OK);
  assert_string_equal((const char*)frame->bytes, text);
}

static void messages_are_numbered_without_a_hole(void** state) {
  (void)state;
  dt__feed* feed = dt__feed_new(NULL, NULL);
  dt_buffer frame = {0};
  uint64_t bytes = 0;
  assert_int_equal(dt__feed_newest(feed), 0);
  assert_true(dt__feed_after(feed, 0, &bytes));
  assert_int_equal(bytes, 0);
  assert_false(dt__feed_after(feed, 1, &bytes));
  put(feed, "\"type\":\"a\"");
  put(feed, "\"type\":\"bc\"");
  assert_int_equal(dt__feed_newest(feed), 2);
  assert_true(dt__feed_get(feed, 1, &frame));
  assert_frame(&frame, "{\"v\":1,\"seq\":1,\"type\":\"a\"}");
  assert_true(dt__feed_get(feed, 2, &frame));
  assert_frame(&frame, "{\"v\":1,\"seq\":2,\"type\":\"bc\"}");
  assert_false(dt__feed_get(feed, 3, &frame));
  assert_false(dt__feed_get(feed, 0, &frame));
  assert_true(dt__feed_after(feed, 1, &bytes));
  assert_int_equal(bytes, 11);
  dt_buffer_clear(&frame);
  dt__feed_free(feed);
}

static void the_oldest_give_way(void** state) {
  (void)state;
  dt__feed* feed = dt__feed_new(NULL, NULL);
  const size_t size = 1 << 20;
  char* large = calloc(1, size);
  uint64_t bytes = 0;
  dt_buffer frame = {0};
  memset(large, 'x', size - 1);
  for (int i = 0; i < 20; i++)
    dt__feed_put(feed, large, size);
  assert_int_equal(dt__feed_newest(feed), 20);
  assert_int_equal(dt__feed_oldest(feed), 20 - DT__FEED_BYTES / size + 1);
  assert_false(dt__feed_get(feed, dt__feed_oldest(feed) - 1, &frame));
  assert_false(dt__feed_after(feed, dt__feed_oldest(feed) - 2, &bytes));
  assert_true(dt__feed_after(feed, dt__feed_oldest(feed) - 1, &bytes));
  assert_int_equal(bytes, DT__FEED_BYTES);
  for (int i = 0; i < 200000; i++)
    put(feed, "y");
  assert_int_equal(dt__feed_newest(feed), 200020);
  assert_int_equal(dt__feed_oldest(feed), 200020 - 65536 + 1);
  assert_true(dt__feed_get(feed, dt__feed_oldest(feed), &frame));
  free(large);
  dt_buffer_clear(&frame);
  dt__feed_free(feed);
}

static atomic_int woken;

static void wake(void* context) {
  (void)context;
  atomic_fetch_add(&woken, 1);
}

enum { EACH = 5000, WRITERS = 3 };

static void* write_many(void* context) {
  for (int i = 0; i < EACH; i++)
    put(context, "\"type\":\"stroke\",\"velocity\":64");
  return NULL;
}

static void threads_put_while_one_reads(void** state) {
  (void)state;
  atomic_store(&woken, 0);
  dt__feed* feed = dt__feed_new(wake, NULL);
  pthread_t writers[WRITERS];
  for (int i = 0; i < WRITERS; i++)
    assert_int_equal(pthread_create(&writers[i], NULL, write_many, feed), 0);
  dt_buffer frame = {0};
  uint64_t seq = 0;
  while (seq < (uint64_t)WRITERS * EACH) {
    if (seq >= dt__feed_newest(feed))
      continue;
    assert_true(dt__feed_get(feed, ++seq, &frame));
    char head[48];
    const int length = snprintf(head, sizeof head, "{\"v\":1,\"seq\":%d,\"type\"", (int)seq);
    assert_memory_equal(frame.bytes, head, (size_t)length);
  }
  for (int i = 0; i < WRITERS; i++)
    pthread_join(writers[i], NULL);
  assert_int_equal(atomic_load(&woken), WRITERS * EACH);
  dt_buffer_clear(&frame);
  dt__feed_free(feed);
}

static void what_holds_is_shown_to_who_comes_late(void** state) {
  (void)state;
  static const char* const said[] = {"\"type\":\"session\",\"state\":\"starting\"",
                                     "\"type\":\"session\",\"state\":\"running\"",
                                     "\"type\":\"take\",\"number\":1",
                                     "\"type\":\"stroke\",\"bar\":0",
                                     "\"type\":\"bar\",\"bar\":0",
                                     "\"type\":\"judged\",\"number\":1",
                                     "\"type\":\"ladder\",\"trials\":1",
                                     "\"type\":\"rest\",\"until_ms\":1",
                                     "\"type\":\"take\",\"number\":2",
                                     "\"type\":\"bar\",\"bar\":0",
                                     "\"type\":\"bar\",\"bar\":1",
                                     "\"type\":\"clock\",\"stream_ms\":1"};
  static const char* const holds[] = {
      "{\"v\":1,\"type\":\"session\",\"state\":\"running\"}",
      "{\"v\":1,\"type\":\"ladder\",\"trials\":1}", "{\"v\":1,\"type\":\"take\",\"number\":2}",
      "{\"v\":1,\"type\":\"bar\",\"bar\":0}", "{\"v\":1,\"type\":\"bar\",\"bar\":1}"};
  dt__feed* feed = dt__feed_new(NULL, NULL);
  dt__now* now = dt__now_new();
  dt_buffer frame = {0};
  for (size_t i = 0; i < sizeof said / sizeof *said; i++)
    put(feed, said[i]);
  dt__now_follow(now, feed);
  assert_int_equal(dt__now_seq(now), sizeof said / sizeof *said);
  assert_true(dt__now_is_running(now));
  assert_int_equal(dt__now_count(now), sizeof holds / sizeof *holds);
  for (size_t i = 0; i < sizeof holds / sizeof *holds; i++) {
    assert_true(dt__now_get(now, i, UINT64_MAX, &frame));
    assert_frame(&frame, holds[i]);
  }
  assert_false(dt__now_get(now, 4, 10, &frame)); /* newer than the page was told */
  put(feed, "\"type\":\"session\",\"state\":\"ended\",\"text\":null");
  dt__now_follow(now, feed);
  assert_false(dt__now_is_running(now));
  dt_buffer_clear(&frame);
  dt__now_free(now);
  dt__feed_free(feed);
}

/* A page that is opened again in the middle knows what was found; a new measurement begins anew. */
static void what_was_learned_of_a_kit_outlives_a_reload(void** state) {
  (void)state;
  static const char asks[] = "\"type\":\"calibrate\",\"what\":\"pads\",\"state\":\"asking\"";
  static const char done[] = "\"type\":\"calibrate\",\"what\":\"pads\",\"state\":\"done\"";
  static const char snare[] = "\"type\":\"pad\",\"drum\":\"snare\"";
  static const char kick[] = "\"type\":\"pad\",\"drum\":\"kick\"";
  static const char delay[] = "\"type\":\"pad_delay\",\"drum\":\"kick\"";
  static const char* const said[] = {asks, snare, asks, kick, asks, delay, done};
  static const char* const holds[] = {snare, kick, delay, done};
  dt__feed* feed = dt__feed_new(NULL, NULL);
  dt__now* now = dt__now_new();
  dt_buffer frame = {0};
  for (size_t i = 0; i < sizeof said / sizeof *said; i++)
    put(feed, said[i]);
  dt__now_follow(now, feed);
  assert_int_equal(dt__now_count(now), sizeof holds / sizeof *holds);
  for (size_t i = 0; i < sizeof holds / sizeof *holds; i++) {
    char text[128];
    snprintf(text, sizeof text, "{\"v\":1,%s}", holds[i]);
    assert_true(dt__now_get(now, i, UINT64_MAX, &frame));
    assert_frame(&frame, text);
  }
  put(feed, "\"type\":\"calibrate\",\"what\":\"level\",\"state\":\"measuring\"");
  dt__now_follow(now, feed);
  assert_int_equal(dt__now_count(now), 4);
  put(feed, asks);
  dt__now_follow(now, feed);
  assert_int_equal(dt__now_count(now), 1);
  dt_buffer_clear(&frame);
  dt__now_free(now);
  dt__feed_free(feed);
}

static void what_is_wrong_is_told_until_the_next_session(void** state) {
  (void)state;
  dt__feed* feed = dt__feed_new(NULL, NULL);
  dt__now* now = dt__now_new();
  put(feed, "\"type\":\"session\",\"state\":\"running\"");
  put(feed, "\"type\":\"trouble\",\"text\":\"The disk is full.\"");
  put(feed, "\"type\":\"session\",\"state\":\"ended\"");
  dt__now_follow(now, feed);
  assert_int_equal(dt__now_count(now), 2);
  put(feed, "\"type\":\"session\",\"state\":\"starting\"");
  dt__now_follow(now, feed);
  assert_int_equal(dt__now_count(now), 1);
  dt__now_free(now);
  dt__feed_free(feed);
}

static void what_is_written_has_its_nulls(void** state) {
  (void)state;
  dt_buffer fields = {0};
  dt__msg_stroke stroke = dt__msg_stroke_empty();
  stroke.drum = "snare";
  stroke.side = DT__SIDE_LATE;
  stroke.note = -1;
  stroke.beat = 1.5;
  assert_int_equal(dt__msg_stroke_write(&fields, &stroke), DT_OK);
  assert_frame(&fields, "\"type\":\"stroke\",\"at_ms\":0.000,\"drum\":\"snare\",\"velocity\":0,"
                        "\"asynchrony_ms\":null,\"side\":\"late\",\"note\":-1,\"bar\":0,"
                        "\"beat\":1.500");
  fields.size = 0;
  dt__msg_judged judged = dt__msg_judged_empty();
  assert_int_equal(dt__msg_judged_write(&fields, &judged), DT_OK);
  assert_frame(&fields, "\"type\":\"judged\",\"number\":0,\"take\":null,\"clean\":false,"
                        "\"stopped\":false,\"word\":\"\",\"figure\":\"\",\"unit\":\"\","
                        "\"tint\":\"early\",\"bpm\":0.000,\"placement_ms\":null,"
                        "\"drift_percent\":null,\"scatter_ms\":null,\"missed\":0,\"extra\":0");
  dt_buffer_clear(&fields);
}

static bool reads(dt__msg_heard* heard, const char* text) {
  return dt__msg_read(heard, text, strlen(text));
}

static void a_page_is_understood_strictly(void** state) {
  (void)state;
  dt__msg_heard heard;
  assert_true(reads(&heard, "{\"v\":1,\"type\":\"press\",\"key\":\"again\"}"));
  assert_int_equal(heard.type, DT__HEARD_PRESS);
  assert_int_equal(heard.press.key, DT__KEY_AGAIN);
  assert_true(reads(&heard, "{\"type\":\"resume\",\"epoch\":\"ab\",\"after\":7,\"v\":1}"));
  assert_int_equal(heard.type, DT__HEARD_RESUME);
  assert_string_equal(heard.resume.epoch, "ab");
  assert_int_equal(heard.resume.after, 7);
  assert_true(reads(&heard, "{\"v\":1,\"type\":\"ping\",\"t_ms\":1.5}"));
  assert_true(heard.ping.t_ms > 1.4 && heard.ping.t_ms < 1.6);
  static const char* const bad[] = {
      "",
      "null",
      "[]",
      "{}",
      "{\"v\":1}",
      "{\"v\":1,\"type\":\"ping\"}",
      "{\"v\":2,\"type\":\"ping\",\"t_ms\":1}",
      "{\"v\":\"1\",\"type\":\"ping\",\"t_ms\":1}",
      "{\"v\":1,\"type\":\"ping\",\"t_ms\":null}",
      "{\"v\":1,\"type\":\"ping\",\"t_ms\":1}x",
      "{\"v\":1,\"type\":\"ping\",\"t_ms\":1,\"t_ms\":1}",
      "{\"v\":1,\"type\":\"ping\",\"t_ms\":1,\"x\":1}",
      "{\"v\":1,\"type\":\"ping\",\"t_ms\":1e999}",
      "{\"v\":1,\"type\":\"hello\"}",
      "{\"v\":1,\"type\":\"press\",\"key\":\"\"}",
      "{\"v\":1,\"type\":\"press\",\"key\":1}",
      "{\"v\":1,\"type\":\"resume\",\"epoch\":\"ab\",\"after\":1.5}",
      "{\"v\":1,\"type\":\"resume\",\"epoch\":\"a\\u0000b\",\"after\":1}",
      "{\"v\":1,\"type\":\"resume\",\"epoch\":"
      "\"0123456789012345678901234567890123456789012345678901"
      "2345678901234\",\"after\":1}",
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    if (reads(&heard, bad[i]))
      fail_msg("understood: %s", bad[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(messages_are_numbered_without_a_hole),
      cmocka_unit_test(the_oldest_give_way),
      cmocka_unit_test(threads_put_while_one_reads),
      cmocka_unit_test(what_holds_is_shown_to_who_comes_late),
      cmocka_unit_test(what_was_learned_of_a_kit_outlives_a_reload),
      cmocka_unit_test(what_is_wrong_is_told_until_the_next_session),
      cmocka_unit_test(what_is_written_has_its_nulls),
      cmocka_unit_test(a_page_is_understood_strictly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
