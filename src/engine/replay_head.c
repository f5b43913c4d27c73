#include "journal.h"
#include "scan.h"

#include <string.h>

static bool whole_line(const char** at, const char* word, int64_t low, int64_t high,
                       int64_t* value) {
  return dt__scan_word(at, word) && dt__scan_whole(at, low, high, value) && dt__scan_line(at);
}

static bool real_line(const char** at, const char* word, double low, double high, double* value) {
  return dt__scan_word(at, word) && dt__scan_real(at, low, high, value) && dt__scan_line(at);
}

static bool sync_line(const char** at, dt_leader_sync* sync) {
  for (dt_leader_sync s = DT_SYNC_NONE; s < DT_SYNC_COUNT; s++) {
    if (!dt__scan_word(at, dt_leader_sync_name(s)))
      continue;
    *sync = s;
    return dt__scan_line(at);
  }
  return false;
}

bool dt__journal_head_parse(const char* text, dt__journal_head* head, bool* has_kit_map) {
  const int64_t most = (int64_t)1 << 53;
  const char* at = text;
  int64_t version = 0;
  int64_t rate_hz = 0;
  int64_t sound = 0;
  int64_t no_rest = 0;
  *has_kit_map = false;
  if (!dt__scan_word(&at, "doubletime") || !whole_line(&at, "session", 1, 1, &version) ||
      !whole_line(&at, "rate", 8000, 192000, &rate_hz) || !whole_line(&at, "sound", 0, 1, &sound) ||
      !real_line(&at, "jitter_s", 0, 1, &head->jitter_s) ||
      !whole_line(&at, "latency_frames", -most, most, &head->latency_frames) ||
      !dt__scan_word(&at, "seed") || !dt__scan_seed(&at, &head->seed) || !dt__scan_line(&at) ||
      !whole_line(&at, "today", -most, most, &head->today) ||
      !whole_line(&at, "no_rest", 0, 1, &no_rest) || !dt__scan_word(&at, "kit") ||
      !dt__scan_name(&at, head->kit, sizeof head->kit) || !dt__scan_line(&at))
    return false;
  head->rate_hz = (int)rate_hz;
  head->sound = sound != 0;
  head->no_rest = no_rest != 0;
  if (strcmp(head->kit, "-") == 0)
    head->kit[0] = '\0';
  if (dt__scan_word(&at, "kit_map")) {
    *has_kit_map = true;
    if (!dt__scan_word(&at, "kit.txt") || !dt__scan_line(&at))
      return false;
  }
  if (dt__scan_word(&at, "sync") && !sync_line(&at, &head->sync))
    return false;
  if (dt__scan_word(&at, "band")) {
    head->has_band = true;
    if (!dt__scan_word(&at, "band.mid") || !dt__scan_line(&at))
      return false;
  }
  return dt__scan_end(&at);
}
