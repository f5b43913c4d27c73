#include "feed.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "messages.h"

#define COUNT_MAX ((uint64_t)1 << 16) /* of messages kept */
#define HEAD_MAX  64

typedef struct message {
  char* fields;
  size_t size;
  uint64_t end; /* bytes of all messages up to and with this one */
} message;

struct dt__feed {
  pthread_mutex_t lock;
  void (*wake)(void* context);
  void* context;
  message* messages; /* seq n is at n % COUNT_MAX */
  uint64_t oldest;
  uint64_t newest;
  uint64_t bytes; /* of all so far */
  size_t kept;    /* bytes of those kept */
  uint64_t lost;  /* put while there was no memory */
};

dt__feed* dt__feed_new(void (*wake)(void* context), void* context) {
  dt__feed* feed = calloc(1, sizeof *feed);
  message* messages = feed ? calloc(COUNT_MAX, sizeof *messages) : NULL;
  if (!messages || pthread_mutex_init(&feed->lock, NULL) != 0) {
    free(messages);
    free(feed);
    return NULL;
  }
  feed->messages = messages;
  feed->wake = wake;
  feed->context = context;
  feed->oldest = 1;
  return feed;
}

void dt__feed_free(dt__feed* feed) {
  if (!feed)
    return;
  for (uint64_t seq = feed->oldest; seq <= feed->newest; seq++)
    free(feed->messages[seq % COUNT_MAX].fields);
  free(feed->messages);
  pthread_mutex_destroy(&feed->lock);
  free(feed);
}

static void drop_oldest(dt__feed* feed) {
  message* gone = &feed->messages[feed->oldest++ % COUNT_MAX];
  feed->kept -= gone->size;
  free(gone->fields);
  gone->fields = NULL;
}

void dt__feed_put(dt__feed* feed, const char* fields, size_t size) {
  char* copy = malloc(size ? size : 1);
  if (copy)
    memcpy(copy, fields, size);
  pthread_mutex_lock(&feed->lock);
  if (copy) {
    while (feed->oldest <= feed->newest &&
           (feed->kept + size > DT__FEED_BYTES || feed->newest - feed->oldest + 1 >= COUNT_MAX))
      drop_oldest(feed);
    feed->kept += size;
    feed->bytes += size;
    feed->messages[++feed->newest % COUNT_MAX] = (message){copy, size, feed->bytes};
  } else
    feed->lost++;
  pthread_mutex_unlock(&feed->lock);
  if (feed->wake)
    feed->wake(feed->context);
}

uint64_t dt__feed_newest(dt__feed* feed) {
  pthread_mutex_lock(&feed->lock);
  const uint64_t newest = feed->newest;
  pthread_mutex_unlock(&feed->lock);
  return newest;
}

uint64_t dt__feed_oldest(dt__feed* feed) {
  pthread_mutex_lock(&feed->lock);
  const uint64_t oldest = feed->oldest;
  pthread_mutex_unlock(&feed->lock);
  return oldest;
}

uint64_t dt__feed_lost(dt__feed* feed) {
  pthread_mutex_lock(&feed->lock);
  const uint64_t lost = feed->lost;
  pthread_mutex_unlock(&feed->lock);
  return lost;
}

static bool is_kept(const dt__feed* feed, uint64_t seq) {
  return seq >= feed->oldest && seq <= feed->newest;
}

bool dt__feed_after(dt__feed* feed, uint64_t seq, uint64_t* bytes) {
  pthread_mutex_lock(&feed->lock);
  const bool is_whole = seq <= feed->newest && seq + 1 >= feed->oldest;
  *bytes = 0;
  if (is_kept(feed, seq + 1)) {
    const message* next = &feed->messages[(seq + 1) % COUNT_MAX];
    *bytes = feed->bytes - next->end + next->size;
  }
  pthread_mutex_unlock(&feed->lock);
  return is_whole;
}

static bool append(dt_buffer* frame, const char* bytes, size_t size) {
  return dt_sink_write(dt_buffer_sink(frame), bytes, size) == DT_OK;
}

bool dt__feed_get(dt__feed* feed, uint64_t seq, dt_buffer* frame) {
  char head[HEAD_MAX];
  frame->size = 0;
  snprintf(head, sizeof head, "{\"v\":%d,\"seq\":%" PRIu64 ",", DT__MSG_VERSION, seq);
  pthread_mutex_lock(&feed->lock);
  const message* at = &feed->messages[seq % COUNT_MAX];
  const bool is_whole = is_kept(feed, seq) && append(frame, head, strlen(head)) &&
                        append(frame, at->fields, at->size) && append(frame, "}", 1);
  pthread_mutex_unlock(&feed->lock);
  if (!is_whole)
    frame->size = 0;
  return is_whole;
}
