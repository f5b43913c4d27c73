#ifndef DT_STAGE_GUARD_H
#define DT_STAGE_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Who may ask: what is checked of a request before anything of it is read. Functions of text, so
 * that each can be tested and fuzzed without a socket.
 */

#define DT__TOKEN_BYTES 16
#define DT__TOKEN_SIZE  (2 * DT__TOKEN_BYTES + 1) /* in hexadecimal, with its end */

/* Random bytes of the system in hexadecimal; size is odd. False where there are none. */
bool dt__guard_random(char* text, size_t size);

/* A code of six digits, each equally likely. */
bool dt__guard_code(char code[7]);

/* In a time that tells nothing about where they differ. */
bool dt__guard_same(const char* given, const char* secret);

/*
 * Is `host`, as the browser sent it, the address that the connection came in at? Only the address
 * itself counts ("192.168.1.7:8700", "[fe80::1]:8700"), and "localhost" on the loopback: a name
 * that somebody else's DNS points here (DNS rebinding) is never that.
 */
bool dt__guard_host(const char* host, const char* address, int port);

/* Is `origin` the page at that host? "null" and every other are not. */
bool dt__guard_origin(const char* origin, const char* host);

/* "same-origin", "none" (typed, or a bookmark) and "" (an old browser, or no browser). */
bool dt__guard_site(const char* sec_fetch_site);

/* The value of a cookie of a Cookie header into value[size]; false: not there, twice or too long.
 */
bool dt__guard_cookie(const char* cookies, const char* name, char* value, size_t size);

/* The token of "Bearer TOKEN". */
bool dt__guard_bearer(const char* authorization, char* value, size_t size);

/* Digits and nothing else, up to 2^53. */
bool dt__guard_length(const char* text, uint64_t* length);

/* A decoded path: begins with '/', is UTF-8 without control signs, backslashes, empty, "." or ".."
 * parts. */
bool dt__guard_path(const char* path);

/* Decodes %XX and, with is_query, '+'. False: a damaged escape, a NUL, no UTF-8, or no room. */
bool dt__guard_decode(const char* text, size_t length, bool is_query, char* decoded, size_t size);

/* The value of a field of an encoded query; false: not there, damaged or too long. */
bool dt__guard_field(const char* query, const char* name, char* value, size_t size);

/* A bucket that fills at `rate` a second up to `burst`: take one, or false. now_us never goes
 * back. Starts as {0}, full. */
typedef struct dt__bucket {
  double missing;
  int64_t at_us;
} dt__bucket;
bool dt__bucket_take(dt__bucket* bucket, double rate, double burst, int64_t now_us);

/* "bytes=FIRST-LAST" of a file of `size` bytes: *first and *count of what to send, true; false: the
 * whole (no range, several, or none that is understood). *is_bad: a range outside the file (416).
 */
bool dt__guard_range(const char* range, uint64_t size, uint64_t* first, uint64_t* count,
                     bool* is_bad);

#endif
