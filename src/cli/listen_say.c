#include <stdio.h>
#include <string.h>

#include "listen.h"
#include "terminal.h"

static double share_done(const dt__listen_list* list, double* heard_s) {
  double done = 0;
  double all = 0;
  *heard_s = 0;
  for (size_t i = 0; i < list->count; ++i) {
    const dt__listen_job* job = &list->jobs[i];
    all += job->weight;
    done += job->weight * (job->is_done ? 1 : job->part_done);
    *heard_s += job->heard_s;
  }
  return all > 0 ? done / all : 0;
}

static void length_text(char* text, size_t size, double length_s) {
  const long seconds = length_s < 1e9 ? (long)length_s : 999999999L;
  if (seconds < 60)
    snprintf(text, size, "%ld s", seconds);
  else if (seconds < 3600)
    snprintf(text, size, "%ld min %02ld s", seconds / 60, seconds % 60);
  else
    snprintf(text, size, "%ld h %02ld min", seconds / 3600, seconds / 60 % 60);
}

/* "Listening  12 of 64 files   38 %  214 x real time  1 min 12 s left" */
void dt__listen_show(const dt__listen_list* list, size_t done, dt__progress* progress) {
  char files[48] = "";
  char left[40] = "";
  char line[160];
  double heard_s = 0;
  const double elapsed_s = dt__progress_seconds(progress);
  const double share = share_done(list, &heard_s);
  if (!progress->enabled || elapsed_s <= 1)
    return;
  if (list->count > 1)
    snprintf(files, sizeof files, "  %zu of %zu files", done, list->count);
  if (share > 0.01) {
    length_text(left, sizeof left - 8, elapsed_s * (1 - share) / share + 1);
    strcat(left, " left");
  }
  snprintf(line, sizeof line, "Listening%s  %3.0f %%  %.0f x real time  %s", files, 100 * share,
           heard_s / elapsed_s, left);
  line[79] = '\0';
  dt__progress_say(progress, line);
}

/* Not dt__world_error: a stop is told once, at the end. */
void dt__listen_complain(const dt__listen_job* job) {
  const char* culprit = job->is_output_at_fault && job->output ? job->output : job->input;
  dt__complain("%s: %s", strcmp(culprit, "-") == 0 ? "standard input" : culprit,
               job->err.sentence[0] ? job->err.sentence : dt_status_sentence(job->status));
}

typedef struct summary {
  size_t written;
  size_t failed;
  size_t left;
  size_t made;
  double heard_s;
  const char* first_left;
} summary;

static summary sum_up(const dt__listen_list* list) {
  summary all = {0};
  for (size_t i = list->count; i-- > 0;) {
    const dt__listen_job* job = &list->jobs[i];
    if (job->is_left) {
      ++all.left;
      all.first_left = job->output;
    } else if (job->is_done && job->status == DT_OK) {
      ++all.written;
      all.made += job->made_count;
      all.heard_s += job->heard_s;
    } else {
      ++all.failed;
    }
  }
  return all;
}

static int say_stopped(const summary* all, size_t count) {
  if (count == 1)
    return dt__stopped_status();
  dt__complain("stopped; %zu of %zu files are written, nothing unfinished was kept", all->written,
               count);
  return dt__stop_number();
}

int dt__listen_end(const dt__listen_list* list, const char* counted, bool was_stopped,
                   double elapsed_s, const dt__globals* globals) {
  const summary all = sum_up(list);
  const size_t count = list->count;
  char length[40];
  length_text(length, sizeof length, all.heard_s);
  if (was_stopped && all.written + all.left < count)
    return say_stopped(&all, count);
  if (count > 1 && all.written > 0)
    dt__note(globals, "%zu %s%s in %zu file%s, %s, %.0f x real time", all.made, counted,
             all.made == 1 ? "" : "s", all.written, all.written == 1 ? "" : "s", length,
             all.heard_s / elapsed_s);
  if (count == 1 && all.left > 0)
    dt__complain("%s: It is there already; --force replaces it", all.first_left);
  else if (all.left > 0)
    dt__complain("%zu of %zu outputs were there already and stay as they are (%s%s); --force "
                 "replaces them",
                 all.left, count, all.first_left, all.left > 1 ? ", ..." : "");
  if (count > 1 && all.failed > 0)
    dt__complain("%zu of %zu files failed", all.failed, count);
  return all.failed + all.left > 0 ? DT__FAILED : DT__DONE;
}
