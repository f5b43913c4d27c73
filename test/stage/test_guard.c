#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "guard.h"
#include "head.h"
#include "pairing.h"

static void only_our_own_address_is_a_host(void** state) {
  (void)state;
  assert_true(dt__guard_host("127.0.0.1:8700", "127.0.0.1", 8700));
  assert_true(dt__guard_host("LocalHost:8700", "127.0.0.1", 8700));
  assert_true(dt__guard_host("192.168.1.7:8700", "192.168.1.7", 8700));
  assert_true(dt__guard_host("[fe80::1]:8700", "fe80::1", 8700));
  static const char* const others[] = {"",
                                       "127.0.0.1",
                                       "127.0.0.1:8701",
                                       "evil.example:8700",
                                       "127.0.0.1:8700.evil.example",
                                       "127.0.0.1:08700",
                                       " 127.0.0.1:8700",
                                       "127.0.0.1:8700 "};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    assert_false(dt__guard_host(others[i], "127.0.0.1", 8700));
  assert_false(dt__guard_host("localhost:8700", "192.168.1.7", 8700));
  assert_false(dt__guard_host("127.0.0.1:8700", "192.168.1.7", 8700));
}

static void only_our_own_page_is_an_origin(void** state) {
  (void)state;
  assert_true(dt__guard_origin("http://127.0.0.1:8700", "127.0.0.1:8700"));
  assert_false(dt__guard_origin("https://127.0.0.1:8700", "127.0.0.1:8700"));
  assert_false(dt__guard_origin("null", "127.0.0.1:8700"));
  assert_false(dt__guard_origin("", "127.0.0.1:8700"));
  assert_false(dt__guard_origin("http://127.0.0.1:8700.evil.example", "127.0.0.1:8700"));
  assert_false(dt__guard_site("cross-site"));
  assert_false(dt__guard_site("same-site"));
  assert_true(dt__guard_site("same-origin"));
}

static void a_token_is_all_of_it(void** state) {
  (void)state;
  assert_true(dt__guard_same("abc", "abc"));
  assert_false(dt__guard_same("abd", "abc"));
  assert_false(dt__guard_same("ab", "abc"));
  assert_false(dt__guard_same("abcd", "abc"));
  assert_false(dt__guard_same("", ""));
  assert_false(dt__guard_same("", "abc"));
  char one[DT__TOKEN_SIZE];
  char other[DT__TOKEN_SIZE];
  assert_true(dt__guard_random(one, sizeof one));
  assert_true(dt__guard_random(other, sizeof other));
  assert_int_equal(strlen(one), DT__TOKEN_SIZE - 1);
  assert_string_not_equal(one, other);
}

static void a_cookie_is_there_once(void** state) {
  (void)state;
  char value[8];
  assert_true(dt__guard_cookie("a=1; dt=abc; b=2", "dt", value, sizeof value));
  assert_string_equal(value, "abc");
  assert_true(dt__guard_cookie("dt=abc ", "dt", value, sizeof value));
  assert_string_equal(value, "abc");
  assert_false(dt__guard_cookie("xdt=abc", "dt", value, sizeof value));
  assert_false(dt__guard_cookie("dt=abc; dt=abd", "dt", value, sizeof value));
  assert_false(dt__guard_cookie("dt=longer than that", "dt", value, sizeof value));
  assert_false(dt__guard_cookie(";;;=;", "dt", value, sizeof value));
}

