#include "live_watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NEAR_FRAMES 960

double live_resident_mib(void) {
  long pages = 0;
  char text[128] = "";
  FILE* file = fopen("/proc/self/statm", "r");
  if (!file)
    return (double)NAN;
  if (fgets(text, sizeof text, file)) {
    char* second = strchr(text, ' ');
    pages = second ? strtol(second, NULL, 10) : 0;
  }
  fclose(file);
  return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1048576;
}

void live_make_resident(void* memory, size_t size) {
  volatile char* bytes = memory;
  for (size_t i = 0; i < size; i += 1024)
    bytes[i] = bytes[i];
}

static void mark(live_watch* watch, const dt_port_state* now) {
  const live_mark* last = watch->count > 0 ? &watch->marks[watch->count - 1] : NULL;
  if (last && last->offset == now->device_offset && last->gap_frames == now->gap_frames)
    return;
  if (!last)
    watch->first = *now;
  if (watch->count == LIVE_MARKS_MAX)
    watch->marks_lost++;
  else
    watch->marks[watch->count++] = (live_mark){now->position, now->device_offset, now->gap_frames};
}

static void row(live_watch* watch, int minute, const dt_port_state* now) {
  const dt_session_state seen = dt_session_look(watch->session);
  watch->last_mib = live_resident_mib();
  if (minute == 1)
    watch->first_mib = watch->last_mib;
  watch->most_mib = fmax(watch->most_mib, watch->last_mib);
  if (!watch->rows)
    return;
  fprintf(watch->rows, "| %d | %llu | %d | %llu | %lld | %lld | %lld | %llu | %llu | %.2f |\n",
          minute, (unsigned long long)(now->xruns - watch->xruns_before),
          atomic_load(watch->peer_xruns) - watch->peer_xruns_before, (unsigned long long)now->gaps,
          (long long)now->gap_frames, (long long)now->by_clock_frames, (long long)now->ahead_frames,
          (unsigned long long)now->late,
          (unsigned long long)(seen.lost_blocks + seen.lost_midi + seen.refused_commands +
                               now->midi_in_dropped),
          watch->last_mib);
  fflush(watch->rows);
}

static void* run(void* context) {
  live_watch* watch = context;
  struct timespec begun;
  clock_gettime(CLOCK_MONOTONIC, &begun);
  int minute = 0;
  while (!atomic_load(&watch->stop)) {
    const struct timespec pause = {.tv_nsec = 1000000};
    nanosleep(&pause, NULL);
    dt_port_state now;
    dt_port_look(watch->port, &now);
    if (now.blocks == 0)
      continue;
    mark(watch, &now);
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    if ((at.tv_sec - begun.tv_sec) / 60 > minute)
      row(watch, ++minute, &now);
  }
  return NULL;
}

bool live_watch_begin(live_watch* watch) {
  dt_port_state now;
  dt_port_look(watch->port, &now);
  watch->xruns_before = now.xruns;
  watch->peer_xruns_before = atomic_load(watch->peer_xruns);
  const size_t size = LIVE_MARKS_MAX * sizeof *watch->marks;
  watch->marks = malloc(size);
  if (!watch->marks)
    return false;
  live_make_resident(watch->marks, size);
  if (watch->rows)
    fprintf(
        watch->rows,
        "| minute | xruns | as the other client saw | gaps | frames in gaps | told by the clock "
        "alone | position ahead of the counter | late callbacks | lost in queues | resident, "
        "MiB |\n|---|---|---|---|---|---|---|---|---|---|\n");
  return pthread_create(&watch->thread, NULL, run, watch) == 0;
}

void live_watch_end(live_watch* watch) {
  atomic_store(&watch->stop, true);
  pthread_join(watch->thread, NULL);
}

void live_watch_free(live_watch* watch) {
  free(watch->marks);
  watch->marks = NULL;
}

static int mark_at(const live_watch* watch, double position) {
  int low = 0;
  int high = watch->count;
  while (low < high) {
    const int middle = (low + high) / 2;
    if ((double)watch->marks[middle].position <= position)
      low = middle + 1;
    else
      high = middle;
  }
  return low - 1; /* the last that is not after it; -1: none */
}

dt_frame live_server_frame(const live_watch* watch, double position, dt_frame wanted) {
  const int last = mark_at(watch, position + NEAR_FRAMES);
  dt_frame best = llround(position);
  bool has_best = false;
  for (int i = last < 0 ? 0 : last; i >= 0 && i < watch->count; i--) {
    const dt_frame frame = llround(position) + watch->marks[i].offset;
    if (!has_best || llabs(frame - wanted) < llabs(best - wanted))
      best = frame;
    has_best = true;
    if ((double)watch->marks[i].position < position - NEAR_FRAMES)
      break;
  }
  return best;
}

bool live_is_in_gap(const live_watch* watch, dt_frame server_frame) {
  for (int i = 1; i < watch->count; i++) {
    const live_mark* before = &watch->marks[i - 1];
    const live_mark* after = &watch->marks[i];
    if (after->gap_frames == before->gap_frames)
      continue;
    const dt_frame lost = after->gap_frames - before->gap_frames;
    const dt_frame until = after->position + after->offset;
    if (server_frame >= until - lost - NEAR_FRAMES && server_frame <= until)
      return true;
  }
  return false;
}
