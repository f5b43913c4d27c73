#include "now.h"

#include <stdlib.h>
#include <string.h>

#include "messages.h"

/* What a message ends, as bits of types; its own type is a bit too where only the last one holds.
 */
typedef struct rule {
  const char* type;
  unsigned bit;
  unsigned ends;
} rule;

enum {
  SESSION = 1,
  TAKE = 2,
  BAR = 4,
  STOP = 8,
  JUDGED = 16,
  LADDER = 32,
  WAIT = 64, /* rest, pause */
  DEVICE = 128,
  DONE = 256,
  CALIBRATE = 512,
  PAD = 1024, /* what was found of an e-kit, pad by pad */
  TROUBLE = 2048
};
#define OF_TAKE (TAKE | BAR | STOP | JUDGED | WAIT)

static const rule rules[] = {
    {"session", SESSION, SESSION},
    {"take", TAKE, OF_TAKE},
    {"bar", BAR, 0},
    {"stop", STOP, STOP},
    {"judged", JUDGED, JUDGED | WAIT},
    {"ladder", LADDER, LADDER},
    {"rest", WAIT, WAIT},
    {"pause", WAIT, WAIT},
    {"device", DEVICE, DEVICE},
    {"done", DONE, DONE | WAIT},
    {"calibrate", CALIBRATE, CALIBRATE},
    {"pad", PAD, 0},
    {"pad_delay", PAD, 0},
    {"trouble", TROUBLE, TROUBLE},
};

typedef struct held {
  unsigned bit;
  uint64_t seq;
  dt_buffer frame; /* as the feed gave it */
} held;

struct dt__now {
  held* items;
  size_t count;
  size_t room;
  uint64_t seq;
  bool is_running;
  bool is_learning; /* pads are being asked for */
};

dt__now* dt__now_new(void) {
  return calloc(1, sizeof(dt__now));
}

void dt__now_free(dt__now* now) {
  if (!now)
    return;
  for (size_t i = 0; i < now->count; i++)
    dt_buffer_clear(&now->items[i].frame);
  free(now->items);
  free(now);
}

static void forget(dt__now* now, unsigned bits) {
  size_t kept = 0;
  for (size_t i = 0; i < now->count; i++) {
    if (now->items[i].bit & bits)
      dt_buffer_clear(&now->items[i].frame);
    else
      now->items[kept++] = now->items[i];
  }
  now->count = kept;
}

/* Where the fields begin: behind {"v":1,"seq":N, */
static const char* fields_of(const dt_buffer* frame, size_t* size) {
  const char* text = (const char*)frame->bytes;
  const char* end = text + frame->size;
  const char* at = memchr(text, ',', frame->size);
  at = at ? memchr(at + 1, ',', (size_t)(end - at - 1)) : NULL;
  *size = at ? (size_t)(end - at - 1) : 0;
  return at ? at + 1 : NULL;
}

/* `"type":"NAME"` with what follows it. */
static bool is_type(const char* fields, size_t size, const char* name) {
  const size_t length = strlen(name);
  return size > length + 9 && memcmp(fields, "\"type\":\"", 8) == 0 &&
         memcmp(fields + 8, name, length) == 0 && fields[8 + length] == '"';
}

static bool has(const char* fields, size_t size, const char* text) {
  const size_t length = strlen(text);
  for (size_t i = 0; i + length <= size; i++)
    if (memcmp(fields + i, text, length) == 0)
      return true;
  return false;
}

static void hold(dt__now* now, unsigned bit, dt_buffer* frame) {
  if (now->count == now->room) {
    const size_t room = now->room ? 2 * now->room : 32;
    held* more = realloc(now->items, room * sizeof *more);
    if (!more) {
      dt_buffer_clear(frame);
      return;
    }
    now->items = more;
    now->room = room;
  }
  now->items[now->count++] = (held){bit, now->seq, *frame};
  *frame = (dt_buffer){0};
}

/* Of pads that are learned anew nothing is known yet. */
static unsigned ended_by_calibrate(dt__now* now, const char* fields, size_t size) {
  if (!has(fields, size, "\"what\":\"pads\""))
    return 0;
  const bool was_learning = now->is_learning;
  now->is_learning =
      !has(fields, size, "\"state\":\"done\"") && !has(fields, size, "\"state\":\"failed\"");
  return now->is_learning && !was_learning ? PAD : 0;
}

static void take_in(dt__now* now, dt_buffer* frame) {
  size_t size = 0;
  const char* fields = fields_of(frame, &size);
  for (size_t i = 0; fields && i < sizeof rules / sizeof *rules; i++) {
    if (!is_type(fields, size, rules[i].type))
      continue;
    unsigned ends = rules[i].ends;
    if (rules[i].bit == SESSION) {
      now->is_running = !has(fields, size, "\"state\":\"ended\"");
      if (has(fields, size, "\"state\":\"starting\""))
        ends |= OF_TAKE | LADDER | DONE | DEVICE | TROUBLE;
    }
    if (rules[i].bit == CALIBRATE)
      ends |= ended_by_calibrate(now, fields, size);
    forget(now, ends);
    hold(now, rules[i].bit, frame);
    return;
  }
}

void dt__now_follow(dt__now* now, dt__feed* feed) {
  const uint64_t newest = dt__feed_newest(feed);
  dt_buffer frame = {0};
  while (now->seq < newest) {
    now->seq++;
    if (dt__feed_get(feed, now->seq, &frame))
      take_in(now, &frame);
  }
  dt_buffer_clear(&frame);
}

uint64_t dt__now_seq(const dt__now* now) {
  return now->seq;
}

bool dt__now_is_running(const dt__now* now) {
  return now->is_running;
}

size_t dt__now_count(const dt__now* now) {
  return now->count;
}

bool dt__now_get(const dt__now* now, size_t index, uint64_t until, dt_buffer* frame) {
  size_t size = 0;
  frame->size = 0;
  if (index >= now->count || now->items[index].seq > until)
    return false;
  const char* fields = fields_of(&now->items[index].frame, &size);
  return dt_sink_printf(dt_buffer_sink(frame), "{\"v\":%d,", DT__MSG_VERSION) == DT_OK &&
         dt_sink_write(dt_buffer_sink(frame), fields, size) == DT_OK;
}