static void no_path_leads_out(void** state) {
  (void)state;
  static const char* const good[] = {"/", "/a", "/a/b.c", "/a..b", "/.well-known", "/\xC3\xA4"};
  static const char* const bad[] = {
      "",       "a",     "//",    "/a//b", "/a/",   "/.",        "/..",    "/a/..",        "/../a",
      "/a/./b", "/a\\b", "/a\nb", "/\x7F", "/\xFF", "/\xC0\xAE", "/a/../", "/\xED\xA0\x80"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    if (!dt__guard_path(good[i]))
      fail_msg("%s is a path", good[i]);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    if (dt__guard_path(bad[i]))
      fail_msg("%s is no path", bad[i]);
}

static void escapes_are_read_once(void** state) {
  (void)state;
  char text[16];
  assert_true(dt__guard_decode("a%20b+c", 7, false, text, sizeof text));
  assert_string_equal(text, "a b+c");
  assert_true(dt__guard_decode("a%20b+c", 7, true, text, sizeof text));
  assert_string_equal(text, "a b c");
  assert_true(dt__guard_decode("%2541", 5, true, text, sizeof text));
  assert_string_equal(text, "%41");
  static const char* const bad[] = {"%",   "%4", "%zz", "%00",
                                    "%ff", "a%", "a%4", "0123456789abcdef"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(dt__guard_decode(bad[i], strlen(bad[i]), true, text, sizeof text));
  assert_true(dt__guard_field("chart=a%26b&limit=5", "chart", text, sizeof text));
  assert_string_equal(text, "a&b");
  assert_true(dt__guard_field("chart=a%26b&limit=5", "limit", text, sizeof text));
  assert_string_equal(text, "5");
  assert_false(dt__guard_field("xlimit=5&limit", "limit", text, sizeof text));
  assert_false(dt__guard_field("", "limit", text, sizeof text));
}

static void ranges_stay_in_the_file(void** state) {
  (void)state;
  uint64_t first = 0;
  uint64_t count = 0;
  bool is_bad = false;
  assert_true(dt__guard_range("bytes=0-0", 10, &first, &count, &is_bad));
  assert_int_equal(first, 0);
  assert_int_equal(count, 1);
  assert_true(dt__guard_range("bytes=4-", 10, &first, &count, &is_bad));
  assert_int_equal(first, 4);
  assert_int_equal(count, 6);
  assert_true(dt__guard_range("bytes=4-99", 10, &first, &count, &is_bad));
  assert_int_equal(count, 6);
  assert_true(dt__guard_range("bytes=-3", 10, &first, &count, &is_bad));
  assert_int_equal(first, 7);
  assert_int_equal(count, 3);
  assert_true(dt__guard_range("bytes=-30", 10, &first, &count, &is_bad));
  assert_int_equal(count, 10);
  assert_false(dt__guard_range("bytes=10-", 10, &first, &count, &is_bad));
  assert_true(is_bad);
  assert_false(dt__guard_range("bytes=0-", 0, &first, &count, &is_bad));
  assert_true(is_bad);
  static const char* const whole[] = {"",
                                      "bytes=",
                                      "bytes=a-b",
                                      "bytes=5-4",
                                      "bytes=0-1,3-4",
                                      "lines=0-1",
                                      "bytes=-",
                                      "bytes=99999999999999999999-"};
  for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
    assert_false(dt__guard_range(whole[i], 10, &first, &count, &is_bad));
    assert_false(is_bad);
  }
}

static void a_bucket_fills_with_time(void** state) {
  (void)state;
  dt__bucket bucket = {0};
  for (int i = 0; i < 3; i++)
    assert_true(dt__bucket_take(&bucket, 1, 3, 1000000));
  assert_false(dt__bucket_take(&bucket, 1, 3, 1000000));
  assert_true(dt__bucket_take(&bucket, 1, 3, 2100000));
  assert_false(dt__bucket_take(&bucket, 1, 3, 2100000));
}

static void a_code_lets_one_device_in(void** state) {
  (void)state;
  static dt__pairing pairing;
  int wait_s = 0;
  char code[7];
  assert_true(dt__pairing_begin(&pairing));
  assert_null(dt__pairing_pair(&pairing, "", 0));
  snprintf(code, sizeof code, "%s", dt__pairing_show(&pairing, 0, &wait_s));
  assert_int_equal(strspn(code, "0123456789"), 6);
  const char* token = dt__pairing_pair(&pairing, code, 1);
  assert_non_null(token);
  assert_int_equal(dt__pairing_who(&pairing, token), DT__PAIRED);
  assert_int_equal(dt__pairing_who(&pairing, pairing.token), DT__OWNER);
  assert_int_equal(dt__pairing_who(&pairing, ""), DT__STRANGER);
  assert_null(dt__pairing_pair(&pairing, code, 2));
  snprintf(code, sizeof code, "%s", dt__pairing_show(&pairing, 0, &wait_s));
  assert_null(dt__pairing_pair(&pairing, code, (int64_t)DT__CODE_S * 1000000));
}

static void five_wrong_codes_end_it_for_a_minute(void** state) {
  (void)state;
  static dt__pairing pairing;
  int wait_s = 0;
  char code[7];
  assert_true(dt__pairing_begin(&pairing));
  snprintf(code, sizeof code, "%s", dt__pairing_show(&pairing, 0, &wait_s));
  for (int i = 0; i < DT__WRONG_MAX; i++)
    assert_null(dt__pairing_pair(&pairing, "abcdef", 0));
  assert_null(dt__pairing_pair(&pairing, code, 0));
  assert_string_equal(dt__pairing_show(&pairing, 1000000, &wait_s), "");
  assert_int_equal(wait_s, DT__CODE_WAIT - 1);
  assert_string_not_equal(dt__pairing_show(&pairing, (int64_t)DT__CODE_WAIT * 1000000, &wait_s),
                          "");
}

static void the_browsers_token_is_for_once(void** state) {
  (void)state;
  static dt__pairing pairing;
  char token[DT__TOKEN_SIZE];
  assert_true(dt__pairing_begin(&pairing));
  assert_false(dt__pairing_use_once(&pairing, "", 0));
  snprintf(token, sizeof token, "%s", dt__pairing_once(&pairing, 0));
  assert_true(dt__pairing_use_once(&pairing, token, 1));
  assert_false(dt__pairing_use_once(&pairing, token, 2));
  snprintf(token, sizeof token, "%s", dt__pairing_once(&pairing, 0));
  assert_false(dt__pairing_use_once(&pairing, token, (int64_t)DT__ONCE_S * 1000000));
}

static dt__head head;

static int status_of(const char* text) {
  int status = 0;
  const long used = dt__head_read(&head, text, strlen(text), &status);
  if (used > 0)
    assert_int_equal(used, strlen(text));
  return used < 0 ? status : used > 0 ? 200 : 0;
}

static void a_head_is_read_in_one_way(void** state) {
  (void)state;
  assert_int_equal(status_of("GET /a%20b?c=d%20e HTTP/1.1\r\nHOST: h\r\nCookie:  x=1 \t\r\n\r\n"),
                   200);
  assert_string_equal(head.method, "GET");
  assert_string_equal(head.path, "/a b");
  assert_string_equal(head.query, "c=d%20e");
  assert_string_equal(head.headers[DT__HEADER_HOST], "h");
  assert_string_equal(head.headers[DT__HEADER_COOKIE], "x=1");
  assert_string_equal(head.headers[DT__HEADER_ORIGIN], "");
  assert_false(head.closes);
  assert_int_equal(status_of("POST / HTTP/1.0\r\nHost: h\r\nContent-Length: 7\r\n\r\n"), 200);
  assert_true(head.closes);
  assert_int_equal(head.length, 7);
  assert_int_equal(status_of("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n"), 200);
  assert_true(head.closes);
  assert_int_equal(status_of("GET / HTTP/1.1\r\nHost: h\r\n"), 0);
  assert_int_equal(status_of("GET / HTTP/1.1\r\nHost: h\r"), 0);
}

static void a_doubtful_head_is_refused(void** state) {
  (void)state;
  static const struct {
    int status;
    const char* text;
  } cases[] = {
      {400, "GET / HTTP/1.1\nHost: h\n\n"},
      {400, "GET / HTTP/1.1\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost : h\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: h\r\n X: y\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: \r\n\r\n"},
      {501, "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n"},
      {505, "GET / HTTP/3.0\r\nHost: h\r\n\r\n"},
      {400, "GET / NONSENSE\r\nHost: h\r\n\r\n"},
      {400, "GET /%2fetc HTTP/1.1\r\nHost: h\r\n\r\n"},
      {400, "GET /%5Cetc HTTP/1.1\r\nHost: h\r\n\r\n"},
      {400, "GET /.. HTTP/1.1\r\nHost: h\r\n\r\n"},
      {400, "GET /%2e%2E HTTP/1.1\r\nHost: h\r\n\r\n"},
      {400, "GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n"},
      {400, "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"},
      {400, "G\x01T / HTTP/1.1"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    if (status_of(cases[i].text) != cases[i].status)
      fail_msg("%s: %d", cases[i].text, status_of(cases[i].text));
  static char text[DT__HEAD_MAX + 100];
  memset(text, 'a', sizeof text - 1);
  memcpy(text, "GET /", 5);
  assert_int_equal(status_of(text), 431);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(only_our_own_address_is_a_host),
      cmocka_unit_test(only_our_own_page_is_an_origin),
      cmocka_unit_test(a_token_is_all_of_it),
      cmocka_unit_test(a_cookie_is_there_once),
      cmocka_unit_test(no_path_leads_out),
      cmocka_unit_test(escapes_are_read_once),
      cmocka_unit_test(ranges_stay_in_the_file),
      cmocka_unit_test(a_bucket_fills_with_time),
      cmocka_unit_test(a_code_lets_one_device_in),
      cmocka_unit_test(five_wrong_codes_end_it_for_a_minute),
      cmocka_unit_test(the_browsers_token_is_for_once),
      cmocka_unit_test(a_head_is_read_in_one_way),
      cmocka_unit_test(a_doubtful_head_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
