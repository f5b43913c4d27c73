#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <locale.h>
#include <math.h>

#include <jansson.h>

#include "dt/json.h"
#include "dt/rng.h"
#include "json_internal.h"

#define SEED 20240614U

/* What the writer made, as text; released by the caller. */
static char* text_of(dt_buffer* buffer) {
  assert_int_equal(dt_sink_write(dt_buffer_sink(buffer), "", 1), DT_OK);
  return (char*)buffer->bytes;
}

static json_t* parsed(dt_buffer* buffer) {
  json_error_t error;
  json_t* root = json_loadb((const char*)buffer->bytes, buffer->size,
                            JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
  if (root == NULL)
    fail_msg("Line %d: %s in %.*s", error.line, error.text, (int)buffer->size,
             (const char*)buffer->bytes);
  return root;
}

static void compact_bytes_have_nothing_between(void** state) {
  (void)state;
  dt_buffer buffer = {0};
  dt_json json = {.sink = dt_buffer_sink(&buffer), .is_compact = true};
  dt_json_begin_object(&json, NULL);
  dt_json_string(&json, "type", "bar");
  dt_json_begin_array(&json, "beats");
  dt_json_int(&json, NULL, 1);
  dt_json_int(&json, NULL, 2);
  dt_json_end_array(&json);
  dt_json_end_object(&json);
  assert_int_equal(dt_json_finish(&json), DT_OK);
  assert_string_equal(text_of(&buffer), "{\"type\":\"bar\",\"beats\":[1,2]}\n");
  dt_buffer_clear(&buffer);
}

static void the_bytes_are_these(void** state) {
  (void)state;
  dt_buffer buffer = {0};
  dt_json json = {.sink = dt_buffer_sink(&buffer)};
  dt_json_begin_object(&json, NULL);
  dt_json_string(&json, "verdict", "rushing");
  dt_json_number(&json, "bpm", 101.25, 1);
  dt_json_begin_array(&json, "drums");
  dt_json_string(&json, NULL, "kick");
  dt_json_begin_object(&json, NULL);
  dt_json_end_object(&json);
  dt_json_begin_array(&json, NULL);
  dt_json_end_array(&json);
  dt_json_end_array(&json);
  dt_json_bool(&json, "yes", true);
  dt_json_bool(&json, "no", false);
  dt_json_null(&json, "none");
  dt_json_string(&json, "unknown", NULL);
  dt_json_end_object(&json);
  assert_int_equal(dt_json_finish(&json), DT_OK);
  assert_string_equal(text_of(&buffer), "{\n"
                                        "  \"verdict\": \"rushing\",\n"
                                        "  \"bpm\": 101.2,\n"
                                        "  \"drums\": [\n"
                                        "    \"kick\",\n"
                                        "    {},\n"
                                        "    []\n"
                                        "  ],\n"
                                        "  \"yes\": true,\n"
                                        "  \"no\": false,\n"
                                        "  \"none\": null,\n"
                                        "  \"unknown\": null\n"
                                        "}\n");
  dt_buffer_clear(&buffer);
}

static char* number_text(dt_buffer* buffer, double value, int decimals) {
  dt_json json = {.sink = dt_buffer_sink(buffer)};
  buffer->size = 0;
  dt_json_number(&json, NULL, value, decimals);
  assert_int_equal(dt_json_finish(&json), DT_OK);
  return text_of(buffer);
}

static void numbers_are_the_same_everywhere(void** state) {
  (void)state;
  const struct {
    double value;
    int decimals;
    const char* text;
  } rows[] = {
      {0.0, 0, "0\n"},
      {-0.0, 0, "0\n"},
      {-0.0, 3, "0.000\n"},
      {-0.0004, 3, "0.000\n"},
      {-0.0006, 3, "-0.001\n"},
      {0.5, 0, "0\n"}, /* exact ties go to even */
      {1.5, 0, "2\n"},
      {2.5, 0, "2\n"},
      {-2.5, 0, "-2\n"},
      {0.125, 2, "0.12\n"},
      {0.375, 2, "0.38\n"},
      {1.005, 2, "1.00\n"}, /* a little less than a tie, as a double */
      {999.9996, 3, "1000.000\n"},
      {123456789.123456789, 9, "123456789.123456791\n"},
      {1e15, 1, "1000000000000000.0\n"},
      {9007199254740993.0, 0, "9007199254740992\n"},
      {5e-324, 9, "0.000000000\n"},
      {(double)NAN, 3, "null\n"},
      {HUGE_VAL, 3, "null\n"},
      {-HUGE_VAL, 0, "null\n"},
  };
  dt_buffer buffer = {0};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
    assert_string_equal(number_text(&buffer, rows[i].value, rows[i].decimals), rows[i].text);
  dt_buffer_clear(&buffer);
}

static void the_largest_numbers_fit(void** state) {
  (void)state;
  dt_buffer buffer = {0};
  const double largest[] = {1.7976931348623157e308, -1.7976931348623157e308};
  for (int i = 0; i < 2; ++i) {
    const char* text = number_text(&buffer, largest[i], 9);
    assert_int_equal(strlen(text), 309 + 1 + 9 + 1 + i);
    assert_true(strtod(text, NULL) == largest[i]);
  }
  dt_buffer_clear(&buffer);
}

static void a_decimal_comma_never_gets_into_a_file(void** state) {
  (void)state;
  const struct {
    const char* raw;
    const char* tidy;
  } rows[] = {
      {"1,5", "1.5"},
      {"-12,50", "-12.50"},
      {"3\xD9\xAB"
       "25",
       "3.25"},
      {"-0,00", "0.00"},
      {"-0", "0"},
      {"-0\xD9\xAB"
       "0",
       "0.0"},
      {"-0,01", "-0.01"},
      {"1234567", "1234567"},
      {"100,000", "100.000"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
    char text[32];
    (void)snprintf(text, sizeof text, "%s", rows[i].raw);
    assert_int_equal(dt__json_tidy_number(text), strlen(rows[i].tidy));
    assert_string_equal(text, rows[i].tidy);
  }
}

/* The same with a real locale, where the machine has one. */
static void a_german_desktop_writes_the_same_file(void** state) {
  (void)state;
  const char* const names[] = {"de_DE.UTF-8", "de_DE", "fr_FR.UTF-8", "fr_FR", "sv_SE.UTF-8"};
  bool has_comma = false;
  for (size_t i = 0; i < sizeof names / sizeof names[0] && !has_comma; ++i)
    has_comma =
        setlocale(LC_ALL, names[i]) != NULL && strcmp(localeconv()->decimal_point, ",") == 0;
  if (!has_comma) {
    printf("skipped: no locale with a decimal comma here\n");
    skip();
  }
  dt_buffer buffer = {0};
  assert_string_equal(number_text(&buffer, -1234567.5, 2), "-1234567.50\n");
  (void)setlocale(LC_ALL, "C");
  dt_buffer_clear(&buffer);
}

static void integers_keep_all_their_digits(void** state) {
  (void)state;
  const int64_t values[] = {0, -1, 9007199254740993, INT64_MAX, INT64_MIN};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; ++i) {
    dt_buffer buffer = {0};
    dt_json json = {.sink = dt_buffer_sink(&buffer)};
    dt_json_int(&json, NULL, values[i]);
    assert_int_equal(dt_json_finish(&json), DT_OK);
    json_t* root = parsed(&buffer);
    assert_true(json_integer_value(root) == values[i]);
    json_decref(root);
    dt_buffer_clear(&buffer);
  }
}

/* Written as key and as value, then read by another's parser. */
static void check_string(const char* value, const char* expected) {
  dt_buffer buffer = {0};
  dt_json json = {.sink = dt_buffer_sink(&buffer)};
  dt_json_begin_object(&json, NULL);
  dt_json_string(&json, value, value);
  dt_json_end_object(&json);
  assert_int_equal(dt_json_finish(&json), DT_OK);
  json_t* root = parsed(&buffer);
  const json_t* got = json_object_get(root, expected);
  assert_non_null(got);
  assert_string_equal(json_string_value(got), expected);
  json_decref(root);
  dt_buffer_clear(&buffer);
}

#define BAD "\xEF\xBF\xBD"

static void every_file_name_survives(void** state) {
  (void)state;
  const char* const good[] = {
      "", "plain", "\"quoted\"", "back\\slash", "/solidus", "tab\tline\nreturn\rfeed\fback\b",
      "\x01\x02\x1f\x7f", "caf\xC3\xA9", "\xE2\x99\xA9 = 120", "\xF0\x9F\xA5\x81",
      /* first and last character of each length, and around the surrogates */
      "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
      "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; ++i)
    check_string(good[i], good[i]);
}

static void bytes_that_are_no_text_are_marked(void** state) {
  (void)state;
  const struct {
    const char* value;
    const char* expected;
  } rows[] = {
      {"caf\xE9", "caf" BAD},                /* Latin-1 */
      {"\x80", BAD},                         /* a lone continuation */
      {"\xC0\xAF", BAD BAD},                 /* overlong */
      {"\xC1\xBF", BAD BAD},                 /* overlong */
      {"\xE0\x9F\xBF", BAD BAD BAD},         /* overlong */
      {"\xF0\x8F\xBF\xBF", BAD BAD BAD BAD}, /* overlong */
      {"\xED\xA0\x80", BAD BAD BAD},         /* a surrogate */
      {"\xF4\x90\x80\x80", BAD BAD BAD BAD}, /* past U+10FFFF */
      {"\xF5\x80\x80\x80", BAD BAD BAD BAD}, /* past U+10FFFF */
      {"\xFF\xFE", BAD BAD},                 /* never in UTF-8 */
      {"a\xE2\x99", "a" BAD BAD},            /* cut short */
      {"\xF0\x9F\xA5", BAD BAD BAD},         /* cut short */
      {"\xE2\x99\"", BAD BAD "\""},          /* cut short by a quote */
      {"\xC3\xC3\xA9", BAD "\xC3\xA9"},      /* bad, then good */
      {"\xF0\x9F\xC3\xA9\x81", BAD BAD "\xC3\xA9" BAD},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
    check_string(rows[i].value, rows[i].expected);
}

static void random_bytes_always_make_a_readable_file(void** state) {
  (void)state;
  printf("seed %u\n", SEED);
  dt_rng rng = dt_rng_seeded(SEED, 1);
  for (int round = 0; round < 5000; ++round) {
    char value[24] = {0};
    const uint32_t length = dt_rng_below(&rng, sizeof value);
    for (uint32_t i = 0; i < length; ++i) {
      /* Mostly lead and continuation bytes, so that near misses come up. */
      const uint32_t byte =
          dt_rng_below(&rng, 3) == 0 ? 1 + dt_rng_below(&rng, 127) : 128 + dt_rng_below(&rng, 128);
      value[i] = (char)byte;
    }
    dt_buffer buffer = {0};
    dt_json json = {.sink = dt_buffer_sink(&buffer)};
    dt_json_string(&json, NULL, value);
    assert_int_equal(dt_json_finish(&json), DT_OK);
    json_t* root = parsed(&buffer);
    /* Writing what was read changes nothing any more. */
    check_string(json_string_value(root), json_string_value(root));
    json_decref(root);
    dt_buffer_clear(&buffer);
  }
}

static void nesting_goes_as_deep_as_promised(void** state) {
  (void)state;
  dt_buffer buffer = {0};
  dt_json json = {.sink = dt_buffer_sink(&buffer)};
  dt_json_begin_object(&json, NULL);
  for (int depth = 1; depth < DT_JSON_DEPTH; ++depth) {
    if (depth % 2 == 1)
      dt_json_begin_array(&json, "in");
    else
      dt_json_begin_object(&json, NULL);
  }
  dt_json_int(&json, NULL, 7);
  for (int depth = DT_JSON_DEPTH - 1; depth >= 1; --depth) {
    if (depth % 2 == 1)
      dt_json_end_array(&json);
    else
      dt_json_end_object(&json);
  }
  dt_json_int(&json, "last", 8);
  dt_json_end_object(&json);
  assert_int_equal(dt_json_finish(&json), DT_OK);
  json_t* root = parsed(&buffer);
  json_t* at = root;
  for (int depth = 1; depth < DT_JSON_DEPTH; ++depth)
    at = depth % 2 == 1 ? json_object_get(at, "in") : json_array_get(at, 0);
  assert_int_equal(json_integer_value(json_array_get(at, 0)), 7);
  assert_int_equal(json_integer_value(json_object_get(root, "last")), 8);
  json_decref(root);
  dt_buffer_clear(&buffer);
}

typedef struct short_disk {
  size_t left;
  size_t refusals;
} short_disk;

static dt_status write_until_full(void* ctx, const void* bytes, size_t size) {
  (void)bytes;
  short_disk* disk = ctx;
  if (size > disk->left) {
    ++disk->refusals;
    return DT_IO;
  }
  disk->left -= size;
  return DT_OK;
}

static void a_full_disk_is_reported_wherever_it_fills(void** state) {
  (void)state;
  const size_t whole = strlen("{\n  \"a\": [\n    1,\n    \"x\\n\"\n  ]\n}\n");
  for (size_t left = 0; left <= whole; ++left) {
    short_disk disk = {left, 0};
    dt_json json = {.sink = {write_until_full, &disk}};
    dt_json_begin_object(&json, NULL);
    dt_json_begin_array(&json, "a");
    dt_json_int(&json, NULL, 1);
    dt_json_string(&json, NULL, "x\n");
    dt_json_end_array(&json);
    dt_json_end_object(&json);
    assert_int_equal(dt_json_finish(&json), left == whole ? DT_OK : DT_IO);
    assert_int_equal(disk.refusals, left == whole ? 0 : 1); /* not asked again */
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_bytes_are_these),
      cmocka_unit_test(compact_bytes_have_nothing_between),
      cmocka_unit_test(numbers_are_the_same_everywhere),
      cmocka_unit_test(the_largest_numbers_fit),
      cmocka_unit_test(a_decimal_comma_never_gets_into_a_file),
      cmocka_unit_test(a_german_desktop_writes_the_same_file),
      cmocka_unit_test(integers_keep_all_their_digits),
      cmocka_unit_test(every_file_name_survives),
      cmocka_unit_test(bytes_that_are_no_text_are_marked),
      cmocka_unit_test(random_bytes_always_make_a_readable_file),
      cmocka_unit_test(nesting_goes_as_deep_as_promised),
      cmocka_unit_test(a_full_disk_is_reported_wherever_it_fills),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
